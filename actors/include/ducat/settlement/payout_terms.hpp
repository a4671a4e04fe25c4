/// When a merchant is paid out.
#pragma once

#include <cstdint>

namespace ducat::settlement {

struct payout_terms {
  std::int64_t minimum = 0; ///< In minor units; less waits. 0 or less: everything is paid out.

  friend bool operator==(const payout_terms&, const payout_terms&) = default;
};

/// Returns what is paid out of a merchant's `available` balance, in minor units: all of it, or 0 if
/// it is below the minimum. A balance below 0 pays nothing and is not written off: it stays on the
/// account, and what is settled next fills it up before anything is paid out.
constexpr std::int64_t payout_amount(const payout_terms& terms, std::int64_t available) noexcept {
  return available > 0 && available >= terms.minimum ? available : 0;
}

} // namespace ducat::settlement
