/// What a window holds of a merchant: sums only, so that a window of many captures is small. Pure.
#pragma once

#include <ducat/payment/acquirer_totals.hpp>
#include <ducat/v1/settlement.pb.h>

#include <cstdint>
#include <map>

namespace ducat::settlement {

using payment::tally;

/// In minor units. Invariants: interchange is paid out of the fees; split_out is the sum of
/// `splits`.
struct accrual {
  tally captures{};
  tally refunds{};
  tally disputes{};
  tally disputes_won{};
  tally late{};                ///< Of the captures: of the business date of a window before.
  std::int64_t fees = 0;       ///< With those of lost disputes.
  std::int64_t given_back = 0; ///< Fees of what was refunded.
  std::int64_t interchange = 0;
  std::int64_t split_out = 0;
  std::int64_t split_in = 0;
  std::int64_t reserved = 0; ///< When it was settled: held in the reserve,
  std::int64_t released = 0; ///< and released from it.

  std::map<std::uint32_t, std::int64_t> splits{}; ///< By the merchant that gets it.

  /// Adds what another window, or merchant, holds.
  void add(const accrual& more);

  friend bool operator==(const accrual&, const accrual&) = default;
};

/// Returns what the merchant gets of what is its own: without what others' splits bring.
std::int64_t own_net(const accrual& sums) noexcept;

/// Returns what the merchant gets: captures - refunds - disputes + disputes_won - fees + given_back
/// - split_out + split_in.
std::int64_t net(const accrual& sums) noexcept;

/// Returns what comes to be available to it, the reserve considered.
std::int64_t brought_by(const accrual& sums) noexcept;

v1::Accrual message_of(const accrual& sums);

/// Returns it without its splits.
accrual accrual_in(const v1::Accrual& message);

} // namespace ducat::settlement
