/// Settlement's rows in the machine's store, which come back in this order:
///
///   key                                   value
///   "s/0/" currency                       v1.StoredSettlementLedger
///   "s/1/" … place                        v1.StoredParticipant
///   "s/2/" … place                        v1.StoredMerchant
///   "s/3/" currency, window               v1.StoredWindow
///   "s/4/" currency, window, merchant     v1.StoredAccrual
///   "s/5/" currency, number               v1.StoredSettlement
///   "s/6/" currency, number               v1.StoredPayoutBatch
///   "s/7/" currency, batch, place         v1.StoredPayout
///   "s/8/" payment                        v1.StoredDispute

#include "settlement/book.hpp"
#include "settlement/terms.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/v1/settlement_state.pb.h>

#include <cstdio>
#include <utility>

namespace ducat::settlement {

namespace {

constexpr std::string_view dispute_prefix = "s/8/";

std::string key_of(const row_id& row) {
  char text[64];
  std::snprintf(text, sizeof text, "s/%u/%04x/%016llx/%08x", static_cast<unsigned>(row.what),
                row.currency, static_cast<unsigned long long>(row.number), row.place);
  return text;
}

std::optional<row_id> row_in(std::string_view key) {
  unsigned what = 0;
  unsigned currency = 0;
  unsigned long long number = 0;
  unsigned place = 0;
  const std::string text{key};
  if (std::sscanf(text.c_str(), "s/%u/%x/%llx/%x", &what, &currency, &number, &place) != 4 ||
      what > static_cast<unsigned>(row_id::kind::payout))
    return std::nullopt;
  const row_id row{.what = static_cast<row_id::kind>(what),
                   .currency = currency,
                   .number = number,
                   .place = place};
  return key_of(row) == key ? std::optional{row} : std::nullopt;
}

v1::StoredWindow stored_of(const window_record& window) {
  v1::StoredWindow out;
  *out.mutable_facts() = window.facts;
  for (const auto& [pair, amount] : window.owed) {
    v1::StoredObligation& each = *out.add_obligations();
    each.set_from(pair.first);
    each.set_to(pair.second);
    each.set_amount(amount);
  }
  return out;
}

v1::StoredAccrual stored_of(const accrual& sums) {
  v1::StoredAccrual out;
  *out.mutable_sums() = message_of(sums);
  for (const auto& [to, amount] : sums.splits) {
    v1::StoredSplit& each = *out.add_splits();
    each.set_to(to);
    each.set_amount(amount);
  }
  return out;
}

v1::StoredMerchant stored_of(const merchant_record& merchant) {
  v1::StoredMerchant out;
  *out.mutable_terms() = merchant.terms;
  out.set_currency(std::string{payment::find_currency(merchant.currency)->code});
  out.set_unpaid_from(merchant.unpaid_from);
  out.set_month(merchant.month);
  out.set_volume(merchant.volume);
  for (const auto& [window, amount] : merchant.reserves) {
    v1::StoredReserve& each = *out.add_reserves();
    each.set_window(window);
    each.set_amount(amount);
  }
  return out;
}

template <class Message>
bool parse_row(std::string_view value, Message& into) {
  return into.ParseFromArray(value.data(), static_cast<int>(value.size()));
}

} // namespace

void book::note_changed(const ledger_record& of, const settlement_record& settlement) {
  changed_.insert({.what = row_id::kind::settlement,
                   .currency = of.currency,
                   .number = static_cast<std::uint64_t>(&settlement - of.settlements.data()) + 1});
}

void book::note_changed(const ledger_record& of, const batch_record& batch) {
  changed_.insert(
      {.what = row_id::kind::batch, .currency = of.currency, .number = batch.facts.number()});
}

void book::note_changed(const ledger_record& of, const batch_record& batch, std::size_t payout) {
  changed_.insert({.what = row_id::kind::payout,
                   .currency = of.currency,
                   .number = batch.facts.number(),
                   .place = static_cast<std::uint32_t>(payout)});
}

ledger::kept_row book::row(const row_id& id) const {
  const auto made = [&](const google::protobuf::MessageLite& message) {
    return ledger::kept_row{key_of(id), message.SerializeAsString()};
  };
  const auto of = [&]() -> const ledger_record& { return ledgers_.at(id.currency); };
  switch (id.what) {
  case row_id::kind::ledger: {
    v1::StoredSettlementLedger out;
    *out.mutable_terms() = of().terms;
    out.set_unsettled_from(of().unsettled_from);
    return made(out);
  }
  case row_id::kind::participant: {
    v1::StoredParticipant out;
    *out.mutable_terms() = participants_[id.place].terms;
    return made(out);
  }
  case row_id::kind::merchant:
    return made(stored_of(merchants_[id.place]));
  case row_id::kind::window:
    return made(stored_of(of().windows[id.number - 1]));
  case row_id::kind::accrual:
    return made(stored_of(of().windows[id.number - 1].merchants.at(id.place)));
  case row_id::kind::settlement: {
    v1::StoredSettlement out;
    *out.mutable_facts() = of().settlements[id.number - 1].facts;
    out.set_cursor(of().settlements[id.number - 1].cursor);
    return made(out);
  }
  case row_id::kind::batch: {
    v1::StoredPayoutBatch out;
    *out.mutable_facts() = of().batches[id.number - 1].facts;
    out.set_cursor(of().batches[id.number - 1].cursor);
    return made(out);
  }
  case row_id::kind::payout: {
    v1::StoredPayout out;
    *out.mutable_facts() = of().batches[id.number - 1].payouts[id.place];
    return made(out);
  }
  }
  DUCAT_CHECK(id.what <= row_id::kind::payout);
  return {};
}

std::vector<ledger::kept_row> book::take_changed_rows() {
  std::vector<ledger::kept_row> out;
  for (const row_id& each : std::exchange(changed_, {}))
    out.push_back(row(each));
  for (const std::string& payment : std::exchange(changed_disputes_, {})) {
    v1::StoredDispute stored;
    *stored.mutable_facts() = disputes_.at(payment);
    out.push_back({std::string{dispute_prefix} + payment, stored.SerializeAsString()});
  }
  return out;
}

std::vector<ledger::kept_row> book::all_rows() const {
  std::set<row_id> all;
  for (const auto& [currency, of] : ledgers_) {
    all.insert({.what = row_id::kind::ledger, .currency = currency});
    for (std::uint64_t number = 1; number <= of.windows.size(); ++number) {
      all.insert({.what = row_id::kind::window, .currency = currency, .number = number});
      for (const auto& [place, sums] : of.windows[number - 1].merchants)
        all.insert({.what = row_id::kind::accrual,
                    .currency = currency,
                    .number = number,
                    .place = place});
    }
    for (std::uint64_t number = 1; number <= of.settlements.size(); ++number)
      all.insert({.what = row_id::kind::settlement, .currency = currency, .number = number});
    for (std::uint64_t number = 1; number <= of.batches.size(); ++number) {
      all.insert({.what = row_id::kind::batch, .currency = currency, .number = number});
      for (std::uint32_t place = 0; place < of.batches[number - 1].payouts.size(); ++place)
        all.insert(
            {.what = row_id::kind::payout, .currency = currency, .number = number, .place = place});
    }
  }
  for (std::uint32_t place = 0; place < participants_.size(); ++place)
    all.insert({.what = row_id::kind::participant, .place = place});
  for (std::uint32_t place = 0; place < merchants_.size(); ++place)
    all.insert({.what = row_id::kind::merchant, .place = place});
  std::vector<ledger::kept_row> out;
  for (const row_id& each : all)
    out.push_back(row(each));
  for (const auto& [payment, facts] : disputes_)
    out.push_back({std::string{dispute_prefix} + payment, facts.SerializeAsString()});
  return out;
}

// Restoring --------------------------------------------------------------------------------------

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
                              .unsettled_from = stored.unsettled_from()};
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
    if (!parse_row(value, stored) || id.number == 0 || id.number > of.windows.size())
      return false;
    accrual sums = accrual_in(stored.sums());
    for (const v1::StoredSplit& each : stored.splits())
      sums.splits[each.to()] = each.amount();
    window_record& window = of.windows[id.number - 1];
    window.total.add(sums);
    window.total.splits.clear();
    window.merchants[id.place] = std::move(sums);
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
        id.place != of.batches[id.number - 1].payouts.size())
      return false;
    of.batches[id.number - 1].payouts.push_back(stored.facts());
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
  merchant_of_account_[merchant.account] = id.place;
  merchants_by_id_[terms.id()] = id.place;
  merchants_.push_back(std::move(merchant));
  return true;
}

} // namespace ducat::settlement
