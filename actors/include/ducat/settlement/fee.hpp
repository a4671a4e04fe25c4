/// What a capture costs its merchant. Amounts are in minor units of the capture's currency.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

namespace ducat::settlement {

/// What captures cost from an amount, or a volume, on.
struct fee_tier {
  std::int64_t from = 0;          ///< Inclusive.
  std::uint32_t basis_points = 0; ///< Of the amount; at most 10,000.
  std::int64_t fixed = 0;         ///< For each capture.

  friend bool operator==(const fee_tier&, const fee_tier&) = default;
};

/// What chooses the tier. Values are in the log: never renumber, never reuse.
enum class fee_basis : std::uint8_t {
  amount = 1, ///< The capture's amount.
  volume = 2, ///< What the merchant has captured before this capture.
};

/// A rule without tiers costs nothing, whatever its bounds.
struct fee_rule {
  fee_basis by = fee_basis::amount;
  std::vector<fee_tier> tiers{}; ///< Ascending by `from`; the first one is from 0.
  std::int64_t minimum = 0;      ///< Of a capture's fee; 0: none.
  std::int64_t maximum = 0;      ///< Of a capture's fee; 0: none.
  bool refunds_give_back = false;

  friend bool operator==(const fee_rule&, const fee_rule&) = default;
};

/// No fixed part and no bound is above it, so a sum of a million of them is an int64.
constexpr std::int64_t fee_limit = 1'000'000'000'000;

constexpr std::size_t fee_tiers_max = 32;

/// In the order in which they are checked.
enum class fee_problem : std::uint8_t {
  unknown_basis,
  too_many_tiers,        ///< More than fee_tiers_max.
  negative,              ///< An amount below 0.
  too_large,             ///< A fixed part, the minimum or the maximum is above fee_limit.
  basis_points_too_high, ///< Above 10,000: more than the whole.
  not_from_zero,         ///< The first tier leaves out what is below it.
  not_ascending,         ///< A tier begins where one before it does, or earlier.
  bounds_crossed,        ///< The minimum is above the maximum.
};

std::string_view to_string(fee_problem what) noexcept;
std::ostream& operator<<(std::ostream& out, fee_problem what);

/// Returns the first thing that is wrong with `rule`; nothing if it can be used.
std::optional<fee_problem> check(const fee_rule& rule) noexcept;

/// Returns what a capture of `amount` costs, at least 0: round_half_even(amount * bps / 10,000) of
/// the whole amount at the rate of one tier, plus the tier's fixed part, within the rule's bounds.
/// It may be more than `amount`. A fee that no int64 holds is the largest int64. An amount of 0 or
/// less is no capture and costs nothing.
/// Precondition: check(rule) finds nothing, volume_before >= 0.
std::int64_t fee_of(const fee_rule& rule, std::int64_t amount, std::int64_t volume_before) noexcept;

/// A refund of a part of a capture. Invariant: refunded_before + refund <= captured.
struct refund_of_capture {
  std::int64_t captured = 0;
  std::int64_t fee_taken = 0; ///< By fee_of() when it was captured.
  std::int64_t refunded_before = 0;
  std::int64_t refund = 0;
};

/// Returns what a refund gives back of the fee: nothing, unless the rule says that refunds give
/// back. The work that a fixed part and a minimum pay for has been done, so that is the usual case.
///
/// Otherwise the part of the fee that was taken which is the refund's part of the capture. It is
/// computed from the fee that was taken, not by the rule once more: the tier of a smaller amount,
/// or of a volume that has grown, may have another rate. And it is the difference of two totals,
/// each rounded half even: whatever parts a capture is refunded in, together they give back exactly
/// the fee when all of it is refunded, and never more.
std::int64_t fee_given_back(const fee_rule& rule, const refund_of_capture& what) noexcept;

} // namespace ducat::settlement
