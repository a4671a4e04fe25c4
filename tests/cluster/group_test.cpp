/// Redundancy groups and children of other nodes.

#include "group_world.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;
using ::testing::UnorderedElementsAre;
using enum child_status::state;

pool_spec group_of(redundancy_mode mode, standby_policy standby, bool takeover = false) {
  return {.size = 2,
          .retries_max = 3,
          .redundancy = redundancy_spec{
              .nodes = {"n1", "n2", "n3"}, .mode = mode, .standby = standby, .takeover = takeover}};
}

/// Who answers, when many are asked.
std::set<std::string> who_answers(group_node& from) {
  std::set<std::string> nodes;
  for (int i = 0; i < 12; ++i)
    nodes.insert(from.ask("where").node);
  return nodes;
}

/// Waits until those answer.
void wait_for(group_node& from, const std::set<std::string>& nodes) {
  while (who_answers(from) != nodes)
    std::this_thread::yield();
}

/// Waits until every worker of the group can be asked from there.
void wait_for_all_keys(group_node& from) {
  for (const char* node : {"n1", "n2", "n3"})
    for (const char* worker : {"service/w1", "service/w2"})
      while (from.find(node, worker).incarnation() == 0)
        std::this_thread::yield();
}

TEST(Group, OfActiveNodesIsServedByAllOfThem) {
  group_world world{group_of(redundancy_mode::active_active, standby_policy::active)};
  wait_for(world.at("n1"), {"n1", "n2", "n3"});
  wait_for(world.at("n3"), {"n1", "n2", "n3"});
  EXPECT_EQ(world.at("n2").ask("where").reply, "free") << "without a grant";
}

class GroupByPolicy : public ::testing::TestWithParam<route> {};

TEST_P(GroupByPolicy, IsServedByAllNodes) {
  pool_spec pool = group_of(redundancy_mode::active_active, standby_policy::active);
  pool.policy = GetParam();
  if (pool.policy == route::weighted_round_robin)
    pool.weights = {3, 1};
  group_world world{pool};
  std::set<std::string> nodes;
  for (std::uint64_t key = 0; nodes.size() < 3; ++key)
    nodes.insert(world.at("n2").node_of(key));
}

INSTANTIATE_TEST_SUITE_P(Policies, GroupByPolicy,
                         ::testing::Values(route::round_robin, route::weighted_round_robin,
                                           route::random, route::least_requests,
                                           route::power_of_two_choices, route::by_key),
                         [](const auto& given) { return std::string{to_string(given.param)}; });

TEST(Group, SendsAKeyToTheSameNodeFromEveryNode) {
  pool_spec pool = group_of(redundancy_mode::active_active, standby_policy::active);
  pool.policy = route::by_key;
  group_world world{pool};
  for (const char* from : {"n1", "n2", "n3"})
    wait_for_all_keys(world.at(from));
  for (std::uint64_t key = 0; key < 20; ++key) {
    EXPECT_EQ(world.at("n1").node_of(key), world.at("n2").node_of(key)) << key;
    EXPECT_EQ(world.at("n1").node_of(key), world.at("n3").node_of(key)) << key;
  }
}

TEST(Group, LosesTheShareOfANodeThatLeavesOrDrains) {
  group_world world{group_of(redundancy_mode::active_active, standby_policy::active)};
  wait_for(world.at("n1"), {"n1", "n2", "n3"});
  world.stop("n2");
  wait_for(world.at("n1"), {"n1", "n3"});
  ASSERT_TRUE(world.at("n3").member().drain());
  wait_for(world.at("n1"), {"n1"});
  world.start("n2");
  wait_for(world.at("n1"), {"n1", "n2"});
}

TEST(Group, IsServedByThePreferredNodeAndThenByTheNext) {
  group_world world{group_of(redundancy_mode::primary_backup, standby_policy::hot)};
  wait_for(world.at("n3"), {"n1"});
  EXPECT_EQ(world.at("n3").ask("a").reply, "new");
  EXPECT_EQ(world.at("n2").state_of("service/w1"), running) << "a hot standby";
  world.stop("n1");
  EXPECT_EQ(world.at("n3").ask("b").node, "n2");
  wait_for(world.at("n2"), {"n2"});
  world.start("n1");
  wait_for(world.at("n1"), {"n2"});
}

