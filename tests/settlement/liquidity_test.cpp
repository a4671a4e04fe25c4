#include "settlement/draw.hpp"

#include <ducat/settlement/liquidity.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace ducat::settlement {

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

constexpr exposure used{
    .unsettled_net = 60, .reserved_debits = 30, .net_debit_cap = 100, .liquidity = 100};

} // namespace

TEST(Liquidity, CoversUpToTheCap) {
  EXPECT_EQ(check_liquidity(used, 10), std::nullopt);
  EXPECT_EQ(check_liquidity(used, 11), liquidity_problem::net_debit_cap_exceeded);
  EXPECT_TRUE(covers(used, 10));
  EXPECT_FALSE(covers(used, 11));
}

TEST(Liquidity, CountsReservedDebits) {
  EXPECT_TRUE(covers({.unsettled_net = 60, .net_debit_cap = 100, .liquidity = 100}, 40));
}

TEST(Liquidity, CountsWhatTheParticipantIsOwed) {
  EXPECT_TRUE(covers({.unsettled_net = -40, .net_debit_cap = 100, .liquidity = 100}, 140));
  EXPECT_FALSE(covers({.unsettled_net = -40, .net_debit_cap = 100, .liquidity = 100}, 141));
}

TEST(Liquidity, IsShortIfTheCapIsAboveIt) {
  EXPECT_EQ(check_liquidity({.net_debit_cap = 101, .liquidity = 100}, 0),
            liquidity_problem::liquidity_short);
  EXPECT_EQ(check_liquidity({.net_debit_cap = 101, .liquidity = 100}, 102),
            liquidity_problem::net_debit_cap_exceeded);
}

TEST(Liquidity, HoldsAtTheExtremes) {
  EXPECT_FALSE(covers({most, most, most, most}, most));
  EXPECT_TRUE(covers({least, 0, 0, 0}, most));
  EXPECT_TRUE(covers({0, 0, most, most}, most));
}

TEST(Liquidity, NeverLetsAParticipantOweMoreThanItHasPutUp) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  int covered = 0;
  for (int run = 0; run < 20'000; ++run) {
    const exposure of{draw.whole(-1'000, 1'000), draw.whole(0, 1'000), draw.whole(0, 2'000),
                      draw.whole(0, 2'000)};
    const std::int64_t amount = draw.whole(0, 1'000);
    if (!covers(of, amount))
      continue;
    ++covered;
    ASSERT_LE(of.unsettled_net + of.reserved_debits + amount, of.net_debit_cap);
    ASSERT_LE(of.unsettled_net + of.reserved_debits + amount, of.liquidity);
  }
  EXPECT_GT(covered, 0);
}

} // namespace ducat::settlement
