/// What a month of payments comes to, computed anew: it shares nothing with what it checks. Whole
/// numbers in minor units; amounts are small, so that nothing overflows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::settlement::test {

using money = std::int64_t;
using party = std::string;

/// Returns a / b to the nearest whole, of two the even one. Requires a >= 0, b > 0.
inline money nearest(money a, money b) {
  const money rest = a % b * 2;
  return a / b + ((rest > b || (rest == b && a / b % 2 == 1)) ? 1 : 0);
}

struct model_fees {
  struct tier {
    money from, basis_points, fixed;
  };

  bool by_volume = false;
  std::vector<tier> tiers{};
  money minimum = 0;
  money maximum = 0;
  bool gives_back = false;

  money of(money amount, money volume) const {
    money fee = tiers.empty() ? 0 : minimum;
    for (const tier& each : tiers)
      if ((by_volume ? volume : amount) >= each.from)
        fee = std::max(minimum, nearest(amount * each.basis_points, 10'000) + each.fixed);
    return maximum == 0 ? fee : std::min(fee, maximum);
  }
};

struct model_terms {
  model_fees fees{};
  std::vector<std::pair<party, money>> hundredths{}; ///< The split, in order; sums up to 100.
  money reserve_points = 0;
  std::uint64_t reserve_windows = 0;
  money minimum = 0;
  bool has_bank = true;
};

/// What a window has of a merchant.
struct model_sums {
  money captures = 0, refunds = 0, disputes = 0, won = 0, fees = 0, back = 0, interchange = 0;
  money in = 0, reserved = 0, released = 0;
  std::map<party, money> out{};

  money gross() const { return captures - refunds - disputes + won; }

  money own() const {
    money sum = gross() - fees + back;
    for (const auto& [to, amount] : out)
      sum -= amount;
    return sum;
  }

  money net() const { return own() + in; }
};

enum class model_kind : std::uint8_t { gross, bilateral, multilateral };

class month_model {
public:
  model_kind kind{};
  std::map<party, model_terms> merchants{};
  std::map<party, party> bank_of{};          ///< The participant of an account.
  std::map<party, model_fees> interchange{}; ///< Of participants.
  std::map<party, money> liquidity{};        ///< The same: balances, with what is reserved.
  std::map<party, money> reserved{};         ///< For the settlement that is under way.
  std::vector<std::map<party, model_sums>> windows{1};
  std::vector<std::map<std::pair<party, party>, money>> owed{1};
  std::vector<std::uint32_t> dates{};
  std::map<party, money> balances{}; ///< Of every account whose balance is predicted.
  std::map<party, std::map<std::uint64_t, money>> reserves{};
  std::map<std::pair<party, std::uint32_t>, money> volumes{};
  std::set<std::size_t> releasing{}; ///< Windows that were cut when a reserve was due.
  std::size_t settled = 0;           ///< So many windows are.
  std::size_t committed = 0;         ///< Windows that are: what was owed in them has been paid.

  /// Returns the fee.
  money capture(const party& from, const party& to, money amount) {
    balances[from] -= amount;
    balances[to] += amount;
    model_sums& sums = windows.back()[to];
    const model_terms& terms = merchants[to];
    money& volume = volumes[{to, dates.back() / 100}];
    const money fee = terms.fees.of(amount, volume);
    const auto banks = between(from, to);
    const money earned = banks ? interchange[banks->first].of(amount, 0) : 0;
    volume += amount;
    sums.captures += amount;
    sums.fees += fee;
    sums.interchange += earned;
    divide(to, amount);
    if (banks)
      pass(banks->first, banks->second, amount - earned);
    return fee;
  }

  void refund(const party& from, const party& to, money amount, money back) {
    balances[from] += amount;
    balances[to] -= amount;
    windows.back()[to].refunds += amount;
    windows.back()[to].back += back;
    if (const auto banks = between(from, to))
      pass(banks->second, banks->first, amount);
  }

  void dispute(const party& to, money amount) {
    balances[to] -= amount;
    balances["settlement.disputes.EUR"] += amount;
    windows.back()[to].disputes += amount;
  }

  void win(const party& to, money amount) {
    balances[to] += amount;
    balances["settlement.disputes.EUR"] -= amount;
    windows.back()[to].won += amount;
  }

  void lose(const party& from, const party& to, money amount, money fee) {
    balances[from] += amount;
    balances["settlement.disputes.EUR"] -= amount;
    windows.back()[to].fees += fee;
    if (const auto banks = between(from, to))
      pass(banks->second, banks->first, amount);
  }

  void cut(std::uint32_t next_date) {
    const std::size_t number = windows.size();
    for (const auto& [merchant, held] : reserves)
      if (!held.empty() && held.begin()->first + merchants[merchant].reserve_windows <= number)
        releasing.insert(number);
    windows.emplace_back();
    owed.emplace_back();
    dates.push_back(next_date);
    pass_empty();
  }

  /// Returns what each participant has to pay for the windows up to `last`, and gets, added up.
  std::map<party, std::pair<money, money>> sides(std::size_t last) const {
    std::map<std::pair<party, party>, money> nets;
    for (std::size_t i = settled; i < last; ++i)
      for (const auto& [pair, amount] : owed[i]) {
        const auto& [from, to] = pair;
        if (kind == model_kind::multilateral) {
          nets[{from, ""}] += amount;
          nets[{to, ""}] -= amount;
        } else {
          nets[std::minmax(from, to)] += from < to ? amount : -amount;
        }
      }
    std::map<party, std::pair<money, money>> out;
    for (const auto& [pair, net] : nets) {
      out[pair.first].first += std::max<money>(net, 0);
      out[pair.first].second += std::max<money>(-net, 0);
      out[pair.second].first += std::max<money>(-net, 0);
      out[pair.second].second += std::max<money>(net, 0);
    }
    out.erase("");
    return out;
  }

  /// Returns false if one has not the liquidity.
  bool reserve(std::size_t last) {
    const auto all = sides(last);
    for (const auto& [bank, amounts] : all)
      if (amounts.first > liquidity[bank])
        return false;
    for (const auto& [bank, amounts] : all)
      reserved[bank] = amounts.first;
    return true;
  }

  void commit(std::size_t last) {
    committed = last;
    reserved.clear();
    for (const auto& [bank, amounts] : sides(last))
      liquidity[bank] += amounts.second - amounts.first;
  }

  void settle(std::size_t last) {
    for (const auto& [merchant, terms] : merchants)
      settle_merchant(merchant, terms, last);
    settled = last;
    pass_empty();
  }

  money owed_on_balance(const party& bank) const {
    money sum = 0;
    for (std::size_t i = std::max(settled, committed); i < owed.size(); ++i)
      for (const auto& [pair, amount] : owed[i])
        sum += pair.first == bank ? amount : pair.second == bank ? -amount : 0;
    return sum;
  }

  /// Returns the participants of the two, if they are two.
  std::optional<std::pair<party, party>> between(const party& from, const party& to) const {
    const auto a = bank_of.find(from);
    const auto b = bank_of.find(to);
    if (a == bank_of.end() || b == bank_of.end() || a->second == b->second)
      return std::nullopt;
    return std::pair{a->second, b->second};
  }

private:
  void divide(const party& merchant, money amount) {
    const auto& shares = merchants[merchant].hundredths;
    std::vector<money> parts;
    money left = amount;
    for (const auto& [to, hundredths] : shares) {
      parts.push_back(amount * hundredths / 100);
      left -= parts.back();
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const money part = parts[i] + (static_cast<money>(i) < left ? 1 : 0);
      if (shares[i].first == merchant || part == 0)
        continue;
      windows.back()[merchant].out[shares[i].first] += part;
      windows.back()[shares[i].first].in += part;
    }
  }

  void pass(const party& from, const party& to, money amount) {
    if (amount == 0)
      return;
    if (kind == model_kind::gross && amount > 0 && liquidity[from] - reserved[from] >= amount) {
      liquidity[from] -= amount;
      liquidity[to] += amount;
    } else {
      owed.back()[{from, to}] += amount;
    }
  }

  void settle_merchant(const party& merchant, const model_terms& terms, std::size_t last) {
    money captures = 0;
    money net = 0;
    bool is_in = false;
    for (std::size_t i = settled; i < last; ++i)
      if (const auto found = windows[i].find(merchant); found != windows[i].end()) {
        is_in = true;
        balances[merchant] -= found->second.gross();
        balances["settlement.fees.EUR"] +=
            found->second.fees - found->second.back - found->second.interchange;
        balances["settlement.interchange.EUR"] += found->second.interchange;
        balances[merchant + ".available"] += found->second.own();
        for (const auto& [to, amount] : found->second.out)
          balances[to + ".available"] += amount;
        captures += found->second.captures;
        net += found->second.net();
      }
    money released = 0;
    std::erase_if(reserves[merchant], [&](const auto& held) {
      const bool is_due = held.first + terms.reserve_windows <= last;
      released += is_due ? held.second : 0;
      return is_due;
    });
    const money held =
        std::min(nearest(captures * terms.reserve_points, 10'000), std::max<money>(net, 0));
    balances[merchant + ".available"] += released - held;
    balances[merchant + ".reserve"] += held - released;
    if (held != 0)
      reserves[merchant][last] += held;
    if (is_in || released != 0) {
      windows[last - 1][merchant].reserved += held;
      windows[last - 1][merchant].released += released;
    }
  }

  /// A window in which nothing was, and with which no reserve was due, is settled when those before
  /// it are.
  void pass_empty() {
    while (settled + 1 < windows.size() && windows[settled].empty() && is_even(owed[settled]) &&
           !releasing.contains(settled + 1))
      ++settled;
  }

  static bool is_even(const std::map<std::pair<party, party>, money>& amounts) {
    return std::ranges::all_of(amounts, [](const auto& each) { return each.second == 0; });
  }
};

} // namespace ducat::settlement::test
