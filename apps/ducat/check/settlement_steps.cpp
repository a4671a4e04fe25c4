/// Settlements, from step to step.

#include "check/settlement.hpp"

#include <algorithm>
#include <iterator>

namespace ducat::cli {

namespace {

/// Amounts by who gets them; below 0: who pays them.
using net_sums = std::map<std::string, i128>;

std::vector<checked_leg> legs_through_hub(const net_sums& nets) {
  std::vector<checked_leg> legs;
  for (const auto& [who, net] : nets)
    if (net < 0)
      legs.push_back({who, "", static_cast<std::int64_t>(-net)});
  for (const auto& [who, net] : nets)
    if (net > 0)
      legs.push_back({"", who, static_cast<std::int64_t>(net)});
  return legs;
}

} // namespace

std::pair<checked_ledger*, checked_settlement*> settlement_book::settlement(const std::string& id) {
  for (auto& [currency, of] : ledgers_)
    for (checked_settlement& each : of.settlements)
      if (each.id == id)
        return {&of, &each};
  return {nullptr, nullptr};
}

std::optional<finding> settlement_book::apply(const v1::StartSettlement& command) {
  const auto wrong = [&](finding_kind kind, std::string text) {
    return make_finding(kind,
                        "settlement of windows " + std::to_string(command.first_window()) + " to " +
                            std::to_string(command.last_window()) + " of " + command.currency(),
                        std::move(text));
  };
  checked_ledger* of = ledger(command.currency());
  const std::uint64_t first = command.first_window();
  const std::uint64_t last = command.last_window();
  if (of == nullptr || first == 0 || last < first || last >= of->windows.size())
    return wrong(finding_kind::impossible, "of windows that are not cut");
  if (command.number() != 0 && command.number() <= of->settlements.size())
    return wrong(finding_kind::doubled, "its number was used before");
  if (first < of->unsettled_from)
    return wrong(finding_kind::doubled, "a window was settled before");
  if (first > of->unsettled_from || command.number() > of->settlements.size() + 1)
    return wrong(finding_kind::impossible, "it is not the next one");
  for (std::uint64_t number = first; number <= last; ++number) {
    const checked_window& window = of->windows[number - 1];
    if (window.now == v1::Window::PENDING_SETTLEMENT)
      return wrong(finding_kind::doubled, "a window is in another settlement");
    if (window.model != of->windows[first - 1].model)
      return wrong(finding_kind::impossible, "of windows of two models");
  }
  for (std::uint64_t number = first; number <= last; ++number)
    if (checked_window& window = of->windows[number - 1]; window.now != v1::Window::SETTLED)
      window.now = v1::Window::PENDING_SETTLEMENT;
  of->settlements.push_back(
      {.id = "set_" + command.currency() + "_" + std::to_string(of->settlements.size() + 1),
       .first = first,
       .last = last});
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::AdvanceSettlement& command) {
  const auto [of, found] = settlement(command.id());
  if (found == nullptr)
    return make_finding(finding_kind::impossible, command.id(), "a step of no settlement");
  if (command.step() < found->step || found->now >= v1::Settlement::SETTLED)
    return make_finding(finding_kind::doubled, command.id(),
                        "step " + std::to_string(command.step()) + " was done before");
  if (command.step() > found->step)
    return make_finding(finding_kind::impossible, command.id(),
                        "step " + std::to_string(command.step()) + " before the one before it");
  ++found->step;
  switch (found->now) {
  case v1::Settlement::PENDING_SETTLEMENT:
    return record(*of, *found);
  case v1::Settlement::PS_TRANSFERS_RECORDED:
    reserve(*of, *found);
    return std::nullopt;
  case v1::Settlement::PS_TRANSFERS_RESERVED:
    commit(*of, *found);
    return std::nullopt;
  default:
    settle_some(*of, *found);
    return std::nullopt;
  }
}

std::optional<finding> settlement_book::apply(const v1::AbortSettlement& command) {
  const auto [of, found] = settlement(command.id());
  if (found == nullptr)
    return make_finding(finding_kind::impossible, command.id(), "no settlement was aborted");
  if (found->now == v1::Settlement::ABORTED)
    return make_finding(finding_kind::doubled, command.id(), "it was aborted before");
  if (found->now > v1::Settlement::PS_TRANSFERS_RESERVED)
    return make_finding(finding_kind::impossible, command.id(),
                        "it was aborted after it was committed");
  if (found->now == v1::Settlement::PS_TRANSFERS_RESERVED)
    for (const checked_leg& leg : found->legs)
      if (!leg.from.empty())
        books_.release(account_of(leg.from, of->terms.currency()),
                       account_of(leg.to, of->terms.currency()), leg.amount);
  give_up(*of, *found);
  return std::nullopt;
}

void settlement_book::give_up(checked_ledger& of, checked_settlement& what) {
  what.now = v1::Settlement::ABORTED;
  for (std::uint64_t number = what.first; number <= what.last; ++number)
    if (checked_window& window = of.windows[number - 1];
        window.now == v1::Window::PENDING_SETTLEMENT)
      window.now = v1::Window::ABORTED;
}

// Positions --------------------------------------------------------------------------------------

/// The bilateral positions are to add up to the multilateral ones, and those to 0.
std::optional<finding> settlement_book::record(checked_ledger& of, checked_settlement& what) {
  std::map<std::pair<std::string, std::string>, i128> by_pair; ///< To the first, by the second.
  net_sums nets;
  for (std::uint64_t number = what.first; number <= what.last; ++number)
    for (const auto& [pair, amount] : of.windows[number - 1].owed) {
      const std::string& from = participants_[pair.first].terms.id();
      const std::string& to = participants_[pair.second].terms.id();
      nets[from] -= amount;
      nets[to] += amount;
      by_pair[std::minmax(from, to)] += to < from ? amount : -amount;
    }
  if (of.windows[what.first - 1].model == v1::NET_MULTILATERAL_DEFERRED) {
    what.legs = legs_through_hub(nets);
  } else {
    for (const auto& [pair, net] : by_pair)
      if (net != 0)
        what.legs.push_back(
            net > 0 ? checked_leg{pair.second, pair.first, static_cast<std::int64_t>(net)}
                    : checked_leg{pair.first, pair.second, static_cast<std::int64_t>(-net)});
  }
  i128 sum = 0;
  for (const auto& [pair, net] : by_pair) {
    nets[pair.first] -= net;
    nets[pair.second] += net;
  }
  const bool are_equal =
      std::ranges::all_of(nets, [](const auto& each) { return each.second == 0; });
  for (const checked_leg& leg : what.legs)
    sum += leg.from.empty() ? leg.amount : leg.to.empty() ? -leg.amount : 0;
  what.now = v1::Settlement::PS_TRANSFERS_RECORDED;
  if (are_equal && sum == 0)
    return std::nullopt;
  return make_finding(finding_kind::unbalanced, what.id,
                      sum == 0 ? "the positions of pairs do not add up to those of all"
                               : "the positions add up to " + decimal(sum));
}

books::number settlement_book::account_of(const std::string& participant,
                                          const std::string& currency) const {
  return books_.find(participant.empty() ? "settlement.hub." + currency
                                         : participant + ".settlement");
}

/// All debtors' money is held, or nobody's.
void settlement_book::reserve(checked_ledger& of, checked_settlement& what) {
  const std::string& currency = of.terms.currency();
  std::vector<const checked_leg*> held;
  bool is_short = false;
  for (const checked_leg& leg : what.legs) {
    if (leg.from.empty() || is_short)
      continue;
    is_short = !books_.can_spend(account_of(leg.from, currency), leg.amount);
    if (is_short)
      continue;
    books_.hold(account_of(leg.from, currency), account_of(leg.to, currency), leg.amount);
    held.push_back(&leg);
  }
  if (!is_short) {
    what.now = v1::Settlement::PS_TRANSFERS_RESERVED;
    return;
  }
  for (const checked_leg* leg : held)
    books_.release(account_of(leg->from, currency), account_of(leg->to, currency), leg->amount);
  give_up(of, what);
}

void settlement_book::commit(checked_ledger& of, checked_settlement& what) {
  const std::string& currency = of.terms.currency();
  for (const checked_leg& leg : what.legs) {
    const books::number from = account_of(leg.from, currency);
    const books::number to = account_of(leg.to, currency);
    if (!leg.from.empty())
      books_.release(from, to, leg.amount);
    books_.post(from, to, leg.amount);
  }
  what.now = v1::Settlement::PS_TRANSFERS_COMMITTED;
}

} // namespace ducat::cli
