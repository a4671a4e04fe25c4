/// Disputes: what a payer says was wrong is taken from the merchant, and comes back or goes to the
/// payer. What is lost the merchant's participant owes the payer's, as it does what is refunded.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>

#include <span>

namespace ducat::settlement {

void book::disputed(const effect& on, const dispute_step& what) {
  const v1::DisputePayment& command = what.command;
  const account_record& payee = on.accounts.records[what.payee];
  const auto currency = *payment::find_currency(payee.ledger);
  const account_record& held = *on.accounts.find(hub_account("disputes", currency.code));
  v1::Dispute& facts = disputes_[command.payment_id()];
  changed_disputes_.insert(command.payment_id());
  facts.set_payment_id(command.payment_id());
  facts.set_state(static_cast<v1::Dispute::State>(command.event()));
  facts.set_reason(command.reason());
  if (command.event() == v1::DisputePayment::OPENED)
    facts.set_amount(command.amount());
  const auto number = static_cast<std::uint32_t>(merchant_of_account_.at(what.payee));
  window_record& window = ledgers_.at(payee.ledger).windows.back();
  ledger::transfer moved{
      .id = {payment::number_of("dispute/" + std::to_string(facts.state()), command.payment_id())},
      .debit_account_id = held.number,
      .credit_account_id = payee.number,
      .amount = static_cast<u128>(facts.amount()),
      .pending_id = {},
      .user_data_128 = number_in(command.payment_id()),
      .user_data_64 = window.facts.number(),
      .user_data_32 = window.facts.business_date(),
      .ledger = payee.ledger,
      .code = static_cast<std::uint16_t>(code::dispute_won),
      .timestamp = {}};
  accrual sums;
  switch (command.event()) {
  case v1::DisputePayment::OPENED:
    std::swap(moved.debit_account_id, moved.credit_account_id);
    moved.code = static_cast<std::uint16_t>(code::dispute);
    sums.disputes.add(facts.amount());
    break;
  case v1::DisputePayment::WON:
    sums.disputes_won.add(facts.amount());
    break;
  default:
    moved.credit_account_id = on.accounts.records[what.payer].number;
    moved.code = static_cast<std::uint16_t>(code::dispute_lost);
    moved.user_data_64 = 0; // No movement of the merchant's account.
    moved.user_data_32 = 0;
    sums.fees = command.fee();
    break;
  }
  DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&moved, 1)).front() ==
              ledger::transfer_outcome::ok);
  window.total.add(sums);
  changed(window, number).add(sums);
  if (command.event() == v1::DisputePayment::LOST)
    pass_back(
        on,
        {.payer = what.payer, .payee = what.payee, .amount = facts.amount(), .transfer = moved.id});
}

} // namespace ducat::settlement
