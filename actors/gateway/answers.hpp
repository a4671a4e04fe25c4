/// What a terminal is told. Pure.
#pragma once

#include "gateway/requests.hpp"

#include <ducat/iso8583/message.hpp>
#include <ducat/v1/machine.pb.h>

#include <cstdint>
#include <string>

namespace ducat::gateway {

/// What follows from an outcome: an answer, or another step first.
struct verdict {
  enum class kind : std::uint8_t {
    answer,
    take_back, ///< Nobody can tell the terminal: it must not be paid any more.
    capture,   ///< It was approved for less, which the terminal understands.
    silence,   ///< What is true cannot be told now: the terminal will ask again or reverse.
  };
  kind what = kind::answer;
  std::string code{};
  std::string approval_code{};
  std::int64_t amount = 0; ///< Of an approval for less, in minor units; 0: as asked.
  std::optional<v1::TerminalTotals> totals{}; ///< Of a reconciliation.

  friend bool operator==(const verdict& a, const verdict& b) {
    return a.what == b.what && a.code == b.code && a.approval_code == b.approval_code &&
           a.amount == b.amount;
  }
};

/// Returns what follows from what `done` has come to. Requires that it is known: an error in it is
/// a refusal, which has left no trace.
verdict verdict_on(request_kind done, const v1::Outcome& outcome, const terminal_profile& from);

/// The same after the payment was given up.
verdict verdict_on_given_up(const v1::Outcome& outcome, const terminal_profile& from);

/// Returns whether a terminal may hand out the goods, or has been heard.
bool is_approval(const verdict& says) noexcept;

/// Returns what is said instead of `says` of a payment that was taken back in between.
verdict verdict_on_taken_back(const verdict& says);

/// Returns the answer to `request` without what `verdict` says: its type, and what is echoed.
/// `request` wants an answer.
iso8583::message answer_to(const iso8583::message& request);

/// Returns `begun`, the answer to a request, with what `says` says.
iso8583::message completed(iso8583::message begun, const verdict& says);

/// Returns the answer with that response code.
iso8583::message refusal(const iso8583::message& request, const std::string& code);

} // namespace ducat::gateway
