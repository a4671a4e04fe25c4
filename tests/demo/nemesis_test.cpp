#include "demo/nemesis.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ducat::cli {
namespace {

nemesis_options options() {
  return {.operations = 1'000, .seed = 7, .workers = 4, .points = {"payment.after_create"}};
}

TEST(Nemesis, PlansTheSameForTheSameSeed) {
  nemesis_options other = options();
  other.seed = 8;
  EXPECT_EQ(plan_blows(options()), plan_blows(options()));
  EXPECT_NE(plan_blows(options()), plan_blows(other));
}

TEST(Nemesis, SpreadsItsBlowsInOrderOverTheRun) {
  const auto plan = plan_blows(options());
  EXPECT_TRUE(std::ranges::is_sorted(plan, {}, &blow::after));
  EXPECT_GT(plan.front().after, 0u);
  EXPECT_LT(plan.back().after, 1'000u);
}

TEST(Nemesis, KillsTheProcessAsOftenAsItIsTold) {
  const auto kills = std::ranges::count(plan_blows(options()), blow::kind::process, &blow::what);
  EXPECT_EQ(kills, 3);
}

TEST(Nemesis, AimsAtEveryKindOfTarget) {
  const auto plan = plan_blows(options());
  for (const char* target : {"payments", "payments/router", "payments/w1", "payments/w4", "ledger",
                             "gateway", "payment.after_create"})
    EXPECT_NE(std::ranges::find(plan, target, &blow::target), plan.end()) << target;
  EXPECT_EQ(std::ranges::find(plan, "payments/w5", &blow::target), plan.end());
}

TEST(Nemesis, ArmsNothingWhereThereIsNoPoint) {
  nemesis_options none = options();
  none.points.clear();
  EXPECT_EQ(std::ranges::count(plan_blows(none), blow::kind::point, &blow::what), 0);
}

TEST(Nemesis, ChoosesAmongTheNodesAndMembersOfACluster) {
  nemesis_options cluster = options();
  cluster.nodes = {"node1", "node2"};
  cluster.members = {"etcd1"};
  cluster.member_kills = 2;
  const auto plan = plan_blows(cluster);
  EXPECT_EQ(std::ranges::count(plan, blow::kind::member, &blow::what), 2);
  for (const blow& each : plan)
    EXPECT_EQ(each.node.starts_with("etcd"), each.what == blow::kind::member);
  for (const char* node : {"node1", "node2", "etcd1"})
    EXPECT_NE(std::ranges::find(plan, node, &blow::node), plan.end()) << node;
  EXPECT_EQ(plan, plan_blows(cluster));
}

} // namespace
} // namespace ducat::cli
