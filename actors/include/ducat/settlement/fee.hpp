/// What a capture costs. Pure.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <vector>

namespace ducat::settlement {

struct fee_tier {
  std::int64_t from = 0;          ///< Minor units: it holds for this much and more.
  std::uint32_t basis_points = 0; ///< At most 10,000.
  std::int64_t fixed = 0;         ///< Minor units, for each capture.

  friend bool operator==(const fee_tier&, const fee_tier&) = default;
};

/// Without tiers nothing is charged.
struct fee_rule {
  /// By what the tier is chosen: the amount of the capture, or what was captured before it.
  enum class by : std::uint8_t { amount, volume };

  by chosen_by = by::amount;
  std::vector<fee_tier> tiers{}; ///< Ascending from 0.
  std::int64_t minimum = 0;
  std::int64_t maximum = 0; ///< 0: there is none.
  bool refunds_give_back = false;

  friend bool operator==(const fee_rule&, const fee_rule&) = default;
};

/// In order of the checks.
enum class fee_problem : std::uint8_t {
  none = 0,
  first_tier_not_from_zero = 1,
  tiers_not_ascending = 2,
  basis_points_too_many = 3,
  negative_amount = 4,
  amount_too_large = 5, ///< Over fee_amount_max, so that no sum can overflow.
  maximum_below_minimum = 6,
};

constexpr std::int64_t fee_amount_max = 1'000'000'000'000'000;

std::string_view to_string(fee_problem value) noexcept;
std::ostream& operator<<(std::ostream& out, fee_problem value);

/// Returns what is wrong with the rule.
fee_problem check(const fee_rule& rule) noexcept;

/// Returns amount x basis points / 10,000 to the nearest whole, of two equally near ones the even
/// one. Requires amount >= 0.
std::int64_t basis_points_of(std::int64_t amount, std::uint32_t basis_points) noexcept;

/// Returns what a capture of `amount` costs, in minor units: basis_points_of() the whole, plus what
/// is fixed, within minimum and maximum. `volume_before` is what the merchant has captured before
/// it. Requires check(rule) == none, amount >= 0.
std::int64_t fee_of(const fee_rule& rule, std::int64_t amount, std::int64_t volume_before) noexcept;

/// Returns what a refund of `amount` gives back of the fee: nothing, or if the rule says so its
/// basis points, those of the cheapest tier. Fixed fees and minimums stay: they were for the work.
/// So refunds never give back more than was taken, but for the rounding of each.
std::int64_t given_back_of(const fee_rule& rule, std::int64_t amount) noexcept;

} // namespace ducat::settlement
