/// What happens because time passes, and what is given up. A deadline is an instant of the log's
/// clock (R5).

#include "payment/limits.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>

namespace ducat::payment {

/// The payment has no use for the approval any more: the acquirer is to know.
void machine::cancel_attempt(const proposal& where, payment_record& payment) {
  wait_until(payment, {});
  if (!payment.attempts.empty())
    change(where, payment, attempt_event::cancelled, {});
}

void machine::expire(const proposal& where, payment_record& payment) {
  if (is_authorized(payment.now))
    release(where, payment, "void");
  const bool was_approved = is_authorized(payment.now);
  payment.now = state::expired;
  note(where, payment, "expired");
  wait_until(payment, {});
  if (was_approved)
    cancel_attempt(where, payment);
}

v1::Outcome machine::apply(const proposal& where, const v1::PassTime& command) {
  const log_time now{std::min(command.to_ns(), where.at.nanoseconds)};
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto [at, sequence] = *deadlines_.begin();
    payment_record& payment = payments_[sequence];
    if (!pass_deadline_of_attempt({where, {}}, payment, at))
      pass_deadline({where, {}}, payment);
    settle_keys(where, payment, payment.key);
  }
  return {};
}

/// Has the effect of the payment's deadline, and gives it another or none.
void machine::pass_deadline(const proposal& where, payment_record& payment) {
  v1::ResolveAttempt heard;
  if (!payment.attempts.empty() && payment.attempts.back().now == attempt_state::sent) {
    heard.set_reason("no answer in time");
    return change(where, payment, attempt_event::in_doubt, heard);
  }
  if (!payment.attempts.empty() && payment.attempts.back().now == attempt_state::reversing &&
      !payment.attempts.back().is_reversed_again) {
    heard.set_reason("nobody has accepted the reversal in time");
    return change(where, payment, attempt_event::reversal_exhausted, heard);
  }
  expire(where, payment);
}

void machine::wait_until(payment_record& payment, log_time deadline) {
  forget_deadline(payment, payment.deadline);
  payment.deadline = deadline;
  if (deadline != log_time{})
    deadlines_.emplace(deadline, payment.sequence);
}

void machine::wait_for(const proposal& where, payment_record& payment, std::uint64_t milliseconds) {
  wait_until(payment, {where.at.nanoseconds + milliseconds * nanoseconds_per_millisecond});
}

void machine::wait_until(const payment_record& payment, attempt_record& attempt,
                         log_time deadline) {
  forget_deadline(payment, attempt.deadline);
  attempt.deadline = deadline;
  if (deadline != log_time{})
    deadlines_.emplace(deadline, payment.sequence);
}

void machine::forget_deadline(const payment_record& payment, log_time deadline) {
  if (deadline != log_time{})
    deadlines_.erase(deadlines_.find({deadline, payment.sequence}));
}

} // namespace ducat::payment
