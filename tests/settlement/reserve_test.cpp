#include "settlement/draw.hpp"

#include <ducat/settlement/payout_terms.hpp>
#include <ducat/settlement/reserve.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace ducat::settlement {

namespace {

constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST(Reserve, HoldsItsRateRoundedHalfToEven) {
  EXPECT_EQ(held_of({.basis_points = 1'000, .windows = 2}, 10'000), 1'000);
  EXPECT_EQ(held_of({.basis_points = 1'000, .windows = 2}, 25), 2);
  EXPECT_EQ(held_of({.basis_points = 1'000, .windows = 2}, 35), 4);
  EXPECT_EQ(held_of({.basis_points = 10'000, .windows = 2}, highest), highest);
  EXPECT_EQ(held_of({}, 10'000), 0);
}

TEST(Reserve, HoldsNothingOfWhatWasNotCaptured) {
  EXPECT_EQ(held_of({.basis_points = 1'000, .windows = 2}, 0), 0);
  EXPECT_EQ(held_of({.basis_points = 1'000, .windows = 2}, -10'000), 0);
}

TEST(Reserve, IsReleasedSomeWindowsLater) {
  const reserve_terms terms{.basis_points = 1'000, .windows = 3};
  EXPECT_EQ(released_with(terms, 1), std::nullopt);
  EXPECT_EQ(released_with(terms, 3), std::nullopt);
  EXPECT_EQ(released_with(terms, 4), 1U);
  EXPECT_EQ(released_with(terms, 10), 7U);
  EXPECT_EQ(released_with({}, 10), std::nullopt);
}

TEST(Reserve, IsReleasedOnceAndWhole) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  const reserve_terms terms{.basis_points = draw.small(1, 10'000), .windows = draw.small(1, 20)};
  std::vector<std::int64_t> held(201, 0);
  std::int64_t reserve = 0;
  for (std::uint64_t window = 1; window <= 200; ++window) {
    const std::int64_t gross = draw.amount(1'000'000'000'000);
    held[window] = held_of(terms, gross);
    ASSERT_LE(held[window], gross);
    reserve += held[window];
    if (const auto released = released_with(terms, window))
      reserve -= held[*released];
    std::int64_t expected = 0;
    for (std::uint64_t back = 0; back < terms.windows && back < window; ++back)
      expected += held[window - back];
    ASSERT_EQ(reserve, expected) << "the reserve is that of the latest windows";
  }
}

TEST(ReserveTerms, AreRefusedForTheFirstThingThatIsWrong) {
  EXPECT_EQ(check(reserve_terms{}), std::nullopt);
  EXPECT_EQ(check(reserve_terms{.basis_points = 10'000, .windows = 1}), std::nullopt);
  EXPECT_EQ(check(reserve_terms{.basis_points = 10'001}), reserve_problem::basis_points_too_high);
  EXPECT_EQ(check(reserve_terms{.basis_points = 1}), reserve_problem::released_at_once);
}

TEST(Payout, IsAllThatIsAvailableFromTheMinimumOn) {
  EXPECT_EQ(payout_amount({.minimum = 500}, 499), 0);
  EXPECT_EQ(payout_amount({.minimum = 500}, 500), 500);
  EXPECT_EQ(payout_amount({.minimum = 500}, 12'345), 12'345);
  EXPECT_EQ(payout_amount({}, 1), 1);
}

TEST(Payout, OfANegativeBalanceIsNothingSoThatItIsCarried) {
  EXPECT_EQ(payout_amount({}, -1), 0);
  EXPECT_EQ(payout_amount({.minimum = -5}, -1), 0);
  EXPECT_EQ(payout_amount({}, 0), 0);
  EXPECT_EQ(payout_amount({}, -1 + 10), 9);
}

} // namespace ducat::settlement
