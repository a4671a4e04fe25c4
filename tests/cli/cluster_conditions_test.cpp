/// What the members of a cluster say about its availability.

#include "availability/cluster_conditions.hpp"
#include "availability/cluster_watch.hpp"
#include "monitor/conditions.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using cluster::member_status;
using monitor::operator<<;
namespace is = monitor::is;
using state = member_status::state;

member_status member(const std::string& id, state now, bool holds_log = false,
                     bool is_linked = true) {
  return {.id = id, .now = now, .is_linked = is_linked, .holds_log = holds_log};
}

TEST(ClusterConditions, AMemberServesWhileItIsAlive) {
  EXPECT_EQ(condition_of(member("n", state::alive), std::nullopt), is::serving);
  EXPECT_EQ(condition_of(member("n", state::silent), is::serving), is::failed);
  EXPECT_EQ(condition_of(member("n", state::gone), is::serving), is::failed);
  EXPECT_EQ(condition_of(member("n", state::alive, false, false), is::serving), is::failed);
}

TEST(ClusterConditions, AMemberThatDrainsAndGoesIsStoppedInOrder) {
  EXPECT_EQ(condition_of(member("n", state::draining), is::serving), is::stopped);
  EXPECT_EQ(condition_of(member("n", state::gone), is::stopped), is::stopped);
  EXPECT_EQ(condition_of(member("n", state::silent), is::stopped), is::failed);
}

TEST(ClusterConditions, TheClusterServesWhileTheHolderOfTheLogIsThere) {
  const auto follower = member("n2", state::alive);
  EXPECT_EQ(condition_of({member("n1", state::alive, true), follower}), is::serving);
  EXPECT_EQ(condition_of({member("n1", state::silent, true), follower}), is::failed);
  EXPECT_EQ(condition_of({member("n1", state::gone, true), follower}), is::failed);
  EXPECT_EQ(condition_of({member("n1", state::alive, true, false), follower}), is::failed);
  EXPECT_EQ(condition_of({member("n1", state::alive), follower}), is::failed);
}

TEST(ClusterConditions, AHandOverIsNoFailure) {
  EXPECT_EQ(condition_of({member("n1", state::draining, true), member("n2", state::alive)}),
            is::stopped);
}

TEST(ClusterConditions, AFaultIsPresentWhileAMemberIsMissing) {
  const auto holder = member("n1", state::alive, true);
  for (const state missing : {state::silent, state::gone})
    EXPECT_EQ(condition_of({holder, member("n2", missing)}), is::serving_with_fault);
  EXPECT_EQ(condition_of({holder, member("n2", state::alive, false, false)}),
            is::serving_with_fault);
  EXPECT_EQ(condition_of({holder, member("n2", state::draining)}), is::serving);
}

cluster::group_status group(std::vector<std::string> serving, const std::string& granted = "n1") {
  return {.pool = "pool",
          .spec = {.nodes = {"n1", "n2"}, .mode = redundancy_mode::exclusive},
          .granted = {granted, 7},
          .serving = std::move(serving)};
}

TEST(ClusterConditions, AGroupServesWhileANodeOfItDoes) {
  const std::vector both{member("n1", state::alive), member("n2", state::alive)};
  EXPECT_EQ(condition_of(group({"n1"}), both), is::serving);
  EXPECT_EQ(condition_of(group({}), both), is::failed);
  for (const auto& other : {member("n2", state::silent), member("n2", state::gone),
                            member("n2", state::alive, false, false)})
    EXPECT_EQ(condition_of(group({"n1"}), {member("n1", state::alive), other}),
              is::serving_with_fault);
  EXPECT_EQ(condition_of(group({"n1"}), {member("n1", state::alive)}), is::serving_with_fault)
      << "nobody knows n2";
}

TEST(ClusterConditions, AGroupWhoseHolderDrainsIsHandedOverInOrder) {
  const std::vector members{member("n1", state::draining), member("n2", state::alive)};
  EXPECT_EQ(condition_of(group({}, "n1"), members), is::stopped);
  EXPECT_EQ(condition_of(group({}, "n2"), members), is::failed);
}

TEST(ClusterConditions, AGroupIsPredictedFromItsNodes) {
  const auto how = redundancy_of({.nodes = {"n1", "n2"},
                                  .mode = redundancy_mode::primary_backup,
                                  .standby = standby_policy::cold},
                                 600ms);
  EXPECT_EQ(to_string(how), "primary_backup, 2, cold, switch-over 600 ms");
  EXPECT_EQ(to_string(redundancy_of({.nodes = {"n1", "n2", "n3"}}, 600ms)),
            "active_active, 1 of 3");
}

