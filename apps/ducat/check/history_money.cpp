/// What payments hold, move and give back.

#include "check/history.hpp"

#include <utility>

namespace ducat::cli {

bool history::authorize(checked_payment& payment) {
  const bool is_held = books_.can_spend(payment.from, payment.now.amount) &&
                       settlement_.may_owe(payment.from, payment.to, payment.now.amount);
  if (is_held)
    hold(payment, payment.now.amount, payment.to);
  payment.now.phase = is_held ? payment_phase::authorized : payment_phase::declined;
  effects_[payment.creation].declined = !is_held;
  return is_held;
}

void history::hold(checked_payment& payment, std::int64_t amount, books::number to) {
  books_.hold(payment.from, to, amount);
  payment.held = amount;
  payment.held_for = to;
}

void history::release(checked_payment& payment) {
  if (payment.held != 0)
    books_.release(payment.from, payment.held_for, payment.held);
  payment.held = 0;
}

/// Moves what was held, or a part of it. A capture is in the window that is open at its entry.
void history::capture(checked_payment& payment, std::int64_t amount) {
  release(payment);
  books_.post(payment.from, payment.to, amount);
  payment.now.phase = payment_phase::captured;
  payment.now.captured = amount;
  wait_until(payment, payment.deadline_ns, 0);
  count_at_terminal(payment, 1);
  const captured_mark mark =
      settlement_.captured({.payer = payment.from, .payee = payment.to, .amount = amount});
  payment.window = mark.window;
  payment.fee = mark.fee;
  owe_capture(payment);
}

/// All that was captured goes back: it never was.
void history::give_back(checked_payment& payment) {
  const std::int64_t amount = payment.now.captured;
  books_.post(payment.to, payment.from, amount);
  settlement_.refunded({.payer = payment.from, .payee = payment.to, .amount = amount},
                       payment.window != 0,
                       {.captured = amount, .fee = payment.fee, .amount = amount});
  count_at_terminal(payment, -1);
  payment.now.captured = 0;
  payment.now.phase = payment_phase::reversed;
}

/// What is disputed is the merchant's no more, until it is won.
std::optional<finding> history::apply(const v1::DisputePayment& command) {
  checked_payment* paid = payment(command.payment_id());
  if (paid == nullptr || paid->now.phase != payment_phase::captured || paid->window == 0)
    return make_finding(finding_kind::impossible, command.payment_id(),
                        "a dispute about what no merchant has captured");
  if (command.event() == paid->dispute)
    return make_finding(finding_kind::doubled, command.payment_id(), "its dispute was so before");
  const bool is_opened = command.event() == v1::DisputePayment::OPENED;
  const std::int64_t amount = command.amount() == 0 ? paid->left() : command.amount();
  if (is_opened ? paid->dispute != v1::DisputePayment::EVENT_UNSPECIFIED
                : paid->dispute != v1::DisputePayment::OPENED)
    return make_finding(finding_kind::impossible, command.payment_id(),
                        "a step of its dispute that does not follow");
  if (is_opened && (amount <= 0 || amount > paid->left()))
    return make_finding(finding_kind::impossible, command.payment_id(),
                        "more is disputed than was captured");
  if (is_opened)
    paid->dispute_amount = paid->disputed = amount;
  paid->dispute = command.event();
  settlement_.disputed({.payer = paid->from, .payee = paid->to, .amount = paid->dispute_amount},
                       command.event(), command.fee());
  if (command.event() == v1::DisputePayment::WON)
    paid->disputed = 0;
  return std::nullopt;
}

} // namespace ducat::cli
