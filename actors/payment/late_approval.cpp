/// Attempts that the acquirer approved after it had accepted their reversal: it said that it knew
/// nothing of the request, say, and the request arrived after that.
///
/// Their payment came to its end when the reversal was accepted, and what it held is released. It
/// may be paid by another attempt since. So nothing here touches the payment or its money: the
/// approval is not ours to use (R2), and what is left to do is to have it taken back (R4 keeps the
/// payment's state; the attempt's goes on, since the acceptance that ended it was not true).

#include <ducat/check.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>

namespace ducat::payment {

void machine::reverse_again(const proposal& where, payment_record& payment, attempt_record& attempt,
                            const v1::ResolveAttempt& heard) {
  constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
  attempt.now = attempt_state::reversing;
  attempt.is_reversed_again = true;
  attempt.reversal_number = ++attempts_;
  attempt.reversal_at = where.at;
  attempt.reason = heard.reason();
  wait_until(payment, attempt, {where.at.nanoseconds + timers.reversal_s * nanoseconds_per_second});
  note(where, payment, "reversed_again", heard.reason(), attempt.number);
  note_open(payment);
}

void machine::change_reversed_again(const proposal& where, payment_record& payment,
                                    attempt_record& attempt, attempt_event what) {
  const auto next = state_after(attempt.now, what);
  DUCAT_CHECK(next.has_value());
  attempt.now = *next;
  wait_until(payment, attempt, {});
  if (what == attempt_event::decided_taken_back)
    note(where, payment, to_string(what), {}, attempt.number);
  else
    note(where, payment,
         attempt.now == attempt_state::reversed ? "other_reversal_accepted"
                                                : "other_reversal_exhausted",
         {}, attempt.number);
  note_open(payment);
}

/// Returns whether it was a deadline of one of the payment's attempts that is due.
bool machine::pass_deadline_of_attempt(const proposal& where, payment_record& payment,
                                       log_time at) {
  for (attempt_record& attempt : payment.attempts)
    if (attempt.deadline == at) {
      change_reversed_again(where, payment, attempt, attempt_event::reversal_exhausted);
      return true;
    }
  return false;
}

} // namespace ducat::payment
