#include "settlement/draw.hpp"

#include <ducat/settlement/fee.hpp>
#include <ducat/settlement/rounding.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

namespace ducat::settlement {

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

fee_rule flat(std::uint32_t basis_points, std::int64_t fixed) {
  return {.tiers = {{.from = 0, .basis_points = basis_points, .fixed = fixed}}};
}

fee_rule with_tiers(fee_basis by, std::vector<fee_tier> tiers) {
  return {.by = by, .tiers = std::move(tiers)};
}

/// Returns a rule that check() finds nothing wrong with.
fee_rule random_rule(test::draw& draw) {
  fee_rule rule{.by = draw.small(0, 1) == 0 ? fee_basis::amount : fee_basis::volume};
  std::int64_t from = 0;
  for (std::uint32_t count = draw.small(1, 5); count > 0; --count) {
    rule.tiers.push_back({from, draw.small(0, 10'000), draw.amount(100'000)});
    from += 1 + draw.amount(1'000'000'000);
  }
  rule.minimum = draw.small(0, 1) * draw.amount(1'000);
  rule.maximum = draw.small(0, 1) * (rule.minimum + draw.amount(1'000'000));
  return rule;
}

/// The rate alone, by long division of the remainder: another way than the one that is tested.
std::int64_t rate_by_hand(std::int64_t amount, std::int64_t basis_points) {
  const std::int64_t thousands = amount / 10'000;
  const std::int64_t rest = (amount % 10'000) * basis_points;
  const std::int64_t whole = thousands * basis_points + rest / 10'000;
  const std::int64_t left = rest % 10'000;
  const bool up = left > 5'000 || (left == 5'000 && whole % 2 == 1);
  return whole + (up ? 1 : 0);
}

} // namespace

TEST(Fee, OfAnEmptyRuleIsZero) {
  EXPECT_EQ(fee_of({}, 10'000, 0), 0);
  EXPECT_EQ(fee_of({.minimum = 5}, 10'000, 0), 0);
}

TEST(Fee, IsTheRateOfTheWholePlusTheFixedPart) {
  EXPECT_EQ(fee_of(flat(290, 30), 10'000, 0), 320);
  EXPECT_EQ(fee_of(flat(0, 25), 10'000, 0), 25);
  EXPECT_EQ(fee_of(flat(10'000, 0), 777, 0), 777);
  EXPECT_EQ(fee_of(flat(290, 30), 5, 0), 30); // More than the capture.
}

TEST(Fee, IsRoundedHalfToEven) {
  EXPECT_EQ(fee_of(flat(100, 0), 50, 0), 0);
  EXPECT_EQ(fee_of(flat(100, 0), 51, 0), 1);
  EXPECT_EQ(fee_of(flat(100, 0), 149, 0), 1);
  EXPECT_EQ(fee_of(flat(100, 0), 150, 0), 2);
  EXPECT_EQ(fee_of(flat(100, 0), 250, 0), 2);
  EXPECT_EQ(fee_of(flat(100, 0), 350, 0), 4);
  EXPECT_EQ(fee_of(flat(1, 0), 4'999, 0), 0);
  EXPECT_EQ(fee_of(flat(1, 0), 5'000, 0), 0);
  EXPECT_EQ(fee_of(flat(1, 0), 5'001, 0), 1);
  EXPECT_EQ(fee_of(flat(1, 0), 15'000, 0), 2);
}

TEST(Fee, IsThatOfTheTierOfTheAmount) {
  const fee_rule rule =
      with_tiers(fee_basis::amount, {{0, 300, 0}, {10'000, 200, 5}, {100'000, 100, 9}});
  EXPECT_EQ(fee_of(rule, 9'999, largest), 300);
  EXPECT_EQ(fee_of(rule, 10'000, largest), 205);
  EXPECT_EQ(fee_of(rule, 99'999, 0), 2'005);
  EXPECT_EQ(fee_of(rule, 100'000, 0), 1'009);
}

TEST(Fee, IsThatOfTheTierOfTheVolumeBefore) {
  const fee_rule rule = with_tiers(fee_basis::volume, {{0, 300, 0}, {50'000, 100, 0}});
  EXPECT_EQ(fee_of(rule, 10'000, 0), 300);
  EXPECT_EQ(fee_of(rule, 90'000, 49'999), 2'700); // It does not move itself to the next tier.
  EXPECT_EQ(fee_of(rule, 10'000, 50'000), 100);
}

TEST(Fee, StaysWithinItsBounds) {
  fee_rule rule = flat(100, 0);
  rule.minimum = 20;
  rule.maximum = 500;
  EXPECT_EQ(fee_of(rule, 100, 0), 20);
  EXPECT_EQ(fee_of(rule, 10'000, 0), 100);
  EXPECT_EQ(fee_of(rule, 1'000'000, 0), 500);
}

TEST(Fee, HoldsAtTheExtremes) {
  EXPECT_EQ(fee_of(flat(10'000, 0), largest, 0), largest);
  EXPECT_EQ(fee_of(flat(10'000, 1), largest, 0), largest);
  EXPECT_EQ(fee_of(flat(5'000, 0), largest, 0), 4'611'686'018'427'387'904);
  EXPECT_EQ(fee_of(flat(1, 0), largest, 0), 922'337'203'685'478);
  EXPECT_EQ(fee_of(flat(100, 5), 0, 0), 0);
  EXPECT_EQ(fee_of(flat(100, 5), std::numeric_limits<std::int64_t>::min(), 0), 0);
}

TEST(Fee, AgreesWithLongDivision) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  for (int run = 0; run < 20'000; ++run) {
    const std::int64_t amount = draw.amount(largest);
    const std::uint32_t basis_points = draw.small(0, 10'000);
    ASSERT_EQ(fee_of(flat(basis_points, 0), amount, 0), rate_by_hand(amount, basis_points))
        << amount << " x " << basis_points;
  }
}

TEST(Fee, OfMoreIsNotLessWithinATier) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  for (int run = 0; run < 20'000; ++run) {
    fee_rule rule = random_rule(draw);
    rule.tiers.resize(1);
    const std::int64_t less = draw.amount(largest);
    const std::int64_t more = less + draw.amount(largest - less);
    ASSERT_LE(fee_of(rule, less, 0), fee_of(rule, more, 0)) << less << " and " << more;
  }
}

TEST(Fee, IsWithinItsBoundsWhateverTheRule) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  for (int run = 0; run < 20'000; ++run) {
    const fee_rule rule = random_rule(draw);
    ASSERT_EQ(check(rule), std::nullopt);
    const std::int64_t fee = fee_of(rule, 1 + draw.amount(largest - 1), draw.amount(largest));
    ASSERT_GE(fee, rule.minimum);
    ASSERT_TRUE(rule.maximum == 0 || fee <= rule.maximum) << fee;
  }
}

TEST(FeeGivenBack, IsNothingUnlessTheRuleSaysSo) {
  EXPECT_EQ(fee_given_back(flat(100, 0), {.captured = 100, .fee_taken = 10, .refund = 100}), 0);
}

TEST(FeeGivenBack, IsTheRefundsPartOfTheFee) {
  const fee_rule rule{.refunds_give_back = true};
  EXPECT_EQ(fee_given_back(rule, {.captured = 1'000, .fee_taken = 30, .refund = 1'000}), 30);
  EXPECT_EQ(fee_given_back(rule, {.captured = 1'000, .fee_taken = 30, .refund = 500}), 15);
  EXPECT_EQ(fee_given_back(rule, {.captured = 4, .fee_taken = 2, .refund = 1}), 0); // 0.5
  EXPECT_EQ(fee_given_back(rule, {.captured = 4, .fee_taken = 6, .refund = 1}), 2); // 1.5
  EXPECT_EQ(fee_given_back(rule, {.captured = 0, .fee_taken = 6, .refund = 1}), 0);
  EXPECT_EQ(
      fee_given_back(rule, {.captured = largest, .fee_taken = largest, .refund = largest - 1}),
      largest - 1);
}

TEST(FeeGivenBack, OfAllPartsTogetherIsTheFee) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  const fee_rule rule{.refunds_give_back = true};
  for (int run = 0; run < 2'000; ++run) {
    refund_of_capture what{.captured = 1 + draw.amount(largest - 1),
                           .fee_taken = draw.amount(largest)};
    std::int64_t given_back = 0;
    for (std::int64_t left = what.captured; left > 0; left -= what.refund) {
      what.refund = std::max<std::int64_t>(draw.whole(0, left), left / 8 + 1);
      const std::int64_t part = fee_given_back(rule, what);
      ASSERT_GE(part, 0);
      given_back += part;
      ASSERT_LE(given_back, what.fee_taken);
      what.refunded_before += what.refund;
    }
    ASSERT_EQ(given_back, what.fee_taken);
  }
}

TEST(FeeRule, IsRefusedForTheFirstThingThatIsWrong) {
  using enum fee_problem;
  fee_rule rule = flat(100, 0);
  EXPECT_EQ(check(rule), std::nullopt);
  EXPECT_EQ(check(fee_rule{}), std::nullopt);

  rule.by = fee_basis{3};
  EXPECT_EQ(check(rule), unknown_basis);
  EXPECT_EQ(check(fee_rule{.tiers = std::vector<fee_tier>(fee_tiers_max + 1)}), too_many_tiers);
  EXPECT_EQ(check(flat(100, -1)), negative);
  EXPECT_EQ(check(fee_rule{.minimum = -1}), negative);
  EXPECT_EQ(check(fee_rule{.maximum = -1}), negative);
  EXPECT_EQ(check(with_tiers(fee_basis::amount, {{-1, 1, 1}})), negative);
  EXPECT_EQ(check(flat(100, fee_limit)), std::nullopt);
  EXPECT_EQ(check(flat(100, fee_limit + 1)), too_large);
  EXPECT_EQ(check(fee_rule{.minimum = fee_limit + 1}), too_large);
  EXPECT_EQ(check(fee_rule{.maximum = fee_limit + 1}), too_large);
  EXPECT_EQ(check(flat(10'000, 0)), std::nullopt);
  EXPECT_EQ(check(flat(10'001, 0)), basis_points_too_high);
  EXPECT_EQ(check(with_tiers(fee_basis::amount, {{1, 1, 1}})), not_from_zero);
  EXPECT_EQ(check(with_tiers(fee_basis::amount, {{0, 1, 1}, {5, 1, 1}, {5, 2, 2}})), not_ascending);
  EXPECT_EQ(check(with_tiers(fee_basis::amount, {{0, 1, 1}, {5, 1, 1}, {4, 2, 2}})), not_ascending);
  EXPECT_EQ(check(fee_rule{.minimum = 2, .maximum = 1}), bounds_crossed);
  EXPECT_EQ(check(fee_rule{.minimum = 2, .maximum = 0}), std::nullopt);
}

TEST(RoundHalfEven, TakesTheNearestAndOfTwoTheEven) {
  EXPECT_TRUE(round_half_even(0, 7) == 0);
  EXPECT_TRUE(round_half_even(3, 7) == 0);
  EXPECT_TRUE(round_half_even(4, 7) == 1);
  EXPECT_TRUE(round_half_even(1, 2) == 0);
  EXPECT_TRUE(round_half_even(3, 2) == 2);
  EXPECT_TRUE(round_half_even(5, 2) == 2);
  EXPECT_TRUE(round_half_even(7, 1) == 7);
}

} // namespace ducat::settlement
