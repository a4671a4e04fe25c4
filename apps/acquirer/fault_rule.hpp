/// A scripted fault: what goes wrong, and with which requests.
#pragma once

#include <ducat/error.hpp>
#include <ducat/iso8583/message.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::acquirer {

/// In the order in which they are listed in docs/acquirer.md. Names are in scripts and journals.
enum class fault_kind : std::uint8_t {
  drop_request,  ///< As if the request never came.
  drop_answer,   ///< It has its effect, and no answer.
  delay,         ///< The answer leaves later.
  duplicate,     ///< The answer leaves twice.
  garble,        ///< The answer cannot be read, or is for nobody.
  decline,       ///< The payment is declined.
  late_approval, ///< The payment is approved, and the answer leaves later.
  half_dead,     ///< Nothing but network management is answered, or has an effect.
  wrong_amount,  ///< The answer names another amount.
  disconnect,    ///< It has its effect, and the connection is closed instead of an answer.
};

/// What a garbled answer looks like.
enum class garbling : std::uint8_t {
  bitmap, ///< A bit of the bitmap is another one, so that it cannot be decoded.
  field,  ///< A byte of a field is another one, so that it cannot be decoded.
  length, ///< The length header says more than there is; the connection is of no use after it.
  stan,   ///< It can be read, and answers another STAN.
};

const std::vector<fault_kind>& all_fault_kinds();
std::string_view to_string(fault_kind kind) noexcept;
std::string_view to_string(garbling how) noexcept;

struct fault_rule {
  fault_kind kind = fault_kind::drop_answer;

  // How.
  std::chrono::milliseconds after{0}; ///< Of delay and late_approval.
  std::string code = "05";            ///< Of decline: field 39.
  garbling how = garbling::bitmap;
  std::uint64_t by = 1; ///< Of wrong_amount: minor units more.

  // When: all must hold.
  std::string mti{};      ///< Four digits, x for any; empty for all requests.
  std::string terminal{}; ///< Field 41, whole.
  std::string stan{};     ///< Field 11.
  std::string pan{};      ///< What field 2 begins with.
  std::uint64_t amount_min = 0;
  std::uint64_t amount_max = 999'999'999'999; ///< Field 4; without it a request has the amount 0.

  // How often, of those requests.
  std::uint32_t percent = 100;
  std::uint32_t every = 1; ///< The Nth, the 2Nth …
  std::uint64_t times = 0; ///< At most; 0: without end.

  friend bool operator==(const fault_rule&, const fault_rule&) = default;
};

/// Returns whether `request` is one of those that the rule is for.
bool matches(const fault_rule& rule, const iso8583::message& request);

/// Returns what is wrong with the rule; empty if it can be used.
std::string complaint_about(const fault_rule& rule);

/// Returns the rule that `text` says: KIND, or KIND:key=value,key=value with the keys of a script.
/// Errors: invalid_argument.
result<fault_rule> parse_fault(std::string_view text);

/// Returns the text that parse_fault() reads as `rule`.
std::string to_text(const fault_rule& rule);

} // namespace ducat::acquirer
