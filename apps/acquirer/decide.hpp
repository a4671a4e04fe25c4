/// What the host decides about a request. Pure: it changes nothing.
#pragma once

#include "book.hpp"

#include <ducat/iso8583/message.hpp>
#include <ducat/iso8583/mti.hpp>

#include <optional>
#include <string>

namespace ducat::acquirer {

/// Field 39 of answers.
namespace response {
constexpr const char* approved = "00";
constexpr const char* invalid_transaction = "12"; ///< A type or network code that is not known.
constexpr const char* invalid_amount = "13";      ///< Zero.
constexpr const char* no_action = "21";           ///< Its reversal came before it.
constexpr const char* format_error = "30";        ///< A field is missing.
constexpr const char* not_supported = "40";       ///< A reversal of a part.
constexpr const char* not_signed_on = "91";
constexpr const char* duplicate = "94"; ///< The same key with another content.
} // namespace response

/// One connection, as the host sees it.
struct session {
  bool is_signed_on = true;
};

struct decision {
  std::string code{};
  std::string approval_code{};   ///< Field 38; empty: none.
  std::optional<effect> done{};  ///< What it does that was not done before.
  bool is_known = false;         ///< The answer of a message that came before.
  std::optional<totals> sums{};  ///< Of a reconciliation.
  bool is_balanced = false;      ///< Of a reconciliation.
  std::optional<bool> sign_on{}; ///< What the session becomes.
};

/// Returns what is decided about `request`, whose type is `type` and wants an answer. A payment is
/// declined with `decline_code` unless that is empty or the payment is known already.
decision decide(const book& known, const session& from, const iso8583::message& request,
                const iso8583::mti& type, const std::string& decline_code);

} // namespace ducat::acquirer
