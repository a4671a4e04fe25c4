#include <ducat/digest.hpp>
#include <ducat/payment/event.hpp>

#include <array>
#include <charconv>
#include <cstdio>
#include <ostream>

namespace ducat::payment {

namespace {

constexpr std::array<std::string_view, event_types + 1> names{"",
                                                              "payment.created",
                                                              "payment.authorizing",
                                                              "payment.authorized",
                                                              "payment.partially_authorized",
                                                              "payment.captured",
                                                              "payment.voided",
                                                              "payment.declined",
                                                              "payment.in_doubt",
                                                              "payment.reversed",
                                                              "payment.failed",
                                                              "payment.expired",
                                                              "payment.exception",
                                                              "refund.succeeded",
                                                              "refund.declined",
                                                              "attempt.declined",
                                                              "attempt.not_sent",
                                                              "attempt.reversing",
                                                              "attempt.reversed",
                                                              "attempt.exception",
                                                              "attempt.late_approval",
                                                              "advice.owed",
                                                              "advice.acknowledged",
                                                              "advice.exhausted",
                                                              "advice.retried",
                                                              "advice.settled",
                                                              "payment.taken_back",
                                                              "payment.decided",
                                                              "dispute.opened",
                                                              "dispute.won",
                                                              "dispute.lost"};

constexpr std::string_view prefix = "evt_";
constexpr std::size_t index_digits = 16;
constexpr std::size_t number_digits = 6;
constexpr std::size_t check_digits = 10;

std::string check_of(const event_place& place) {
  const std::string_view nul{"\0", 1};
  return to_hex(
             sha256({"event", nul, std::to_string(place.index), nul, std::to_string(place.number)}))
      .substr(0, check_digits);
}

bool ends_in_star(std::string_view filter) {
  return filter.size() > 2 && filter.ends_with(".*");
}

/// What an attempt has come to is told of the payment if the payment has come to it, too.
event_type either(bool is_of_payment, event_type payment, event_type attempt) {
  return is_of_payment ? payment : attempt;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const event_place& value) {
  return out << value.index << '.' << value.number;
}

std::string_view to_string(event_type value) noexcept {
  const auto at = static_cast<std::size_t>(value);
  return at < names.size() ? names[at] : "unknown";
}

std::ostream& operator<<(std::ostream& out, event_type value) {
  return out << to_string(value);
}

event_type event_type_of(std::string_view what, const payment_record& payment) {
  using enum event_type;
  if (what == "created" || what == "advised")
    return payment_created;
  if (what == "sent")
    return payment_authorizing;
  if (what == "authorized" || what == "approved")
    return payment_authorized;
  if (what == "partially_approved")
    return payment_partially_authorized;
  if (what == "captured")
    return payment_captured;
  if (what == "voided")
    return payment_voided;
  if (what == "expired")
    return payment_expired;
  if (what == "refunded")
    return payment.refunds.back().decline_code.empty() ? refund_succeeded : refund_declined;
  if (what == "declined")
    return either(payment.now == state::declined, payment_declined, attempt_declined);
  if (what == "not_sent")
    return either(payment.now == state::failed, payment_failed, attempt_not_sent);
  if (what == "reversal_accepted")
    return either(payment.now == state::reversed, payment_reversed, attempt_reversed);
  if (what == "reversal_exhausted")
    return either(payment.now == state::exception, payment_exception, attempt_exception);
  if (what == "late_approval")
    return attempt_late_approval;
  if (what == "reversed_again")
    return attempt_reversing;
  if (what == "other_reversal_accepted" || what == "late_reversal")
    return attempt_reversed;
  if (what == "other_reversal_exhausted")
    return attempt_exception;
  if (what == "failed")
    return payment_failed;
  if (what == "reversed")
    return payment_reversed;
  if (what == "taken_back")
    return payment_taken_back;
  if (what == "disputed")
    return dispute_opened;
  if (what == "dispute_won")
    return dispute_won;
  if (what == "dispute_lost")
    return dispute_lost;
  if (what.starts_with("decided_"))
    return payment_decided;
  if (what.ends_with("_owed"))
    return advice_owed;
  if (what.ends_with("_acknowledged"))
    return advice_acknowledged;
  if (what.ends_with("_exhausted"))
    return advice_exhausted;
  if (what.ends_with("_retried"))
    return advice_retried;
  if (what.ends_with("_settled"))
    return advice_settled;
  return either(payment.now == state::in_doubt, payment_in_doubt, attempt_reversing);
}

bool is_event_filter(std::string_view filter) noexcept {
  for (std::uint8_t each = 1; each <= event_types; ++each)
    if (takes(filter, static_cast<event_type>(each)))
      return true;
  return false;
}

bool takes(std::string_view filter, event_type type) noexcept {
  const std::string_view name = to_string(type);
  return filter == name ||
         (ends_in_star(filter) && name.starts_with(filter.substr(0, filter.size() - 1)));
}

std::string event_id_of(const event_place& place) {
  char text[32];
  std::snprintf(text, sizeof text, "%016llx%06x", static_cast<unsigned long long>(place.index),
                place.number & event_number_max);
  return std::string{prefix} + text + check_of(place);
}

std::optional<event_place> event_place_in(std::string_view id) {
  if (!id.starts_with(prefix) ||
      id.size() != prefix.size() + index_digits + number_digits + check_digits)
    return std::nullopt;
  const char* const index = id.data() + prefix.size();
  const char* const number = index + index_digits;
  event_place place;
  (void)std::from_chars(index, number, place.index, 16);
  (void)std::from_chars(number, number + number_digits, place.number, 16);
  if (event_id_of(place) != id)
    return std::nullopt;
  return place;
}

} // namespace ducat::payment
