/// Settlement's rows, taken back from the store.

#include "settlement/row_key.hpp"
#include "settlement/terms.hpp"

#include <ducat/payment/currency.hpp>
#include <ducat/v1/settlement_state.pb.h>

namespace ducat::settlement {

namespace {

template <class Message>
bool parse_row(std::string_view value, Message& into) {
  return into.ParseFromArray(value.data(), static_cast<int>(value.size()));
}

} // namespace

bool book::restore(std::string_view key, std::string_view value, const account_table& accounts) {
  if (key.starts_with(dispute_prefix)) {
    v1::StoredDispute stored;
    if (!parse_row(value, stored))
      return false;
    disputes_[std::string{key.substr(dispute_prefix.size())}] = stored.facts();
    return true;
  }
  const auto id = row_in(key);
  if (!id)
    return false;
  if (id->what == row_id::kind::participant)
    return restore_participant(*id, value, accounts);
  if (id->what == row_id::kind::merchant)
    return restore_merchant(*id, value, accounts);
  if (id->what == row_id::kind::ledger) {
    v1::StoredSettlementLedger stored;
    if (!parse_row(value, stored))
      return false;
    ledgers_[id->currency] = {.terms = stored.terms(),
                              .currency = id->currency,
                              .unsettled_from = stored.unsettled_from(),
                              .kept_from = stored.unsettled_from()};
    return true;
  }
  const auto of = ledgers_.find(id->currency);
  return of != ledgers_.end() && restore_of_ledger(*id, value, of->second);
}

bool book::restore_of_ledger(const row_id& id, std::string_view value, ledger_record& of) {
  switch (id.what) {
  case row_id::kind::window: {
    v1::StoredWindow stored;
    if (!parse_row(value, stored) || id.number != of.windows.size() + 1)
      return false;
    of.windows.push_back({.facts = stored.facts()});
    for (const v1::StoredObligation& each : stored.obligations())
      of.windows.back().owed[{each.from(), each.to()}] = each.amount();
    return true;
  }
  case row_id::kind::accrual: {
    v1::StoredAccrual stored;
    if (!parse_row(value, stored) || id.number == 0 || id.number > of.windows.size() ||
        id.place >= merchants_.size())
      return false;
    accrual sums = accrual_in(stored);
    window_record& window = of.windows[id.number - 1];
    window.total.add(sums);
    window.total.splits.clear();
    if (id.number >= of.unsettled_from)
      window.merchants[id.place] = std::move(sums);
    else
      note_let_go(window, id.place, sums);
    return true;
  }
  case row_id::kind::settlement: {
    v1::StoredSettlement stored;
    if (!parse_row(value, stored) || id.number != of.settlements.size() + 1)
      return false;
    of.settlements.push_back({.facts = stored.facts(), .cursor = stored.cursor()});
    return true;
  }
  case row_id::kind::batch: {
    v1::StoredPayoutBatch stored;
    if (!parse_row(value, stored) || id.number != of.batches.size() + 1)
      return false;
    of.batches.push_back({.facts = stored.facts(), .cursor = stored.cursor()});
    return true;
  }
  case row_id::kind::payout: {
    v1::StoredPayout stored;
    if (!parse_row(value, stored) || id.number == 0 || id.number > of.batches.size() ||
        id.place != of.batches[id.number - 1].payouts.size() ||
        !merchants_by_id_.contains(stored.facts().merchant()))
      return false;
    of.batches[id.number - 1].payouts.push_back(stored.facts());
    index_payout(of, {.currency = of.currency,
                      .batch = static_cast<std::size_t>(id.number - 1),
                      .payout = id.place});
    return true;
  }
  default:
    return false;
  }
}

bool book::restore_participant(const row_id& id, std::string_view value,
                               const account_table& accounts) {
  v1::StoredParticipant stored;
  if (!parse_row(value, stored) || id.place != participants_.size())
    return false;
  const account_record* own = accounts.find(stored.terms().id() + ".settlement");
  const auto currency = payment::find_currency(stored.terms().currency());
  if (own == nullptr || !currency)
    return false;
  for (const std::string& each : stored.terms().accounts()) {
    if (accounts.find(each) == nullptr)
      return false;
    participant_of_account_[accounts.place_of(each)] = id.place;
  }
  own_.insert(accounts.place_of(own->id));
  participants_.push_back({.terms = stored.terms(),
                           .currency = currency->number,
                           .settlement = accounts.place_of(own->id),
                           .interchange = fee_rule_of(stored.terms().interchange())});
  return true;
}

bool book::restore_merchant(const row_id& id, std::string_view value,
                            const account_table& accounts) {
  v1::StoredMerchant stored;
  if (!parse_row(value, stored) || id.place != merchants_.size())
    return false;
  const v1::PutMerchant& terms = stored.terms();
  const auto currency = payment::find_currency(stored.currency());
  for (const char* suffix : {"", ".available", ".reserve"})
    if (accounts.find(terms.id() + suffix) == nullptr)
      return false;
  if (!currency)
    return false;
  merchant_record merchant{.terms = terms,
                           .account = accounts.place_of(terms.id()),
                           .available = accounts.place_of(terms.id() + ".available"),
                           .reserve = accounts.place_of(terms.id() + ".reserve"),
                           .currency = currency->number,
                           .discount = fee_rule_of(terms.discount()),
                           .split = split_rule_of(terms.split()),
                           .unpaid_from = stored.unpaid_from(),
                           .month = stored.month(),
                           .volume = stored.volume()};
  for (const v1::StoredReserve& each : stored.reserves())
    merchant.reserves[each.window()] = each.amount();
  available_.insert(merchant.available);
  own_.insert(merchant.reserve);
  merchant_of_account_[merchant.account] = id.place;
  merchants_by_id_[terms.id()] = id.place;
  merchants_.push_back(std::move(merchant));
  return true;
}

} // namespace ducat::settlement
