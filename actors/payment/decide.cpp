/// A payment in EXCEPTION in the payment machine: nobody has reversed it in time, and somebody has
/// found out by other means what became of it.

#include "payment/fingerprint.hpp"
#include "payment/limits.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <array>

namespace ducat::payment {

machine::decision machine::check(const v1::DecidePayment& command) const {
  if (const auto decided =
          check_change(command.idempotency_key(), command.payment_id(), 0, command))
    return *decided;
  if (command.decision() != v1::DecidePayment::TAKEN_BACK &&
      command.decision() != v1::DecidePayment::WAS_PAID)
    return refuse(refusal::decision_unknown, "decision");
  if (command.reason().empty() || command.reason().size() > reason_length_max)
    return refuse(refusal::reason_invalid, "reason");
  const payment_record& payment = *find_payment(command.payment_id());
  const bool may_be_taken_back = command.decision() == v1::DecidePayment::TAKEN_BACK &&
                                 std::ranges::find(payment.attempts, attempt_state::exception,
                                                   &attempt_record::now) != payment.attempts.end();
  if (payment.now != state::exception && !may_be_taken_back)
    return refuse(refusal::payment_not_in_exception, "id");
  return {};
}

v1::Outcome machine::apply(const proposal& where, const v1::DecidePayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  if (command.decision() == v1::DecidePayment::TAKEN_BACK) {
    decide_taken_back(where, payment, command.reason());
  } else {
    note(where, payment, to_string(attempt_event::decided_was_paid), command.reason());
    pay_out(where, payment);
    if (payment.taken_back)
      pay_back(where, payment);
  }
  const std::string& key = command.idempotency_key();
  keys_[key] = {.fingerprint = fingerprint_of(command), .payment_id = payment.id};
  settle_keys(where, payment, key);
  return outcome_of(keys_.at(key), key);
}

/// Also of a payment that was given up, or paid otherwise: whose attempt nobody has reversed.
void machine::decide_taken_back(const proposal& where, payment_record& payment,
                                const std::string& reason) {
  v1::ResolveAttempt found;
  found.set_reason(reason);
  for (attempt_record& attempt : payment.attempts) {
    if (attempt.now != attempt_state::exception)
      continue;
    if (attempt.is_reversed_again)
      change_reversed_again(where, payment, attempt, attempt_event::decided_taken_back);
    else
      change(where, payment, attempt_event::decided_taken_back, found);
  }
}

/// The terminal was told that nobody has paid. So what the acquirer has captured all the same is
/// refunded.
void machine::pay_back(const proposal& where, payment_record& payment) {
  const std::int64_t amount = payment.captured;
  give_back(where, payment);
  payment.now = state::reversed;
  note(where, payment, "taken_back");
  owe(where, payment, advice_kind::refund, amount);
}

/// The amount goes from suspense to the payee. That the acquirer has captured it, and not only
/// authorised, is for its advice.
void machine::pay_out(const proposal& where, payment_record& payment) {
  attempt_record& attempt = payment.attempts.back();
  ledger::transfer freed = between(payment, "unsuspend");
  freed.id = {number_of("unsuspend", attempt.id)};
  freed.pending_id = {hold_of(payment)};
  freed.flags = ledger::transfer_flags::void_pending | ledger::transfer_flags::linked;
  freed.amount = 0;
  freed.debit_account_id = {};
  freed.credit_account_id = {};
  ledger::transfer paid = between(payment, "decided");
  paid.id = {number_of("decided", attempt.id)};
  mark(payment, paid);
  const std::array chain{freed, paid};
  for (const auto outcome : book_.create_transfers(where.at, chain))
    DUCAT_CHECK(outcome == ledger::transfer_outcome::ok);
  const auto next = state_after(attempt.now, attempt_event::decided_was_paid);
  DUCAT_CHECK(next.has_value());
  attempt.now = *next;
  attempt.approved_amount = attempt.amount;
  attempt.resolved_at = where.at;
  note_doubt_ended(attempt);
  note_open(payment);
  payment.now = state::captured;
  payment.authorized = payment.captured = payment.amount;
  count_approval(payment, attempt);
  count_at_terminal(payment, payment.amount);
  count_capture(where, payment, paid.id);
  owe_capture(where, payment);
}

} // namespace ducat::payment
