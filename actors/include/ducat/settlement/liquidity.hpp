/// Whether a participant may owe more.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>

namespace ducat::settlement {

/// What a participant owes and may owe in a currency, in minor units.
struct exposure {
  std::int64_t unsettled_net = 0;   ///< What it owes on balance; below 0: it is owed.
  std::int64_t reserved_debits = 0; ///< Of payments that are not decided yet; at least 0.
  std::int64_t net_debit_cap = 0;   ///< What it may owe at most.
  std::int64_t liquidity = 0;       ///< What it has put up.

  friend bool operator==(const exposure&, const exposure&) = default;
};

/// In the order in which they are checked. Values are in the log: never renumber, never reuse.
enum class liquidity_problem : std::uint8_t {
  net_debit_cap_exceeded = 1, ///< It would owe more than its cap.
  liquidity_short = 2,        ///< The cap is above what it has put up, so it covers nothing.
};

std::string_view to_string(liquidity_problem what) noexcept;
std::ostream& operator<<(std::ostream& out, liquidity_problem what);

/// Returns why the participant may not owe `amount` more; nothing if it may, which is when
/// unsettled_net + reserved_debits + amount <= net_debit_cap <= liquidity.
/// Credits that are not decided yet do not count: they may never come.
/// Precondition: amount >= 0.
std::optional<liquidity_problem> check_liquidity(const exposure& of, std::int64_t amount) noexcept;

/// Returns whether check_liquidity() finds nothing.
bool covers(const exposure& of, std::int64_t amount) noexcept;

} // namespace ducat::settlement
