/// What `ducat prove tips-hasty` prints, pasted: it fails, as it is to.

#include "tip_flows.hpp"

#include <gtest/gtest.h>

TEST(HastyTips, HoldWhenThisBreaks) {
  const auto run = ducat::testing::run_trial(
      hasty_tips_flow,
      {.seed = 1,
       .faults = {{.what = ducat::fault_action::crash, .at = 0, .node = "node2", .child = "ledger"}},
       .lease = std::chrono::milliseconds{1500}});
  EXPECT_TRUE(run.holds()) << run;
}
