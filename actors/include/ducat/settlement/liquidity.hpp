/// Whether a participant may come to owe more. Pure.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace ducat::settlement {

/// Of one participant, in minor units.
struct exposure {
  std::int64_t unsettled = 0; ///< What it owes on balance; negative: it is owed.
  std::int64_t reserved = 0;  ///< By payments that are under way.
  std::int64_t amount = 0;    ///< Of the one more.
  std::int64_t cap = 0;       ///< Its net debit cap.
  std::int64_t liquidity = 0; ///< What it has at the settlement bank.
};

enum class cover : std::uint8_t {
  enough = 0,
  net_debit_cap_exceeded = 1,
  liquidity_short = 2, ///< It has less than its cap.
};

/// Returns the name; empty if it is enough.
std::string_view to_string(cover value) noexcept;
std::ostream& operator<<(std::ostream& out, cover value);

/// unsettled + reserved + amount <= cap <= liquidity (Mojaloop's rule). Sums that do not fit
/// exceed.
cover covers(const exposure& of) noexcept;

} // namespace ducat::settlement
