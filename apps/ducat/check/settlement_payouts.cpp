/// Payouts: what is available is held for one, and leaves once or comes back.

#include "check/settlement.hpp"

#include <algorithm>
#include <charconv>

namespace ducat::cli {

namespace {

constexpr std::uint64_t looked_at_a_step = 64;

} // namespace

v1::PayoutBatch::State checked_batch::state() const noexcept {
  if (!is_complete)
    return v1::PayoutBatch::BATCHING;
  const auto is_resolved = [](const checked_payout& each) { return each.now >= v1::Payout::PAID; };
  if (std::ranges::all_of(payouts, is_resolved))
    return v1::PayoutBatch::DONE;
  return is_submitted ? v1::PayoutBatch::SUBMITTED : v1::PayoutBatch::BATCHED;
}

std::optional<finding> settlement_book::apply(const v1::BatchPayouts& command) {
  const std::string id = "pob_" + command.currency() + "_" + std::to_string(command.batch());
  checked_ledger* of = ledger(command.currency());
  if (of == nullptr || command.batch() == 0 || command.batch() > of->batches.size() + 1)
    return make_finding(finding_kind::impossible, id, "it is not the next batch");
  const bool is_new = command.batch() == of->batches.size() + 1;
  if (is_new && !of->batches.empty() && !of->batches.back().is_complete)
    return make_finding(finding_kind::impossible, id, "the batch before is not complete");
  if (is_new)
    of->batches.push_back({.id = id});
  checked_batch& batch = of->batches[command.batch() - 1];
  if (batch.is_complete || command.step() < batch.step)
    return make_finding(finding_kind::doubled, id,
                        "step " + std::to_string(command.step()) + " was done before");
  if (command.step() > batch.step)
    return make_finding(finding_kind::impossible, id, "a step before the one before it");
  ++batch.step;
  std::uint64_t looked_at = 0;
  for (; batch.next < merchants_.size() && looked_at < looked_at_a_step; ++batch.next)
    if (merchants_[batch.next].currency == command.currency()) {
      pay(*of, batch, batch.next);
      ++looked_at;
    }
  batch.is_complete = batch.next == merchants_.size();
  return std::nullopt;
}

void settlement_book::pay(checked_ledger& of, checked_batch& batch, merchant_number merchant) {
  checked_merchant& record = merchants_[merchant];
  const i128 available = books_.at(record.available).available();
  if (available <= 0 || available < record.terms.payout_minimum() ||
      record.terms.bank().iban().empty())
    return;
  checked_payout made{.id = "po_" + of.terms.currency() + "_" + std::to_string(of.batches.size()) +
                            "_" + std::to_string(batch.payouts.size() + 1),
                      .merchant = merchant,
                      .amount = static_cast<std::int64_t>(available)};
  if (record.unpaid_from < of.unsettled_from) {
    made.first = record.unpaid_from;
    made.last = of.unsettled_from - 1;
    record.unpaid_from = of.unsettled_from;
  }
  books_.hold(record.available, books_.find("settlement.bank." + record.currency), made.amount);
  of.on_the_way += made.amount;
  batch.payouts.push_back(std::move(made));
}

/// Its id names its currency, batch and place.
checked_payout* settlement_book::payout(const std::string& id) {
  const std::size_t after_place = id.rfind('_');
  const std::size_t after_batch = id.rfind('_', after_place - 1);
  if (!id.starts_with("po_") || after_place == id.npos || after_batch < 3)
    return nullptr;
  checked_ledger* of = ledger(id.substr(3, after_batch - 3));
  std::uint64_t batch = 0;
  std::uint64_t place = 0;
  (void)std::from_chars(id.data() + after_batch + 1, id.data() + after_place, batch);
  (void)std::from_chars(id.data() + after_place + 1, id.data() + id.size(), place);
  if (of == nullptr || batch == 0 || batch > of->batches.size() || place == 0 ||
      place > of->batches[batch - 1].payouts.size())
    return nullptr;
  checked_payout& found = of->batches[batch - 1].payouts[place - 1];
  return found.id == id ? &found : nullptr;
}

/// A payout is paid at most once, and what has come back stays so. Results that say nothing new are
/// passed by if others of the same command do.
std::optional<finding> settlement_book::apply(const v1::ResolvePayouts& command) {
  bool is_news = false;
  for (const v1::PayoutResult& each : command.results()) {
    checked_payout* found = payout(each.payout());
    if (found == nullptr)
      return make_finding(finding_kind::impossible, each.payout(), "the result of no payout");
    const bool is_paid = each.event() == v1::PayoutResult::PAID;
    if (found->now == v1::Payout::RETURNED || (is_paid && found->now == v1::Payout::PAID))
      continue;
    is_news = true;
    resolve(ledgers_.at(merchants_[found->merchant].currency), *found, is_paid);
  }
  if (is_news)
    return std::nullopt;
  return make_finding(finding_kind::doubled,
                      command.results().empty() ? "payouts" : command.results(0).payout(),
                      "its result was known before");
}

void settlement_book::resolve(checked_ledger& of, checked_payout& payout, bool is_paid) {
  const checked_merchant& record = merchants_[payout.merchant];
  const books::number bank = books_.find("settlement.bank." + record.currency);
  const bool was_paid = payout.now == v1::Payout::PAID;
  if (was_paid) {
    books_.post(bank, record.available, payout.amount);
    of.paid_out -= payout.amount;
  } else {
    books_.release(record.available, bank, payout.amount);
    of.on_the_way -= payout.amount;
  }
  if (is_paid) {
    books_.post(record.available, bank, payout.amount);
    of.paid_out += payout.amount;
  }
  payout.now = is_paid ? v1::Payout::PAID : v1::Payout::RETURNED;
}

} // namespace ducat::cli
