/// Payments that no acquirer is asked about, and what all payments have in common.

#include "check/history.hpp"

#include <utility>

namespace ducat::cli {

namespace {

constexpr std::uint64_t confirm_s = 24 * 3'600;

} // namespace

std::string_view to_string(payment_phase phase) noexcept {
  switch (phase) {
  case payment_phase::created:
    return "CREATED";
  case payment_phase::authorized:
    return "AUTHORIZED";
  case payment_phase::captured:
    return "CAPTURED";
  case payment_phase::voided:
    return "VOIDED";
  case payment_phase::declined:
    return "DECLINED";
  case payment_phase::authorizing:
    return "AUTHORIZING";
  case payment_phase::partially_authorized:
    return "PARTIALLY_AUTHORIZED";
  case payment_phase::in_doubt:
    return "IN_DOUBT";
  case payment_phase::reversed:
    return "REVERSED";
  case payment_phase::failed:
    return "FAILED";
  case payment_phase::expired:
    return "EXPIRED";
  case payment_phase::exception:
    return "EXCEPTION";
  }
  return "?";
}

history::parties history::parties_of(const created_payment& command) const {
  return {.from = books_.find(command.from), .to = books_.find(command.to)};
}

std::optional<finding> history::check_parties(const created_payment& command,
                                              const parties& of) const {
  const auto wrong = [&](finding_kind kind, std::string why) {
    return make_finding(kind, std::string{command.key}, std::move(why));
  };
  if (reversed_ahead_.contains(command.key))
    return wrong(finding_kind::impossible, "it was taken back before it came");
  if (is_used(command.key, command.key_hash))
    return wrong(finding_kind::doubled, "the key was used before");
  if (command.amount <= 0)
    return wrong(finding_kind::impossible, "a payment of " + std::to_string(command.amount));
  if (of.from == books::none || of.to == books::none || of.from == of.to)
    return wrong(finding_kind::impossible,
                 "a payment from " + std::string{command.from} + " to " + std::string{command.to});
  if (books_.at(of.from).currency != command.currency ||
      books_.at(of.to).currency != command.currency)
    return wrong(finding_kind::impossible,
                 "a payment in " + std::string{command.currency} + " between accounts in another");
  return std::nullopt;
}

std::optional<finding> history::apply(const created_payment& command) {
  const parties of = parties_of(command);
  if (auto wrong = check_parties(command, of))
    return wrong;
  checked_payment& made = add_payment(command, of);
  if (made.is_card)
    wait(made, confirm_s);
  return std::nullopt;
}

/// Requires that it has passed check_parties().
checked_payment& history::add_payment(const created_payment& command, const parties& of) {
  const payment_snapshot now{.amount = command.amount};
  const std::size_t creation = add_effect({.kind = operation_kind::payment,
                                           .key = command.key,
                                           .body = command.body,
                                           .payment_id = command.id,
                                           .then = now},
                                          command.key_hash);
  payments_by_id_.add(hash_of_id(command.id), payments_.size());
  return payments_.add({.digest = command.id,
                        .number = static_cast<std::uint32_t>(payments_.size()),
                        .creation = static_cast<std::uint32_t>(creation),
                        .from = of.from,
                        .to = of.to,
                        .manual_capture = command.manual_capture,
                        .is_card = command.is_card,
                        .terminal = keep(command.terminal),
                        .now = now});
}

std::optional<finding> history::apply(const authorized_payment& command) {
  checked_payment* held = payment(command.payment);
  if (held == nullptr || held->is_card)
    return make_finding(finding_kind::impossible, std::string{command.payment.text},
                        held == nullptr ? "a hold for no payment"
                                        : "a hold that no acquirer knows");
  if (held->now.phase != payment_phase::created)
    return make_finding(finding_kind::doubled, held->id(), "its hold was decided before");
  (void)authorize(*held);
  settle(*held, held->creation);
  return std::nullopt;
}

finding history::not_in_phase(std::string_view what, const checked_payment& payment) {
  const payment_phase phase = payment.now.phase;
  const bool was_ended = phase == payment_phase::captured || phase == payment_phase::voided;
  return make_finding(was_ended ? finding_kind::doubled : finding_kind::impossible, payment.id(),
                      std::string{what} + " of a payment that is " + std::string{to_string(phase)});
}

std::optional<finding> history::apply(const captured_payment& command) {
  checked_payment* held = payment(command.payment);
  const std::string_view key = command.key;
  const auto wrong = [&](finding_kind kind, std::string why) {
    return make_finding(kind, std::string{command.payment.text}, std::move(why));
  };
  if (held == nullptr)
    return wrong(finding_kind::impossible, "a capture of no payment");
  if (!key.empty() && is_used(key))
    return make_finding(finding_kind::doubled, std::string{key}, "the key was used before");
  if (!held->is_held())
    return not_in_phase("a capture", *held);
  const std::int64_t amount = command.amount == 0 ? held->held : command.amount;
  if (amount < 0 || amount > held->held)
    return wrong(finding_kind::impossible, "more is captured than was held");
  if (key.empty() &&
      (held->manual_capture || command.amount != 0 || held->now.phase != payment_phase::authorized))
    return wrong(finding_kind::phantom, "nobody asked for this capture");
  capture(*held, amount);
  settle(*held,
         key.empty()
             ? held->creation
             : add_effect({.kind = operation_kind::capture,
                           .key = key,
                           .body = body_digest(change_body{.kind = operation_kind::capture,
                                                           .payment_id = command.payment.text,
                                                           .amount = command.amount}),
                           .payment_id = held->digest}));
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::VoidPayment& command) {
  checked_payment* held = payment(command.payment_id());
  if (held == nullptr)
    return make_finding(finding_kind::impossible, command.payment_id(), "a void of no payment");
  if (is_used(command.idempotency_key()))
    return make_finding(finding_kind::doubled, command.idempotency_key(),
                        "the key was used before");
  if (!held->is_held())
    return not_in_phase("a void", *held);
  release(*held);
  held->now.phase = payment_phase::voided;
  cancel(*held);
  const change_body body{.kind = operation_kind::void_payment, .payment_id = command.payment_id()};
  settle(*held, add_effect({.kind = operation_kind::void_payment,
                            .key = command.idempotency_key(),
                            .body = body_digest(body),
                            .payment_id = held->digest}));
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::RefundPayment& command) {
  checked_payment* paid = payment(command.payment_id());
  if (paid == nullptr)
    return make_finding(finding_kind::impossible, command.payment_id(), "a refund of no payment");
  if (is_used(command.idempotency_key()))
    return make_finding(finding_kind::doubled, command.idempotency_key(),
                        "the key was used before");
  const std::int64_t left = paid->left();
  const std::int64_t amount = command.amount() == 0 ? left : command.amount();
  if (amount <= 0 || amount > left)
    return make_finding(finding_kind::impossible, command.payment_id(),
                        "more is refunded than was captured");
  const bool affordable = books_.can_spend(paid->to, amount);
  if (affordable) {
    books_.post(paid->to, paid->from, amount);
    settlement_.refunded({.payer = paid->from, .payee = paid->to, .amount = amount},
                         paid->window != 0,
                         {.captured = paid->now.captured,
                          .fee = paid->fee,
                          .before = paid->now.refunded,
                          .amount = amount});
    paid->now.refunded += amount;
    owe_advice(*paid);
  }
  const change_body body{.kind = operation_kind::refund,
                         .payment_id = command.payment_id(),
                         .amount = command.amount()};
  settle(*paid, add_effect({.kind = operation_kind::refund,
                            .declined = !affordable,
                            .key = command.idempotency_key(),
                            .body = body_digest(body),
                            .payment_id = paid->digest}));
  return std::nullopt;
}

checked_payment* history::payment(const payment_name& name) {
  return name.digest ? payment(*name.digest) : nullptr;
}

checked_payment* history::payment(const half_digest& id) {
  const std::size_t place = payments_by_id_.find(
      hash_of_id(id), [&](std::size_t each) { return payments_[each].digest == id; });
  return place == none ? nullptr : &payments_[place];
}

/// Notes the payment as operation `mine` has left it, and that the operations without a step left,
/// this one and the payment's creation, are answered like that for ever.
void history::settle(checked_payment& payment, std::size_t mine) {
  const payment_phase phase = payment.now.phase;
  const bool steps_left = payment.is_pending() || phase == payment_phase::created ||
                          (phase == payment_phase::authorized && !payment.manual_capture);
  if (!effects_[mine].settled)
    effects_[mine].index = entries();
  for (const std::size_t place : {mine, std::size_t{payment.creation}}) {
    effect& done = effects_[place];
    if (done.settled)
      continue;
    done.then = payment.now;
    done.settled = !steps_left;
  }
}

} // namespace ducat::cli
