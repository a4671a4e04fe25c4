/// An attempt: one try of a payment over one link to an acquirer.
///
/// What an attempt may do next is decided here, in one table. Rules of the payment model:
/// R1: it is `sent` in the log before a byte leaves. R2: what is in doubt is reversed, never
/// guessed and never decided by time alone. R3: a payment has another attempt only after this one
/// was declined, proven not sent, or its reversal was accepted. R4: a late event never undoes a
/// later state.
///
/// A late approval tells what the acquirer did, not what the payment is: it never pays, since by
/// then the payment may have been given up or be paid by another attempt. But an acquirer that
/// approves what it said it had taken back, or had never heard of, holds money: that reversal was
/// worth nothing, and another one is owed.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::payment {

/// Values are stored and on the wire (ducat.v1.Attempt.State): never renumber.
enum class attempt_state : std::uint8_t {
  sent = 1,               ///< Bytes may have left; there is no outcome yet.
  approved = 2,           ///< In full.
  partially_approved = 3, ///< For less.
  declined = 4,           ///< By the acquirer. Final.
  not_sent = 5,           ///< Proven: no byte left. Final.
  reversing = 6, ///< In doubt, or no longer wanted: a reversal is owed until it is accepted.
  reversed = 7,  ///< The acquirer has accepted the reversal. Final.
  exception = 8, ///< The reversal was not accepted in time: somebody has to look.
};

/// What the acquirer is asked for. Values are stored and on the wire (ducat.v1.SendAttempt.Asked):
/// never renumber.
enum class asked_for : std::uint8_t {
  unknown = 0,       ///< Sent by a version that told nothing afterwards: nothing is owed.
  authorization = 1, ///< 0100: the capture is told in an advice.
  financial = 2,     ///< 0200: it captures at once.
};

/// What may be heard of an attempt. Values are stored (ducat.v1.ResolveAttempt.Event): never
/// renumber.
enum class attempt_event : std::uint8_t {
  approved = 1,
  partially_approved = 2,
  declined = 3,
  not_sent = 4,
  in_doubt = 5,   ///< Written, and then no answer in time, a lost connection, or a garbled answer.
  conflicted = 6, ///< Approved with another amount or currency than was asked for.
  reversal_accepted = 7,
  reversal_exhausted = 8,  ///< Nobody has accepted it in time.
  cancelled = 9,           ///< The payment was voided or has expired after the approval.
  late_approval = 10,      ///< An approval that nobody waited for any more, for whatever amount.
  decided_taken_back = 12, ///< Somebody has found out that the payer has not paid,
  decided_was_paid = 13,   ///< or that it was paid.
};

std::string_view to_string(attempt_state value) noexcept;
std::string_view to_string(attempt_event value) noexcept;
std::ostream& operator<<(std::ostream& out, attempt_state value);
std::ostream& operator<<(std::ostream& out, attempt_event value);

/// Returns the state after `what`; nothing if that changes nothing any more: it came late, or a
/// second time.
std::optional<attempt_state> state_after(attempt_state now, attempt_event what) noexcept;

/// Returns whether the payment may have another attempt when this one has come to `now` (R3).
bool allows_another(attempt_state now) noexcept;

/// Returns whether the acquirer has yet to accept that it is taken back.
constexpr bool owes_reversal(attempt_state now) noexcept {
  return now == attempt_state::reversing || now == attempt_state::exception;
}

/// Returns whether an approval that comes now is to be noted, even if it changes nothing.
bool is_late_approval(attempt_state now, attempt_event what) noexcept;

/// Invariant: approved_amount <= amount, and 0 unless it was approved, even late.
struct attempt_record {
  std::string id;
  std::string link;
  attempt_state now = attempt_state::sent;
  std::uint32_t stan = 0; ///< 1 to 999,999, unique among all attempts until the numbers come round.
  std::uint64_t number = 0; ///< In the order of all attempts, from 1; makes the RRN.
  std::int64_t amount = 0;  ///< Minor units.
  std::int64_t approved_amount = 0;
  std::string approval_code{};
  std::string response_code{}; ///< Of the acquirer's last answer.
  std::string reason{};        ///< Why it was in doubt.
  bool was_late = false;       ///< An approval came while it was being reversed.
  log_time sent_at;
  log_time in_doubt_at{};  ///< 0: it never was.
  log_time resolved_at{};  ///< When it first was in doubt no more; 0: it is, or never was.
  std::string carrier{};   ///< Which of the acquirer's links carries it; empty: there is one only.
  std::uint64_t epoch = 0; ///< Of that link's grant.
  /// It was approved after its reversal had been accepted. From then on what becomes of it has no
  /// effect on the payment, which holds nothing for it.
  bool is_reversed_again = false;
  log_time deadline{}; ///< Of that other reversal: then it is an exception; 0: it has none.
  std::uint64_t reversal_number = 0; ///< Of that other reversal, among all: the host takes it for
                                     ///< no repeat of the first one.
  log_time reversal_at{};            ///< When it came to be owed.
  asked_for asked = asked_for::unknown;
};

/// Returns the trace number of the attempt or advice of that number: 1 to 899,999. From there on a
/// link numbers its own messages.
std::uint32_t stan_of(std::uint64_t number) noexcept;

/// Returns whether the acquirer has taken back, after all, what somebody has decided was paid. That
/// changes nothing here, and is to be noted.
bool is_late_reversal(const attempt_record& attempt, attempt_event what) noexcept;

/// Returns the retrieval reference number of an attempt: 12 digits.
std::string rrn_of(const attempt_record& attempt);

/// "att_" and the first 32 hex digits of SHA-256("attempt" NUL payment id NUL number), where the
/// first attempt of a payment has the number 1.
std::string attempt_id_of(std::string_view payment_id, std::size_t number);

} // namespace ducat::payment
