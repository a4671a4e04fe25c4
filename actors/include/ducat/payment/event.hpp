/// What is told of a payment: the types of events, and how an event is named. Pure.
#pragma once

#include <ducat/payment/records.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::payment {

/// Where an event was made. Its order is that of the log.
struct event_place {
  std::uint64_t index = 0;  ///< Of the log entry.
  std::uint32_t number = 0; ///< Which of the entry's events, from 1.

  friend auto operator<=>(const event_place&, const event_place&) = default;
};

std::ostream& operator<<(std::ostream& out, const event_place& value);

/// Greater than that of any event: the place after all events of an entry.
constexpr std::uint32_t event_number_max = 0xFF'FFFF;

/// Those of a payment say which state it has come to; those of an attempt change no payment's
/// state. Values are stored: never renumber, never reuse.
enum class event_type : std::uint8_t {
  payment_created = 1,
  payment_authorizing = 2,
  payment_authorized = 3,
  payment_partially_authorized = 4,
  payment_captured = 5,
  payment_voided = 6,
  payment_declined = 7,
  payment_in_doubt = 8,
  payment_reversed = 9,
  payment_failed = 10,
  payment_expired = 11,
  payment_exception = 12,
  refund_succeeded = 13,
  refund_declined = 14,
  attempt_declined = 15,  ///< Another link may be asked.
  attempt_not_sent = 16,  ///< The same.
  attempt_reversing = 17, ///< The payment was given up; its approval is to be taken back.
  attempt_reversed = 18,  ///< It was, or another link may be asked.
  attempt_exception = 19, ///< It was given up, and nobody has accepted the reversal in time.
  attempt_late_approval = 20,
  advice_owed = 21, ///< The acquirer is to be told of a capture or a refund.
  advice_acknowledged = 22,
  advice_exhausted = 23, ///< It was sent for too long: somebody has to look.
  advice_retried = 24,
  advice_settled = 25,
  payment_taken_back = 26, ///< By its terminal.
  payment_decided = 27,    ///< Somebody has found out what became of it.
  dispute_opened = 28,     ///< Its payer says that it is wrong.
  dispute_won = 29,
  dispute_lost = 30, ///< The payer has it back.
};

constexpr std::uint8_t event_types = 30; ///< How many there are.

/// Returns the name, such as payment.captured.
std::string_view to_string(event_type value) noexcept;
std::ostream& operator<<(std::ostream& out, event_type value);

/// Returns what is told of a payment to whose timeline `what` was added, now that it is as it is.
event_type event_type_of(std::string_view what, const payment_record& payment);

/// Returns whether `filter` is the name of a type, or a family of them such as payment.*
bool is_event_filter(std::string_view filter) noexcept;

/// Returns whether the filter takes events of the type.
bool takes(std::string_view filter, event_type type) noexcept;

/// The id says the place, so that a cursor that is not kept any more is told from a wrong one:
/// "evt_", 16 digits of the index, 6 of the number, and the first 10 of SHA-256("event" NUL index
/// NUL number), all hexadecimal. Ids ascend as their places do.
std::string event_id_of(const event_place& place);

/// Returns the place; nothing if it is no id of an event.
std::optional<event_place> event_place_in(std::string_view id);

} // namespace ducat::payment