TEST(Group, RunsNowhereElseIfItsStandbyIsCold) {
  group_world world{group_of(redundancy_mode::exclusive, standby_policy::cold)};
  wait_for(world.at("n3"), {"n1"});
  EXPECT_EQ(world.at("n2").state_of("service/w1"), stopped);
  EXPECT_EQ(world.at("n1").ask("where").reply, "granted");
  world.stop("n1");
  EXPECT_EQ(world.at("n3").ask("where").node, "n2");
  EXPECT_EQ(world.at("n2").state_of("service/w1"), running);
  EXPECT_EQ(world.at("n3").state_of("service/w1"), stopped);
}

TEST(Group, IsTakenBackByAPreferredNodeIfThatIsAskedFor) {
  group_world world{group_of(redundancy_mode::primary_backup, standby_policy::cold, true)};
  wait_for(world.at("n3"), {"n1"});
  world.stop("n1");
  wait_for(world.at("n3"), {"n2"});
  world.start("n1");
  wait_for(world.at("n3"), {"n1"});
  world.at("n2").wait_until("service/w2", stopped);
}

TEST(Group, MovesWhenItsNodeDrains) {
  group_world world{group_of(redundancy_mode::exclusive, standby_policy::hot)};
  wait_for(world.at("n2"), {"n1"});
  ASSERT_TRUE(world.at("n1").member().drain());
  wait_for(world.at("n2"), {"n2"});
  wait_for(world.at("n1"), {"n2"}); // Its clients are served, too, when it has heard of the grant.
}

TEST(Group, FencesWhatIsCommittedUnderAnOlderGrant) {
  group_world world{group_of(redundancy_mode::primary_backup, standby_policy::hot)};
  wait_for(world.at("n1"), {"n1"});
  const grant first = world.at("n1").member().granted("service");
  const auto commit_with = [&](std::uint64_t epoch, const std::string& word) {
    node& n = world.at("n3").core();
    return ask<committed>(n.system(), n.find("ledger"), patience,
                          commit{word, fencing_token{"service", epoch}});
  };
  EXPECT_TRUE(commit_with(first.epoch, "a"));
  world.stop("n1");
  world.wait_until_granted("n2");
  const grant second = world.at("n2").member().granted("service");
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_EQ(commit_with(first.epoch, "b").error().code, errc::epoch_lost);
  EXPECT_EQ(commit_with(second.epoch, "b").value().reply, "new");
  EXPECT_EQ(commit_with(first.epoch, "b").error().code, errc::epoch_lost) << "not even a replay";
}

TEST(Group, GrantsAreSeenByNodesThatComeLater) {
  group_world world{group_of(redundancy_mode::primary_backup, standby_policy::hot)};
  wait_for(world.at("n1"), {"n1"});
  world.stop("n3");
  world.start("n3");
  EXPECT_EQ(world.at("n3").member().granted("service"), world.at("n1").member().granted("service"));
}

TEST(Group, OfOneNodeIsGrantedAgainAfterACrash) {
  group_world world{group_of(redundancy_mode::exclusive, standby_policy::cold)};
  wait_for(world.at("n1"), {"n1"});
  const auto once = world.at("n1").try_ask(world.at("n1").core().find("service"), "crash");
  EXPECT_EQ(once.error().code, errc::outcome_unknown) << "it is a poison to every worker";
  wait_for(world.at("n2"), {"n1"});
  EXPECT_EQ(world.at("n2").ask("where").reply, "granted") << "its next life, too";
}

TEST(RemoteChild, IsReachedByItsHandle) {
  group_world world{group_of(redundancy_mode::active_active, standby_policy::active)};
  const handle there = world.at("n1").find("n2", "service/w2");
  EXPECT_EQ(there.path(), "service/w2@n2");
  while (there.incarnation() == 0)
    std::this_thread::yield();
  EXPECT_EQ(world.at("n1").try_ask(there, "where").value().node, "n2");
  world.stop("n2");
  while (there.incarnation() != 0)
    std::this_thread::yield();
  EXPECT_EQ(world.at("n1").try_ask(there, "where").error().code, errc::unavailable);
}

TEST(RemoteChild, ThatIsNotThereIsUnavailable) {
  group_world world{group_of(redundancy_mode::active_active, standby_policy::active)};
  const handle there = world.at("n1").find("n2", "nobody");
  while (there.incarnation() == 0)
    std::this_thread::yield();
  EXPECT_EQ(world.at("n1").try_ask(there, "where").error().code, errc::unavailable);
}

} // namespace
} // namespace ducat::cluster
