/// Payouts: what merchants have available goes to their banks, in batches.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"
#include "settlement/terms.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <span>

namespace ducat::settlement {

namespace {

v1::SettlementAnswer answer_of(v1::PayoutBatch shown) {
  v1::SettlementAnswer out;
  *out.mutable_batches()->add_data() = std::move(shown);
  return out;
}

void count(v1::SettlementTally& to, std::int64_t amount) {
  to.set_count(to.count() + 1);
  to.set_amount(to.amount() + amount);
}

void take_off(v1::SettlementTally& from, std::int64_t amount) {
  from.set_count(from.count() - 1);
  from.set_amount(from.amount() - amount);
}

/// Returns whether no payout of it is open.
bool has_ended(const v1::PayoutBatch& batch) {
  return batch.paid().count() + batch.returned().count() == batch.payouts().count();
}

/// Returns what an account can still give.
std::int64_t free_of(const ledger::account& account) {
  return static_cast<std::int64_t>(account.credits_posted) -
         static_cast<std::int64_t>(account.debits_posted) -
         static_cast<std::int64_t>(account.debits_pending);
}

} // namespace

v1::SettlementAnswer book::apply(const effect& on, const v1::BatchPayouts& command) {
  ledger_record& of = *find_ledger(command.currency());
  if (command.step() == 0) {
    batch_record made;
    made.facts.set_id(batch_id(command.currency(), command.batch()));
    made.facts.set_currency(command.currency());
    made.facts.set_number(command.batch());
    made.facts.set_state(v1::PayoutBatch::BATCHING);
    made.facts.set_execution_date(command.execution_date());
    made.facts.set_created_at_ns(on.where.at.nanoseconds);
    *made.facts.mutable_debtor() = of.terms.own();
    of.batches.push_back(std::move(made));
    changed_.insert({.what = row_id::kind::ledger, .currency = of.currency});
  }
  batch_record& batch = of.batches.back();
  DUCAT_CHECK(batch.facts.step() == command.step());
  batch.facts.set_step(command.step() + 1);
  batch_merchants(on, of, batch);
  note_changed(of, batch);
  return answer_of(batch.facts);
}

void book::batch_merchants(const effect& on, ledger_record& of, batch_record& batch) {
  std::uint32_t looked_at = 0;
  for (; batch.cursor < merchants_.size() && looked_at < merchants_per_step; ++batch.cursor)
    if (merchants_[batch.cursor].currency == of.currency) {
      pay(on, of, batch, batch.cursor);
      ++looked_at;
    }
  if (batch.cursor == merchants_.size())
    batch.facts.set_state(has_ended(batch.facts) ? v1::PayoutBatch::DONE
                                                 : v1::PayoutBatch::BATCHED);
}

/// A merchant whose balance is negative, or below its minimum, or whose bank is not known, is paid
/// later: the balance is carried.
void book::pay(const effect& on, ledger_record& of, batch_record& batch, std::uint32_t merchant) {
  merchant_record& record = merchants_[merchant];
  const account_record& available = on.accounts.records[record.available];
  const std::int64_t amount = free_of(*on.money.find(available.number));
  const std::uint64_t newest = of.unsettled_from - 1;
  if (amount <= 0 || amount < record.terms.payout_minimum() || record.terms.bank().iban().empty())
    return;
  v1::Payout payout;
  payout.set_id(payout_id(of.terms.currency(), batch.facts.number(), batch.payouts.size() + 1));
  payout.set_batch(batch.facts.id());
  payout.set_merchant(record.terms.id());
  payout.set_amount(amount);
  payout.set_currency(of.terms.currency());
  payout.set_state(v1::Payout::BATCHED);
  payout.set_carried(amount);
  *payout.mutable_creditor() = record.terms.bank();
  if (record.unpaid_from <= newest) {
    payout.set_first_window(record.unpaid_from);
    payout.set_last_window(newest);
    payout.set_carried(amount - unpaid_of(of, merchant));
    record.unpaid_from = newest + 1;
    record.let_go = 0;
    changed_.insert({.what = row_id::kind::merchant, .place = merchant});
  }
  const ledger::transfer held{
      .id = {payment::number_of("payout", payout.id())},
      .debit_account_id = available.number,
      .credit_account_id = on.accounts.find(hub_account("bank", of.terms.currency()))->number,
      .amount = static_cast<u128>(amount),
      .pending_id = {},
      .ledger = of.currency,
      .code = static_cast<std::uint16_t>(code::payout),
      .flags = ledger::transfer_flags::pending,
      .timestamp = {}};
  DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&held, 1)).front() ==
              ledger::transfer_outcome::ok);
  count(*batch.facts.mutable_payouts(), amount);
  batch.payouts.push_back(std::move(payout));
  note_changed(of, batch, batch.payouts.size() - 1);
  index_payout(of, {.currency = of.currency,
                    .batch = of.batches.size() - 1,
                    .payout = batch.payouts.size() - 1});
}

