#include <ducat/settlement/fee.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::settlement {

namespace {

constexpr std::uint32_t whole = 10'000;

__extension__ using int128 = __int128;

const fee_tier& tier_for(const fee_rule& rule, std::int64_t measure) noexcept {
  const auto next = std::ranges::upper_bound(rule.tiers, measure, {}, &fee_tier::from);
  return next == rule.tiers.begin() ? rule.tiers.front() : *std::prev(next);
}

std::int64_t within_limits(const fee_rule& rule, std::int64_t fee) noexcept {
  const std::int64_t at_least = std::max(fee, rule.minimum);
  return rule.maximum == 0 ? at_least : std::min(at_least, rule.maximum);
}

fee_problem check_amount(std::int64_t amount) noexcept {
  if (amount < 0)
    return fee_problem::negative_amount;
  return amount > fee_amount_max ? fee_problem::amount_too_large : fee_problem::none;
}

} // namespace

std::string_view to_string(fee_problem value) noexcept {
  switch (value) {
    using enum fee_problem;
  case none:
    return "none";
  case first_tier_not_from_zero:
    return "first_tier_not_from_zero";
  case tiers_not_ascending:
    return "tiers_not_ascending";
  case basis_points_too_many:
    return "basis_points_too_many";
  case negative_amount:
    return "negative_amount";
  case amount_too_large:
    return "amount_too_large";
  case maximum_below_minimum:
    return "maximum_below_minimum";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, fee_problem value) {
  return out << to_string(value);
}

fee_problem check(const fee_rule& rule) noexcept {
  if (!rule.tiers.empty() && rule.tiers.front().from != 0)
    return fee_problem::first_tier_not_from_zero;
  for (std::size_t i = 0; i < rule.tiers.size(); ++i) {
    if (i > 0 && rule.tiers[i].from <= rule.tiers[i - 1].from)
      return fee_problem::tiers_not_ascending;
    if (rule.tiers[i].basis_points > whole)
      return fee_problem::basis_points_too_many;
    if (const auto wrong = check_amount(rule.tiers[i].fixed); wrong != fee_problem::none)
      return wrong;
  }
  for (const std::int64_t each : {rule.minimum, rule.maximum})
    if (const auto wrong = check_amount(each); wrong != fee_problem::none)
      return wrong;
  return rule.maximum != 0 && rule.maximum < rule.minimum ? fee_problem::maximum_below_minimum
                                                          : fee_problem::none;
}

std::int64_t basis_points_of(std::int64_t amount, std::uint32_t basis_points) noexcept {
  const int128 product = static_cast<int128>(amount) * basis_points;
  const int128 floor = product / whole;
  const int128 twice_rest = 2 * (product % whole);
  const bool is_up = twice_rest > whole || (twice_rest == whole && floor % 2 == 1);
  return static_cast<std::int64_t>(floor + (is_up ? 1 : 0));
}

std::int64_t fee_of(const fee_rule& rule, std::int64_t amount,
                    std::int64_t volume_before) noexcept {
  if (rule.tiers.empty())
    return 0;
  const fee_tier& tier =
      tier_for(rule, rule.chosen_by == fee_rule::by::amount ? amount : volume_before);
  return within_limits(rule, basis_points_of(amount, tier.basis_points) + tier.fixed);
}

std::int64_t given_back_of(const fee_rule& rule, std::int64_t amount) noexcept {
  if (!rule.refunds_give_back || rule.tiers.empty())
    return 0;
  const auto least = std::ranges::min(rule.tiers, {}, &fee_tier::basis_points);
  return basis_points_of(amount, least.basis_points);
}

} // namespace ducat::settlement
