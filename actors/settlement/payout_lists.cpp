/// Payouts of batches, and of merchants.

#include "settlement/book.hpp"
#include "settlement/page.hpp"

#include <algorithm>

namespace ducat::settlement {

void book::index_payout(const ledger_record& of, const payout_place& at) {
  const v1::Payout& made = of.batches[at.batch].payouts[at.payout];
  auto& all = merchants_[merchants_by_id_.at(made.merchant())].payouts;
  const std::uint64_t before = all.empty() ? 0 : all.back().paid_to;
  all.push_back({.batch = static_cast<std::uint32_t>(at.batch),
                 .place = static_cast<std::uint32_t>(at.payout),
                 .paid_to = std::max(before, made.last_window())});
}

v1::Membership book::membership(std::uint32_t payee, std::uint64_t window) const {
  v1::Membership out;
  const auto place = merchant_of_account_.find(payee);
  if (place == merchant_of_account_.end() || window == 0)
    return out;
  const merchant_record& merchant = merchants_[place->second];
  const ledger_record& of = ledgers_.at(merchant.currency);
  const v1::Window& facts = of.windows[window - 1].facts;
  out.set_window(window);
  out.set_state(facts.state() == v1::Window::SETTLED ? v1::Membership::SETTLED
                                                     : v1::Membership::ACCRUED);
  out.set_settlement(facts.settlement());
  if (out.state() != v1::Membership::SETTLED)
    return out;
  const auto found =
      std::ranges::lower_bound(merchant.payouts, window, {}, &merchant_payout::paid_to);
  if (found == merchant.payouts.end())
    return out;
  out.set_state(v1::Membership::PAID_OUT);
  out.set_payout(of.batches[found->batch].payouts[found->place].id());
  return out;
}

void book::list_payouts(payout_page& reply, const batch_record& batch,
                        const std::optional<payout_place>& last) const {
  for (std::size_t place = last ? last->payout + 1 : 0; place < batch.payouts.size(); ++place)
    if (!reply.add([&] { return batch.payouts[place]; }))
      return;
}

/// The newest first.
void book::list_payouts(payout_page& reply, const merchant_record& merchant,
                        const std::optional<payout_place>& last) const {
  const auto& batches = ledgers_.at(merchant.currency).batches;
  auto end = merchant.payouts.end();
  if (last)
    end = std::ranges::lower_bound(merchant.payouts, last->batch, {}, &merchant_payout::batch);
  while (end != merchant.payouts.begin()) {
    --end;
    if (!reply.add([&] { return batches[end->batch].payouts[end->place]; }))
      return;
  }
}

v1::SettlementAnswer book::ask(const v1::ListPayoutsRequest& question, verdict& refused) const {
  std::optional<payout_place> last;
  const batch_record* batch = find_batch(question.batch()).second;
  const merchant_record* merchant = find_merchant(question.merchant());
  if (!question.batch().empty() && batch == nullptr) {
    refused = {.why = refusal::batch_not_found, .param = "batch"};
    return {};
  }
  if (!question.starting_after().empty()) {
    last = find_payout(question.starting_after());
    const v1::Payout* named =
        last ? &ledgers_.at(last->currency).batches[last->batch].payouts[last->payout] : nullptr;
    if (named == nullptr || (batch != nullptr ? named->batch() != batch->facts.id()
                                              : named->merchant() != question.merchant())) {
      refused = {.why = refusal::cursor_not_found, .param = "starting_after"};
      return {};
    }
  }
  v1::SettlementAnswer out;
  page reply{*out.mutable_payouts(), question.limit()};
  if (batch != nullptr)
    list_payouts(reply, *batch, last);
  else if (merchant != nullptr)
    list_payouts(reply, *merchant, last);
  return out;
}

} // namespace ducat::settlement