v1::SettlementAnswer book::apply(const effect& on, const v1::ResolvePayouts& command) {
  v1::SettlementAnswer out;
  for (const v1::PayoutResult& each : command.results()) {
    const auto place = find_payout(each.payout());
    if (!place || !is_news(*place, each))
      continue;
    batch_record& batch = ledgers_.at(place->currency).batches[place->batch];
    resolve(on, *place, each);
    if (out.batches().data_size() == 0 || out.batches().data().rbegin()->id() != batch.facts.id())
      *out.mutable_batches()->add_data() = batch.facts;
    else
      *out.mutable_batches()->mutable_data()->rbegin() = batch.facts;
  }
  return out;
}

bool book::is_news(const payout_place& place, const v1::PayoutResult& result) const {
  const v1::Payout::State now =
      ledgers_.at(place.currency).batches[place.batch].payouts[place.payout].state();
  return now != v1::Payout::RETURNED &&
         !(now == v1::Payout::PAID && result.event() == v1::PayoutResult::PAID);
}

/// What is returned is available to the merchant again, and goes with a later payout.
void book::resolve(const effect& on, const payout_place& place, const v1::PayoutResult& result) {
  ledger_record& of = ledgers_.at(place.currency);
  batch_record& batch = of.batches[place.batch];
  v1::Payout& payout = batch.payouts[place.payout];
  const bool was_paid = payout.state() == v1::Payout::PAID;
  const bool is_paid = result.event() == v1::PayoutResult::PAID;
  const ledger::transfer_id held{payment::number_of("payout", payout.id())};
  ledger::transfer moved{.id = {payment::number_of(is_paid ? "paid" : "returned", payout.id())},
                         .debit_account_id = {},
                         .credit_account_id = {},
                         .amount = was_paid || is_paid ? static_cast<u128>(payout.amount()) : 0,
                         .pending_id = held,
                         .flags = is_paid ? ledger::transfer_flags::post_pending
                                          : ledger::transfer_flags::void_pending,
                         .timestamp = {}};
  if (was_paid) {
    const auto original = on.money.find(held);
    DUCAT_CHECK(original.has_value());
    moved.debit_account_id = original->credit_account_id;
    moved.credit_account_id = original->debit_account_id;
    moved.pending_id = {};
    moved.flags = ledger::transfer_flags::none;
    moved.ledger = place.currency;
    moved.code = static_cast<std::uint16_t>(code::returned);
    take_off(*batch.facts.mutable_paid(), payout.amount());
  }
  DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&moved, 1)).front() ==
              ledger::transfer_outcome::ok);
  payout.set_state(is_paid ? v1::Payout::PAID : v1::Payout::RETURNED);
  payout.set_reason(result.reason());
  payout.set_resolved_at_ns(on.where.at.nanoseconds);
  count(is_paid ? *batch.facts.mutable_paid() : *batch.facts.mutable_returned(), payout.amount());
  if (batch.facts.state() != v1::PayoutBatch::BATCHING && has_ended(batch.facts))
    batch.facts.set_state(v1::PayoutBatch::DONE);
  note_changed(of, batch, place.payout);
  note_changed(of, batch);
}

namespace {

v1::SettlementFile file_of(const effect& on, const v1::RecordFile& command) {
  v1::SettlementFile out;
  out.set_of(command.of());
  out.set_name(command.name());
  out.set_sha256(hex_of(command.sha256()));
  out.set_size(command.size());
  out.set_index(on.where.index);
  return out;
}

} // namespace

v1::SettlementAnswer book::apply(const effect& on, const v1::RecordFile& command) {
  v1::SettlementAnswer out;
  if (auto [of, settlement] = find_settlement(command.of()); settlement != nullptr) {
    *settlement->facts.add_files() = file_of(on, command);
    note_changed(*of, *settlement);
    *out.mutable_settlements()->add_data() = view(*settlement);
    return out;
  }
  auto [of, batch] = find_batch(command.of());
  *batch->facts.add_files() = file_of(on, command);
  if (command.submits() && batch->facts.state() == v1::PayoutBatch::BATCHED) {
    batch->facts.set_state(v1::PayoutBatch::SUBMITTED);
    for (std::size_t i = 0; i < batch->payouts.size(); ++i)
      if (batch->payouts[i].state() == v1::Payout::BATCHED) {
        batch->payouts[i].set_state(v1::Payout::SUBMITTED);
        note_changed(*of, *batch, i);
      }
  }
  note_changed(*of, *batch);
  return answer_of(batch->facts);
}

} // namespace ducat::settlement
