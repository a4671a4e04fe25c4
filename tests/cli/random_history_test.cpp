/// The checker and the machine, which share no code, say the same of random histories.

#include "cli/random_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat::testing {

namespace {

using settlement::test::seed_of_this_run;
using ::testing::IsEmpty;
using ::testing::Not;

class RandomHistory : public ::testing::TestWithParam<v1::SettlementModel> {};

TEST_P(RandomHistory, IsFoundToBeWithoutFault) {
  const std::uint64_t seed = seed_of_this_run();
  for (std::uint64_t i = 0; i < 4 && !HasFailure(); ++i) {
    SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed + i));
    random_history one{seed + i, GetParam()};
    for (int step = 0; step < 3'000; ++step)
      one.step();
    const cli::verdict judged = one.judge({}, one.said());
    EXPECT_THAT(judged.found.kept(), IsEmpty());
    EXPECT_GT(judged.said, 0u);
    one.expect_same_balances(judged);
  }
}

/// What the machine takes for nothing, because it has been done or may not be, is a fault if it is
/// in the log all the same.
TEST_P(RandomHistory, IsFoundFaultyIfItHoldsWhatHasNoEffect) {
  const std::uint64_t seed = seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  random_history one{seed, GetParam()};
  for (int step = 0; step < 600; ++step) {
    const std::size_t before = one.entries();
    one.step();
    if (step % 20 == 0 && one.entries() == before && !one.refused().empty()) {
      const v1::Command& last = one.refused().back();
      EXPECT_THAT(one.judge({last}).found.kept(), Not(IsEmpty())) << last.ShortDebugString();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, RandomHistory,
                         ::testing::Values(v1::GROSS_IMMEDIATE, v1::NET_BILATERAL_DEFERRED,
                                           v1::NET_MULTILATERAL_DEFERRED),
                         [](const auto& of) {
                           return of.param == v1::GROSS_IMMEDIATE          ? "Gross"
                                  : of.param == v1::NET_BILATERAL_DEFERRED ? "Bilateral"
                                                                           : "Multilateral";
                         });

} // namespace
} // namespace ducat::testing
