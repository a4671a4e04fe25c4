/// Card payments that come to their end by somebody's decision, or because time passes.

#include "check/history.hpp"

#include <algorithm>
#include <utility>

namespace ducat::cli {

std::optional<finding> history::apply(const v1::GiveUpPayment& command) {
  checked_payment* of = payment(command.payment_id());
  if (of == nullptr || !of->is_card)
    return make_finding(finding_kind::impossible, command.payment_id(), "no payment was given up");
  if (of->now.phase != payment_phase::created || of->has_open_attempt())
    return make_finding(finding_kind::impossible, of->id(),
                        "it was given up while it was " + std::string{to_string(of->now.phase)});
  const attempt_phase last =
      of->attempts.empty() ? attempt_phase::not_sent : of->attempts.back().now;
  of->now.phase = last == attempt_phase::declined   ? payment_phase::declined
                  : last == attempt_phase::reversed ? payment_phase::reversed
                                                    : payment_phase::failed;
  effects_[of->creation].declined = of->now.phase == payment_phase::declined;
  wait_until(*of, of->deadline_ns, 0);
  settle(*of, of->creation);
  return std::nullopt;
}

/// Somebody has found out what became of it.
std::optional<finding> history::apply(const v1::DecidePayment& command) {
  checked_payment* of = payment(command.payment_id());
  if (is_used(command.idempotency_key()))
    return make_finding(finding_kind::doubled, command.idempotency_key(),
                        "the key was used before");
  const bool was_paid = command.decision() == v1::DecidePayment::WAS_PAID;
  const auto is_exhausted = [](const checked_attempt& each) {
    return each.now == attempt_phase::exhausted;
  };
  if (of == nullptr || (of->now.phase != payment_phase::exception &&
                        (was_paid || std::ranges::none_of(of->attempts, is_exhausted))))
    return make_finding(finding_kind::impossible, command.payment_id(),
                        "somebody has decided about it, and it is no exception");
  other_keys_.insert(command.idempotency_key());
  if (was_paid) {
    pay_out(*of);
  } else {
    for (checked_attempt& each : of->attempts) {
      if (!is_exhausted(each))
        continue;
      each.now = attempt_phase::reversed;
      if (each.is_reversed_again)
        wait_until(*of, each.deadline_ns, 0);
      else
        lose(*of, false, payment_phase::reversed);
    }
  }
  settle(*of, of->creation);
  return std::nullopt;
}

void history::pay_out(checked_payment& payment) {
  checked_attempt& attempt = payment.attempts.back();
  attempt.now = attempt_phase::approved;
  attempt.approved = payment.now.amount;
  capture(payment, payment.now.amount);
  if (!payment.is_taken_back)
    return;
  give_back(payment);
  owe_advice(payment);
}

std::optional<finding> history::apply(const v1::PassTime& command) {
  if (deadlines_.empty() || deadlines_.begin()->first > command.to_ns())
    return make_finding(finding_kind::impossible, "time", "nothing was due");
  const std::uint64_t until = std::min(command.to_ns(), now_ns_);
  while (!deadlines_.empty() && deadlines_.begin()->first <= until) {
    const auto [at, sequence] = *deadlines_.begin();
    pass_deadline(payments_[sequence], at);
    settle(payments_[sequence], payments_[sequence].creation);
  }
  return std::nullopt;
}

void history::pass_deadline(checked_payment& payment, std::uint64_t at_ns) {
  for (checked_attempt& each : payment.attempts)
    if (each.deadline_ns == at_ns) {
      each.now = attempt_phase::exhausted;
      return wait_until(payment, each.deadline_ns, 0);
    }
  const checked_attempt* last = payment.attempts.empty() ? nullptr : &payment.attempts.back();
  if (last != nullptr && last->now == attempt_phase::sent)
    return doubt(payment);
  if (last != nullptr && last->now == attempt_phase::reversing && !last->is_reversed_again)
    return exhaust(payment);
  expire(payment);
}

void history::expire(checked_payment& payment) {
  const bool was_held = payment.is_held();
  release(payment);
  payment.now.phase = payment_phase::expired;
  wait_until(payment, payment.deadline_ns, 0);
  if (was_held)
    cancel(payment);
}

void history::wait(checked_payment& payment, std::uint64_t seconds) {
  wait_until(payment, payment.deadline_ns, now_ns_ + seconds * second_ns);
}

/// Sets one of the payment's deadlines; 0: none.
void history::wait_until(checked_payment& payment, std::uint64_t& deadline_ns,
                         std::uint64_t at_ns) {
  if (deadline_ns != 0)
    deadlines_.erase(deadlines_.find({deadline_ns, payment.number}));
  deadline_ns = at_ns;
  if (deadline_ns != 0)
    deadlines_.emplace(deadline_ns, payment.number);
}

} // namespace ducat::cli
