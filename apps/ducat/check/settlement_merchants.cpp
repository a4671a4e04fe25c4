/// Steps of a settlement in which merchants get what is theirs.

#include "check/settlement.hpp"

#include <algorithm>

namespace ducat::cli {

namespace {

constexpr std::uint64_t merchants_a_step = 64;

} // namespace

bool settlement_book::is_due(const checked_ledger& of, const checked_settlement& what,
                             merchant_number merchant) const {
  const checked_merchant& record = merchants_[merchant];
  if (record.currency != of.terms.currency())
    return false;
  if (!record.reserves.empty() &&
      record.reserves.begin()->first + record.terms.reserve_windows() <= what.last)
    return true;
  for (std::uint64_t number = what.first; number <= what.last; ++number)
    if (of.windows[number - 1].merchants.contains(merchant))
      return true;
  return false;
}

void settlement_book::settle_some(checked_ledger& of, checked_settlement& what) {
  what.now = v1::Settlement::SETTLING;
  std::uint64_t settled = 0;
  for (; what.next < merchants_.size() && settled < merchants_a_step; ++what.next)
    if (is_due(of, what, what.next)) {
      settle(of, what, what.next);
      ++settled;
    }
  what.settled += settled;
  if (what.next == merchants_.size())
    end(of, what);
}

/// Moves an amount; one below 0 goes the other way, and from an account to itself goes none.
void settlement_book::move(books::number from, books::number to, std::int64_t amount) {
  if (from == to)
    return;
  if (amount > 0)
    books_.post(from, to, amount);
  else if (amount < 0)
    books_.post(to, from, -amount);
}

void settlement_book::settle(checked_ledger& of, const checked_settlement& what,
                             merchant_number merchant) {
  const checked_merchant& record = merchants_[merchant];
  const books::number fees = books_.find("settlement.fees." + record.currency);
  const books::number interchange = books_.find("settlement.interchange." + record.currency);
  window_sums sums;
  for (std::uint64_t number = what.first; number <= what.last; ++number) {
    const checked_window& window = of.windows[number - 1];
    if (const auto found = window.merchants.find(merchant); found != window.merchants.end())
      sums.add(found->second);
    if (const auto parts = window.splits.find(merchant); parts != window.splits.end())
      for (const auto& [to, amount] : parts->second)
        move(record.account, merchants_[to].available, amount);
  }
  move(record.account, fees, sums.fees - sums.given_back);
  move(fees, interchange, sums.interchange);
  move(record.account, record.available, sums.own());
  hold_back(of, what, merchant, sums);
}

/// The rolling reserve: some of what was captured is held, and what was held long enough is free.
void settlement_book::hold_back(checked_ledger& of, const checked_settlement& what,
                                merchant_number merchant, const window_sums& sums) {
  checked_merchant& record = merchants_[merchant];
  window_sums moved;
  std::erase_if(record.reserves, [&](const auto& each) {
    const bool is_over = each.first + record.terms.reserve_windows() <= what.last;
    moved.released += is_over ? each.second : 0;
    return is_over;
  });
  const std::int64_t wanted =
      sums.captures.amount <= 0
          ? 0
          : nearest_part(sums.captures.amount, record.terms.reserve_basis_points(), 10'000);
  moved.reserved = std::min(wanted, std::max<std::int64_t>(sums.net(), 0));
  if (moved == window_sums{})
    return;
  move(record.reserve, record.available, moved.released);
  move(record.available, record.reserve, moved.reserved);
  if (moved.reserved != 0)
    record.reserves[what.last] += moved.reserved;
  checked_window& newest = of.windows[what.last - 1];
  newest.merchants[merchant].add(moved);
  newest.total.add(moved);
}

/// The hub has nothing left, and a window is the sum of its merchants.
void settlement_book::end(checked_ledger& of, checked_settlement& what) {
  what.now = v1::Settlement::SETTLED;
  for (std::uint64_t number = what.first; number <= what.last; ++number) {
    checked_window& window = of.windows[number - 1];
    window.now = v1::Window::SETTLED;
    what.total.add(window.total);
    window_sums all;
    for (const auto& [merchant, sums] : window.merchants)
      all.add(sums);
    if (all != window.total)
      wrong_sums_.push_back(
          make_finding(finding_kind::unbalanced,
                       "window " + std::to_string(number) + " of " + of.terms.currency(),
                       "it is not the sum of its members"));
  }
  const std::int64_t left = own_balance("hub", of.terms.currency());
  if (left != 0)
    wrong_sums_.push_back(make_finding(finding_kind::unbalanced,
                                       "settlement.hub." + of.terms.currency(),
                                       "after " + what.id + " it is " + std::to_string(left)));
  pass_settled(of);
}

} // namespace ducat::cli
