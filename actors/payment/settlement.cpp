/// Settlement in the payment machine.

#include "payment/member_at_acquirer.hpp"
#include "payment/view.hpp"
#include "settlement/book.hpp"
#include "settlement/exception_book.hpp"
#include "settlement/ids.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/machine.pb.h>

namespace ducat::payment {

settlement::surroundings machine::surroundings() const {
  return {.accounts = {accounts_, accounts_by_id_}, .money = book_};
}

machine::decision machine::check(const v1::SettlementCommand& command) const {
  if (command.has_dispute())
    return check(command.dispute());
  if (command.has_finalize() &&
      exceptions_->open_of(command.finalize().currency(), command.finalize().window()) != 0)
    return refuse(refusal::window_has_exceptions, "window");
  const settlement::verdict said = settlement_->check(command, surroundings());
  if (said.why != refusal::none)
    return refuse(said.why, said.param);
  return said.changes_nothing ? decision{.what = decision::kind::replay} : decision{};
}

v1::Outcome machine::apply(const proposal& where, const v1::SettlementCommand& command) {
  v1::Outcome out;
  out.set_index(where.index);
  if (command.has_dispute()) {
    dispute(where, command.dispute());
    *out.mutable_settlement()->mutable_dispute() =
        *settlement_->find_dispute(command.dispute().payment_id());
    return out;
  }
  for (settlement::needed_account& each : settlement_->needs(command, surroundings()))
    (void)open(where, {.id = each.id,
                       .number = {number_of("account", each.id)},
                       .ledger = each.currency,
                       .overdraft = each.overdraft,
                       .index = where.index});
  *out.mutable_settlement() = settlement_->apply(
      {.where = where, .accounts = {accounts_, accounts_by_id_}, .money = book_}, command);
  if (command.has_finalize())
    exceptions_->forget(command.finalize().currency(), command.finalize().window());
  return out;
}

v1::Outcome machine::ask(const v1::SettlementQuestion& question) const {
  settlement::verdict said;
  v1::Outcome out;
  *out.mutable_settlement() = settlement_->ask(question, surroundings(), said);
  if (question.has_members())
    for (v1::Member& each : *out.mutable_settlement()->mutable_members()->mutable_data())
      if (const payment_record* payment = find_payment(each.payment()))
        name_at_acquirer(*payment, each);
  return said.why == refusal::none ? out : refused(said.why, said.param);
}

v1::Outcome machine::outcome_of_settlement(const v1::SettlementCommand& command) const {
  v1::Outcome out;
  if (command.has_dispute())
    *out.mutable_settlement()->mutable_dispute() =
        *settlement_->find_dispute(command.dispute().payment_id());
  else
    *out.mutable_settlement() = settlement_->answer(command, surroundings());
  return out;
}

namespace {

/// The transfer says window and business date, and the digits of its payment's id.
void mark_with(const settlement::mark& to, const payment_record& payment, ledger::transfer& moved) {
  moved.user_data_128 = settlement::number_in(payment.id);
  moved.user_data_64 = to.window;
  moved.user_data_32 = to.business_date;
}

} // namespace

// Movements --------------------------------------------------------------------------------------

/// Marks the transfer of a capture with the window that it is in, if its payee is a merchant.
void machine::mark(payment_record& payment, ledger::transfer& moved) const {
  const auto to = settlement_->mark_of(payment.to);
  if (!to)
    return;
  payment.window = to->window;
  payment.business_date = to->business_date;
  mark_with(*to, payment, moved);
}

/// Marks what goes back of it. What was captured before its payee was a merchant is in no window.
void machine::mark_back(const payment_record& payment, ledger::transfer& moved) const {
  if (payment.window == 0)
    return;
  const auto now = settlement_->mark_of(payment.to);
  DUCAT_CHECK(now.has_value());
  mark_with(*now, payment, moved);
}

void machine::count_capture(const proposal& where, payment_record& payment,
                            ledger::transfer_id moved) {
  payment.fee = settlement_->captured(
      {.where = where, .accounts = {accounts_, accounts_by_id_}, .money = book_},
      {.payer = payment.from, .payee = payment.to, .amount = payment.captured, .transfer = moved});
}

/// Requires that it does not count as refunded yet.
void machine::count_refund(const proposal& where, const payment_record& payment,
                           std::int64_t amount, ledger::transfer_id moved) {
  settlement_->refunded({.where = where, .accounts = {accounts_, accounts_by_id_}, .money = book_},
                        {.payer = payment.from,
                         .payee = payment.to,
                         .amount = amount,
                         .transfer = moved,
                         .is_in_window = payment.window != 0},
                        {.captured = payment.captured,
                         .fee_taken = payment.fee,
                         .refunded_before = payment.refunded,
                         .refund = amount});
}

// Disputes ---------------------------------------------------------------------------------------

machine::decision machine::check(const v1::DisputePayment& command) const {
  const payment_record* payment = find_payment(command.payment_id());
  if (payment == nullptr)
    return refuse(refusal::payment_not_found, "payment_id");
  if (command.amount() < 0 || command.fee() < 0)
    return refuse(refusal::amount_must_not_be_negative, command.amount() < 0 ? "amount" : "fee");
  if (command.fee() > settlement::settled_amount_max)
    return refuse(refusal::amount_too_large, "fee");
  if (command.reason().size() > 255)
    return refuse(refusal::reason_invalid, "reason");
  const v1::Dispute* now = settlement_->find_dispute(command.payment_id());
  if (now != nullptr && static_cast<int>(now->state()) == static_cast<int>(command.event()))
    return {.what = decision::kind::replay};
  switch (command.event()) {
  case v1::DisputePayment::OPENED:
    if (now != nullptr)
      return refuse(refusal::dispute_exists, "payment_id");
    if (payment->now != state::captured || payment->window == 0)
      return refuse(refusal::payment_not_captured, "payment_id");
    return command.amount() <= left_of(*payment) && left_of(*payment) > 0
               ? decision{}
               : refuse(refusal::amount_exceeds_captured, "amount");
  case v1::DisputePayment::WON:
  case v1::DisputePayment::LOST:
    return now != nullptr && now->state() == v1::Dispute::OPENED
               ? decision{}
               : refuse(refusal::dispute_not_open, "payment_id");
  default:
    return refuse(refusal::command_malformed, "event");
  }
}

void machine::dispute(const proposal& where, const v1::DisputePayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  settlement::dispute_step step{.command = command, .payer = payment.from, .payee = payment.to};
  if (command.event() == v1::DisputePayment::OPENED && command.amount() == 0)
    step.command.set_amount(left_of(payment));
  settlement_->disputed({.where = where, .accounts = {accounts_, accounts_by_id_}, .money = book_},
                        step);
  const std::int64_t amount = settlement_->find_dispute(payment.id)->amount();
  if (command.event() == v1::DisputePayment::OPENED)
    payment.disputed = amount;
  else if (command.event() == v1::DisputePayment::WON)
    payment.disputed = 0;
  note(where, payment,
       command.event() == v1::DisputePayment::OPENED ? "disputed"
       : command.event() == v1::DisputePayment::WON  ? "dispute_won"
                                                     : "dispute_lost",
       command.reason());
  tell(where, payment);
  note_changed(payment, payment.key);
}

} // namespace ducat::payment
