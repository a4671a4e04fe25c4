/// What is shown of a record of settlement.

#include "settlement/book.hpp"
#include "settlement/terms.hpp"

#include <ducat/payment/currency.hpp>

namespace ducat::settlement {

namespace {

std::int64_t posted_of(const ledger::account& account) {
  return static_cast<std::int64_t>(account.credits_posted) -
         static_cast<std::int64_t>(account.debits_posted);
}

} // namespace

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out.push_back(digits[static_cast<unsigned char>(byte) >> 4U]);
    out.push_back(digits[static_cast<unsigned char>(byte) & 0xFU]);
  }
  return out;
}

v1::SettlementLedger book::view(const ledger_record& of) const {
  v1::SettlementLedger out;
  *out.mutable_terms() = of.terms;
  out.set_open_window(of.windows.size());
  out.set_next_batch(
      of.batches.size() +
      (!of.batches.empty() && of.batches.back().facts.state() == v1::PayoutBatch::BATCHING ? 0
                                                                                           : 1));
  out.set_unsettled_from(of.unsettled_from);
  out.set_next_settlement(of.settlements.size() + 1);
  return out;
}

v1::Window book::view(const window_record& window) const {
  v1::Window out = window.facts;
  *out.mutable_total() = message_of(window.total);
  out.set_merchants(window.merchants.size() + window.let_go);
  return out;
}

v1::Settlement book::view(const settlement_record& settlement) const {
  v1::Settlement out = settlement.facts;
  out.set_steps(steps_of(settlement));
  return out;
}

v1::Merchant book::view(const merchant_record& merchant, const surroundings& around) const {
  const auto account = [&](std::uint32_t place) -> const ledger::account& {
    return *around.money.find(around.accounts.records[place].number);
  };
  v1::Merchant out;
  *out.mutable_terms() = merchant.terms;
  out.set_currency(std::string{payment::find_currency(merchant.currency)->code});
  out.set_pending(posted_of(account(merchant.account)));
  out.set_available(posted_of(account(merchant.available)) -
                    static_cast<std::int64_t>(account(merchant.available).debits_pending));
  out.set_reserve(posted_of(account(merchant.reserve)));
  out.set_held(static_cast<std::int64_t>(account(merchant.available).debits_pending));
  out.set_unpaid_from(merchant.unpaid_from);
  return out;
}

v1::Participant book::view(std::uint32_t participant, const surroundings& around) const {
  const participant_record& of = participants_[participant];
  v1::Participant out;
  *out.mutable_terms() = of.terms;
  out.set_liquidity(liquidity_of(of, around));
  out.set_unsettled(unsettled_of(participant));
  out.set_reserved(reserved_of(of, around));
  return out;
}

} // namespace ducat::settlement
