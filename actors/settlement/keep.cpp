/// Settlement's rows, as they are stored.

#include "settlement/row_key.hpp"
#include "settlement/terms.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/v1/settlement_state.pb.h>

#include <algorithm>
#include <utility>

namespace ducat::settlement {

namespace {

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
  add_let_go_rows(out);
  std::ranges::sort(out, {}, &ledger::kept_row::key);
  for (const auto& [payment, facts] : disputes_)
    out.push_back({std::string{dispute_prefix} + payment, facts.SerializeAsString()});
  return out;
}

} // namespace ducat::settlement
