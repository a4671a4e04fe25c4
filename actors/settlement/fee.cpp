#include <ducat/planted.hpp>
#include <ducat/settlement/fee.hpp>
#include <ducat/settlement/rounding.hpp>

#include <algorithm>
#include <limits>
#include <ostream>

namespace ducat::settlement {

namespace {

bool any_negative(const fee_rule& rule) noexcept {
  return rule.minimum < 0 || rule.maximum < 0 ||
         std::ranges::any_of(
             rule.tiers, [](const fee_tier& tier) { return tier.from < 0 || tier.fixed < 0; });
}

bool any_too_large(const fee_rule& rule) noexcept {
  return rule.minimum > fee_limit || rule.maximum > fee_limit ||
         std::ranges::any_of(rule.tiers,
                             [](const fee_tier& tier) { return tier.fixed > fee_limit; });
}

bool any_rate_too_high(const fee_rule& rule) noexcept {
  return std::ranges::any_of(
      rule.tiers, [](const fee_tier& tier) { return tier.basis_points > basis_points_per_whole; });
}

bool begin_in_order(const fee_rule& rule) noexcept {
  return std::ranges::adjacent_find(rule.tiers, [](const fee_tier& left, const fee_tier& right) {
           return left.from >= right.from;
         }) == rule.tiers.end();
}

/// Returns the last tier that begins at `at` or before. Precondition: there is one.
const fee_tier& tier_at(const fee_rule& rule, std::int64_t at) noexcept {
  const auto after = std::ranges::upper_bound(rule.tiers, at, {}, &fee_tier::from);
  return *(after - 1);
}

/// Returns the part of the fee that goes with `refunded` of the capture.
std::int64_t fee_share(const refund_of_capture& what, i128 refunded) noexcept {
  const i128 at_most = std::clamp<i128>(refunded, 0, what.captured);
  return static_cast<std::int64_t>(round_half_even(what.fee_taken * at_most, what.captured));
}

} // namespace

std::string_view to_string(fee_problem what) noexcept {
  switch (what) {
    using enum fee_problem;
  case unknown_basis:
    return "unknown_basis";
  case too_many_tiers:
    return "too_many_tiers";
  case negative:
    return "negative";
  case too_large:
    return "too_large";
  case basis_points_too_high:
    return "basis_points_too_high";
  case not_from_zero:
    return "not_from_zero";
  case not_ascending:
    return "not_ascending";
  case bounds_crossed:
    return "bounds_crossed";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, fee_problem what) {
  return out << to_string(what);
}

std::optional<fee_problem> check(const fee_rule& rule) noexcept {
  using enum fee_problem;
  if (rule.by != fee_basis::amount && rule.by != fee_basis::volume)
    return unknown_basis;
  if (rule.tiers.size() > fee_tiers_max)
    return too_many_tiers;
  if (any_negative(rule))
    return negative;
  if (any_too_large(rule))
    return too_large;
  if (any_rate_too_high(rule))
    return basis_points_too_high;
  if (!rule.tiers.empty() && rule.tiers.front().from != 0)
    return not_from_zero;
  if (!begin_in_order(rule))
    return not_ascending;
  if (rule.maximum != 0 && rule.minimum > rule.maximum)
    return bounds_crossed;
  return std::nullopt;
}

std::int64_t fee_of(const fee_rule& rule, std::int64_t amount,
                    std::int64_t volume_before) noexcept {
  if (rule.tiers.empty() || amount <= 0)
    return 0;
  const fee_tier& tier = tier_at(rule, rule.by == fee_basis::amount ? amount : volume_before);
  i128 part = part_of(amount, tier.basis_points);
  if (planted::is_on(planted::bug::fee_rounded_down))
    part = i128{amount} * tier.basis_points / basis_points_per_whole;
  i128 fee = part + tier.fixed;
  fee = std::max<i128>(fee, rule.minimum);
  if (rule.maximum != 0)
    fee = std::min<i128>(fee, rule.maximum);
  return static_cast<std::int64_t>(std::min<i128>(fee, std::numeric_limits<std::int64_t>::max()));
}

std::int64_t fee_given_back(const fee_rule& rule, const refund_of_capture& what) noexcept {
  if (!rule.refunds_give_back || what.captured <= 0 || what.fee_taken <= 0 || what.refund <= 0)
    return 0;
  const i128 before = what.refunded_before;
  return fee_share(what, before + what.refund) - fee_share(what, before);
}

} // namespace ducat::settlement