/// Members as a test says, and a watch of them. The clock is the test's, too.
class ClusterWatch : public ::testing::Test {
protected:
  /// From now on these are the members and groups; returns when the watch has told of them.
  void set(std::vector<member_status> now, std::vector<cluster::group_status> groups = {}) {
    std::unique_lock lock{mutex_};
    members_ = std::move(now);
    groups_ = std::move(groups);
    const int seen = looks_;
    looked_.wait(lock, [&] { return looks_ > seen + 1; });
  }

  std::vector<member_status> look() {
    const std::lock_guard lock{mutex_};
    ++looks_;
    looked_.notify_all();
    return members_;
  }

  std::vector<cluster::group_status> look_at_groups() {
    const std::lock_guard lock{mutex_};
    return groups_;
  }

  void pass(duration by) {
    const std::lock_guard lock{mutex_};
    now_ += by;
  }

  monitor::subject_report of(monitor::subject::kind what, const std::string& name) const {
    for (const auto& each : board_.report(monitor::window::start, name))
      if (each.about.what == what)
        return each;
    return {};
  }

  std::mutex mutex_;
  std::condition_variable looked_;
  int looks_ = 0;
  std::vector<member_status> members_;
  std::vector<cluster::group_status> groups_;
  time_point now_ = monitor::begin;
  monitor::availability_board board_{[this] {
    const std::lock_guard lock{mutex_};
    return now_;
  }};
  monitor::tree_availability own_{board_, {.node = "n1"}};
  cluster_watch watch_{{.node = "n1",
                        .cluster = "test",
                        .switch_over = 600ms,
                        .every = 1ms,
                        .members = [this] { return look(); },
                        .groups = [this] { return look_at_groups(); }},
                       board_,
                       own_};
};

TEST_F(ClusterWatch, CountsAFailureOfTheWriterAndItsSuccession) {
  const auto me = member("n1", state::alive);
  set({me, member("n2", state::alive, true)});
  pass(10s);
  set({me, member("n2", state::silent, true)});
  pass(1s);
  set({member("n1", state::alive, true), member("n2", state::silent)});
  pass(3s);
  set({member("n1", state::alive, true), member("n2", state::alive)});
  pass(6s);
  const auto cluster = of(monitor::subject::kind::cluster, "test");
  EXPECT_EQ(cluster.counted.observed, 20s);
  EXPECT_EQ(cluster.counted.failures, 1u);
  EXPECT_EQ(cluster.counted.failed, 1s);
  EXPECT_EQ(fault_tolerance_of(cluster.counted), 0.75);
  EXPECT_EQ(mttr_of(of(monitor::subject::kind::node, "n2").counted), 4s);
  EXPECT_EQ(cluster.mode.units, 1u) << "nothing was heard of this node's own tree";
  EXPECT_TRUE(cluster.predicted);
}

TEST_F(ClusterWatch, CountsAFailureOfAGroupFromWhenItFirstServed) {
  const auto both = [] {
    return std::vector{member("n1", state::alive, true), member("n2", state::alive)};
  };
  set(both(), {group({})});
  pass(10s);
  set(both(), {group({"n1"})});
  pass(5s);
  set(both(), {group({})});
  pass(1s);
  set(both(), {group({"n2"}, "n2")});
  pass(4s);
  const auto counted = of(monitor::subject::kind::group, "pool");
  EXPECT_EQ(counted.counted.observed, 10s);
  EXPECT_EQ(counted.counted.failures, 1u);
  EXPECT_EQ(counted.counted.failed, 1s);
  EXPECT_EQ(counted.mode.units, 2u);
}

TEST_F(ClusterWatch, ForgetsAMemberThatWasRemoved) {
  set({member("n1", state::alive, true), member("n2", state::alive)});
  set({member("n1", state::alive, true), member("n2", state::gone)});
  EXPECT_EQ(of(monitor::subject::kind::node, "n2").about.name, "n2");
  set({member("n1", state::alive, true)});
  EXPECT_EQ(of(monitor::subject::kind::node, "n2").about.name, "");
}

TEST_F(ClusterWatch, ObservesAMemberFromWhenItFirstServes) {
  set({member("n1", state::alive, true), member("n2", state::alive, false, false)});
  pass(5s);
  set({member("n1", state::alive, true), member("n2", state::alive)});
  pass(5s);
  EXPECT_EQ(of(monitor::subject::kind::node, "n2").counted.observed, 5s);
}

TEST_F(ClusterWatch, TellsThatThisNodeDrains) {
  own_.on_event({.what = supervision_event::kind::started, .path = "a", .incarnation = 1});
  set({member("n1", state::draining, true)});
  EXPECT_EQ(of(monitor::subject::kind::node, "n1").now, is::stopped);
}

} // namespace
} // namespace ducat::cli
