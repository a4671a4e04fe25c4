/// Steps of a settlement that merchants are settled by.

#include "settlement/ids.hpp"
#include "settlement/move_amount.hpp"

#include <ducat/settlement/reserve.hpp>

#include <algorithm>

namespace ducat::settlement {

namespace {

reserve_terms reserve_terms_of(const v1::PutMerchant& terms) {
  return {.basis_points = terms.reserve_basis_points(), .windows = terms.reserve_windows()};
}

} // namespace

bool book::is_to_settle(const ledger_record& of, const settlement_record& settlement,
                        std::uint32_t merchant) const {
  const merchant_record& record = merchants_[merchant];
  if (record.currency != of.currency)
    return false;
  if (is_release_due(record, settlement.facts.last_window()))
    return true;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    if (of.windows[number - 1].merchants.contains(merchant))
      return true;
  return false;
}

void book::settle_merchants(const effect& on, ledger_record& of, settlement_record& settlement) {
  settlement.facts.set_state(v1::Settlement::SETTLING);
  std::uint32_t settled = 0;
  std::uint32_t& next = settlement.cursor;
  for (; next < merchants_.size() && settled < merchants_per_step; ++next)
    if (is_to_settle(of, settlement, next)) {
      settle_merchant(on, of, settlement, next);
      ++settled;
    }
  settlement.facts.set_merchants_settled(settlement.facts.merchants_settled() + settled);
  if (next == merchants_.size())
    end(on, of, settlement);
}

/// Fees go to the fees' account, and interchange from there; others' parts and what is left to what
/// each has available. The merchant's account has nothing of the windows any more then.
void book::settle_merchant(const effect& on, ledger_record& of, settlement_record& settlement,
                           std::uint32_t merchant) {
  accrual sums;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    if (const auto found = of.windows[number - 1].merchants.find(merchant);
        found != of.windows[number - 1].merchants.end())
      sums.add(found->second);
  const merchant_record& record = merchants_[merchant];
  const std::string name = settlement.facts.id() + "/" + std::to_string(merchant) + "/";
  const std::string& currency = of.terms.currency();
  const account_record& pending = on.accounts.records[record.account];
  const account_record& available = on.accounts.records[record.available];
  const account_record& fees = *on.accounts.find(hub_account("fees", currency));
  move_amount(on, pending, fees, sums.fees - sums.given_back, code::fee, name + "fees");
  move_amount(on, fees, *on.accounts.find(hub_account("interchange", currency)), sums.interchange,
              code::interchange, name + "interchange");
  for (const auto& [to, amount] : sums.splits)
    move_amount(on, pending, on.accounts.records[merchants_[to].available], amount, code::split,
                name + "split/" + std::to_string(to));
  move_amount(on, pending, available, own_net(sums), code::settled, name + "net");
  hold_reserve(on, of, settlement, merchant, sums);
}

/// A part of what was captured is held for later windows' refunds and disputes, but no more than
/// the windows bring; what was held long enough is released.
void book::hold_reserve(const effect& on, ledger_record& of, settlement_record& settlement,
                        std::uint32_t merchant, const accrual& sums) {
  merchant_record& record = merchants_[merchant];
  const account_record& available = on.accounts.records[record.available];
  const account_record& reserve = on.accounts.records[record.reserve];
  const std::string name = settlement.facts.id() + "/" + std::to_string(merchant) + "/reserve";
  const std::uint64_t newest = settlement.facts.last_window();
  std::int64_t released = 0;
  while (is_release_due(record, newest)) {
    released += record.reserves.begin()->second;
    record.reserves.erase(record.reserves.begin());
  }
  const std::int64_t held =
      std::clamp<std::int64_t>(held_of(reserve_terms_of(record.terms), sums.captures.amount), 0,
                               std::max<std::int64_t>(net(sums), 0));
  move_amount(on, reserve, available, released, code::release, name + "/released");
  move_amount(on, available, reserve, held, code::reserve, name + "/held");
  if (held != 0)
    record.reserves[newest] += held;
  if (held == 0 && released == 0)
    return;
  window_record& window = of.windows[newest - 1];
  accrual moved;
  moved.reserved = held;
  moved.released = released;
  window.total.add(moved);
  changed(window, merchant).add(moved);
  changed_.insert({.what = row_id::kind::merchant, .place = merchant});
}

} // namespace ducat::settlement
