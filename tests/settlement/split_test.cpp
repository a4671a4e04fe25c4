#include "settlement/draw.hpp"

#include <ducat/settlement/rounding.hpp>
#include <ducat/settlement/split.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

namespace ducat::settlement {

namespace {

using testing::ElementsAre;

constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();

share rest_to(std::string to) {
  return {.to = std::move(to), .numerator = 0, .denominator = 1, .rest = true};
}

/// Returns a rule that check() finds nothing wrong with: parts of one whole, reduced or not, and
/// sometimes a rest anywhere among them.
split_rule random_split_rule(test::draw& draw) {
  const std::uint32_t count = draw.small(1, shares_max);
  std::vector<std::uint32_t> weights;
  for (std::uint32_t at = 0; at < count; ++at)
    weights.push_back(draw.small(1, 1'000'000));
  const std::uint32_t whole = std::accumulate(weights.begin(), weights.end(), 0U);
  split_rule rule;
  for (const std::uint32_t weight : weights)
    rule.push_back({"r" + std::to_string(rule.size()), weight, whole, false});
  if (draw.small(0, 1) == 0) {
    share& one = rule[draw.small(0, count - 1)];
    one = rest_to(one.to);
  }
  std::ranges::for_each(rule, [](share& part) {
    const std::uint32_t common = std::gcd(part.numerator, part.denominator);
    part.numerator /= common;
    part.denominator /= common;
  });
  return rule;
}

} // namespace

// Formance's vectors.
TEST(Split, GivesLeftoverUnitsToTheFirstInDeclaredOrder) {
  EXPECT_THAT(split({{"a", 1, 6}, {"b", 1, 6}, rest_to("c")}, 100), ElementsAre(17, 17, 66));
  EXPECT_THAT(split({{"a", 1, 7}, {"b", 2, 7}, rest_to("c")}, 1'001), ElementsAre(143, 286, 572));
  EXPECT_THAT(split({rest_to("c"), {"a", 1, 6}, {"b", 1, 6}}, 100), ElementsAre(67, 17, 16));
}

TEST(Split, GivesASingleRecipientAll) {
  EXPECT_THAT(split({rest_to("a")}, 99), ElementsAre(99));
  EXPECT_THAT(split({{"a", 1, 1}}, 99), ElementsAre(99));
}

TEST(Split, OfLessThanOneUnitEachGivesThemToTheFirst) {
  const split_rule thirds{{"a", 1, 3}, {"b", 1, 3}, {"c", 1, 3}};
  EXPECT_THAT(split(thirds, 1), ElementsAre(1, 0, 0));
  EXPECT_THAT(split(thirds, 2), ElementsAre(1, 1, 0));
  EXPECT_THAT(split(thirds, 3), ElementsAre(1, 1, 1));
  EXPECT_THAT(split(thirds, 0), ElementsAre(0, 0, 0));
  EXPECT_THAT(split(thirds, -5), ElementsAre(0, 0, 0));
}

TEST(Split, HoldsAtTheExtremes) {
  EXPECT_THAT(split({{"a", 1, 2}, {"b", 1, 2}}, int64_max),
              ElementsAre(int64_max / 2 + 1, int64_max / 2));
  EXPECT_THAT(split({{"a", 4'294'967'294, 4'294'967'295}, rest_to("b")}, int64_max),
              ElementsAre(9'223'372'034'707'292'159, 2'147'483'648));
}

TEST(Split, LeavesNothingOverAndIsWithinAUnitOfTheExactShare) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  for (int run = 0; run < 5'000; ++run) {
    const split_rule rule = random_split_rule(draw);
    ASSERT_EQ(check(rule), std::nullopt);
    const std::int64_t amount = draw.amount(int64_max);
    const std::vector<std::int64_t> parts = split(rule, amount);
    ASSERT_EQ(parts.size(), rule.size());
    i128 sum = 0;
    for (std::size_t at = 0; at < parts.size(); ++at) {
      ASSERT_GE(parts[at], 0);
      sum += parts[at];
      if (rule[at].rest)
        continue;
      const i128 exact = i128{amount} * rule[at].numerator;
      const i128 given = i128{parts[at]} * rule[at].denominator;
      ASSERT_TRUE(given <= exact + rule[at].denominator && given > exact - rule[at].denominator);
    }
    ASSERT_TRUE(sum == amount);
  }
}

TEST(SplitRule, IsRefusedForTheFirstThingThatIsWrong) {
  using enum split_problem;
  EXPECT_EQ(check(split_rule{}), no_shares);
  EXPECT_EQ(check(split_rule(shares_max + 1)), too_many_shares);
  EXPECT_EQ(check(split_rule{rest_to("")}), no_recipient);
  EXPECT_EQ(check(split_rule{{"a", 1, 2}, rest_to("a")}), same_recipient);
  EXPECT_EQ(check(split_rule{{"a", 1, 0}, rest_to("b")}), zero_denominator);
  EXPECT_EQ(check(split_rule{{"a", 0, 2}, rest_to("b")}), zero_share);
  EXPECT_EQ(check(split_rule{{"a", 1, 2, true}}), zero_share);
  EXPECT_EQ(check(split_rule{rest_to("a"), rest_to("b")}), two_rests);
  EXPECT_EQ(check(split_rule{{"a", 2, 3}, {"b", 2, 3}, rest_to("c")}), above_one);
  EXPECT_EQ(check(split_rule{{"a", 4'294'967'295, 1}}), above_one);
  EXPECT_EQ(check(split_rule{{"a", 1, 2}, {"b", 1, 3}}), below_one);
  EXPECT_EQ(check(split_rule{{"a", 1, 2}, {"b", 2, 4}, rest_to("c")}), nothing_rests);
  EXPECT_EQ(check(split_rule{{"a", 1, 2}, {"b", 1, 3}, {"c", 1, 6}}), std::nullopt);
  EXPECT_EQ(check(split_rule{{"a", 1, 4'294'967'291}, {"b", 1, 4'294'967'279}, rest_to("c")}),
            too_fine);
}

TEST(SplitRule, TakesAsManySharesAsItMay) {
  split_rule rule;
  for (std::uint32_t at = 0; at < shares_max; ++at)
    rule.push_back({"r" + std::to_string(at), 1, shares_max, false});
  EXPECT_EQ(check(rule), std::nullopt);
}

} // namespace ducat::settlement
