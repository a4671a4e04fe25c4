/// What the events of a tree say about its children, pools, supervisors and its node.

#include "monitor/conditions.hpp"
#include "monitor/tree_conditions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace ducat::monitor {
namespace {

using event_kind = supervision_event::kind;

const exit_reason crashed{exit_kind::crashed, "boom"};
const exit_reason killed{exit_kind::killed, ""};
const exit_reason shut_down{exit_kind::shutdown, ""};
const exit_reason was_done{exit_kind::normal, ""};

/// A tree of which only the events are there. Keeps what was told last of each path.
class TreeConditions : public ::testing::Test {
protected:
  void tell(event_kind what, const std::string& path, const exit_reason& why = {}) {
    if (what == event_kind::started)
      ++lives_[path];
    take(tree_.on_event({.what = what, .path = path, .incarnation = lives_[path], .reason = why}));
  }

  void take(const std::vector<tree_fact>& facts) {
    for (const tree_fact& each : facts) {
      if (each.is_pool)
        continue;
      if (each.now)
        told_[each.path] = *each.now;
      else
        told_.erase(each.path);
      if (each.now && each.now->has_failed())
        ++failures_[each.path];
    }
  }

  void start(const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
      tell(event_kind::started, path);
  }

  void start_pool() { start({"p/w1", "p/w2", "p/router", "p"}); }

  void down(const std::string& path, const exit_reason& why) { tell(event_kind::down, path, why); }

  void restart(const std::string& path) {
    tell(event_kind::restart, path);
    tell(event_kind::started, path);
  }

  std::string at(const std::string& path) const {
    const auto found = told_.find(path);
    std::ostringstream text;
    if (found != told_.end())
      text << found->second;
    return text.str();
  }

  std::string node() const { return at(""); }

  std::map<std::string, std::uint64_t> lives_;
  std::map<std::string, condition> told_;
  std::map<std::string, int> failures_;
  tree_conditions tree_{{}, 100};
};

TEST_F(TreeConditions, AChildServesWhileItRuns) {
  start({"a"});
  EXPECT_EQ(at("a"), "serving");
  down("a", crashed);
  EXPECT_EQ(at("a"), "failed with a fault");
  restart("a");
  EXPECT_EQ(at("a"), "serving");
  EXPECT_EQ(failures_["a"], 1);
}

TEST_F(TreeConditions, AStopInOrderIsNoFailure) {
  for (const exit_reason& why : {shut_down, was_done, killed}) {
    start({"a"});
    down("a", why);
    EXPECT_EQ(at("a"), "stopped") << to_string(why);
  }
  EXPECT_EQ(failures_["a"], 0);
}

TEST_F(TreeConditions, AnEndAfterWhichARestartIsGrantedIsAFailure) {
  for (const exit_reason& why : {was_done, killed}) {
    start({"a"});
    down("a", why);
    tell(event_kind::restart, "a");
    EXPECT_EQ(at("a"), "failed with a fault") << to_string(why);
  }
}

TEST_F(TreeConditions, AGroupRestartIsNoFailureOfTheOthers) {
  start({"a", "b"});
  down("a", crashed);
  tell(event_kind::restart, "a");
  down("b", shut_down);
  start({"a", "b"});
  EXPECT_EQ(failures_["a"], 1);
  EXPECT_EQ(failures_["b"], 0);
  EXPECT_EQ(at("b"), "serving");
}

TEST_F(TreeConditions, AStartThatFailsAgainIsTheSameFailure) {
  start({"a"});
  down("a", crashed);
  tell(event_kind::restart, "a");
  tell(event_kind::start_failed, "a", crashed);
  tell(event_kind::restart, "a");
  tell(event_kind::started, "a");
  EXPECT_EQ(failures_["a"], 1);
}

TEST_F(TreeConditions, AStartThatFailsAfterAStopInOrderIsAFailure) {
  start({"a"});
  down("a", shut_down);
  tell(event_kind::start_failed, "a", crashed);
  EXPECT_EQ(failures_["a"], 1);
}

TEST_F(TreeConditions, WhatNeverServedIsNotObserved) {
  tell(event_kind::start_failed, "a", crashed);
  tell(event_kind::ignored, "b");
  EXPECT_EQ(at("a") + at("b"), "");
}

TEST_F(TreeConditions, AHungLifeIsAFaultAsLongAsItExists) {
  start({"a"});
  tell(event_kind::zombie, "a", {exit_kind::killed, "hung for 100 ms"});
  down("a", {exit_kind::killed, "hung for 100 ms"});
  EXPECT_EQ(at("a"), "failed with a fault");
  restart("a");
  EXPECT_EQ(at("a"), "serving with a fault") << "it holds a thread";
  tell(event_kind::zombie_ended, "a");
  EXPECT_EQ(at("a"), "serving");
}

TEST_F(TreeConditions, ARemovedChildIsForgottenWithAllBelowIt) {
  start({"s/a", "s/b", "s", "sx"});
  down("s/a", crashed);
  EXPECT_EQ(node(), "serving with a fault");
  tell(event_kind::removed, "s");
  EXPECT_EQ(at("s") + at("s/a") + at("s/b"), "");
  EXPECT_EQ(at("sx"), "serving");
  EXPECT_EQ(node(), "serving") << "its fault has gone with it";
}

TEST_F(TreeConditions, ASupervisorServesWithAFaultWhileOneOfItsChildrenFails) {
  start({"s/t/a", "s/t", "s"});
  down("s/t/a", crashed);
  EXPECT_EQ(at("s/t"), "serving with a fault");
  EXPECT_EQ(at("s"), "serving with a fault");
  EXPECT_EQ(node(), "serving with a fault");
  restart("s/t/a");
  EXPECT_EQ(at("s/t") + at("s") + node(), "servingservingserving");
}

TEST_F(TreeConditions, ASupervisorThatGivesUpHasFailedUntilItRunsAgain) {
  start({"s/a", "s"});
  down("s/a", crashed);
  tell(event_kind::give_up, "s");
  down("s", shut_down);
  EXPECT_EQ(at("s"), "failed with a fault") << "how it ended does not show that it gave up";
  tell(event_kind::restart, "s");
  start({"s/a", "s"});
  EXPECT_EQ(at("s"), "serving");
  EXPECT_EQ(failures_["s"], 1);
}

TEST_F(TreeConditions, ASupervisorThatIsStoppedTakesItsFailedChildrenWithIt) {
  start({"s/a", "s"});
  down("s/a", crashed);
  down("s", shut_down);
  EXPECT_EQ(at("s/a"), "stopped");
  EXPECT_EQ(at("s"), "stopped");
}

TEST_F(TreeConditions, WhatASupervisorDoesNotStartAgainIsForgotten) {
  start({"s/a", "s/extra", "s"});
  down("s/extra", killed);
  down("s/a", killed);
  down("s", crashed);
  start({"s/a", "s"});
  EXPECT_EQ(at("s/a"), "serving");
  EXPECT_EQ(at("s/extra"), "");
}

TEST_F(TreeConditions, WhatFailsRightAfterItsSupervisorStartedIsNotForgotten) {
  start({"s/a", "s"});
  down("s/a", killed);
  down("s", crashed);
  start({"s/a"});
  down("s/a", crashed);
  start({"s"});
  EXPECT_EQ(at("s/a"), "failed with a fault");
}

TEST_F(TreeConditions, APoolServesOnceItHasBooted) {
  start({"p/w1", "p/w2", "p/router"});
  EXPECT_EQ(at("p"), "");
  start({"p"});
  EXPECT_EQ(at("p"), "serving");
}

TEST_F(TreeConditions, APoolServesWhileOneWorkerRuns) {
  start_pool();
  down("p/w1", crashed);
  EXPECT_EQ(at("p"), "serving with a fault");
  down("p/w2", crashed);
  EXPECT_EQ(at("p"), "failed with a fault");
  restart("p/w1");
  EXPECT_EQ(at("p"), "serving with a fault");
  restart("p/w2");
  EXPECT_EQ(at("p"), "serving");
  EXPECT_EQ(failures_["p"], 1);
}

TEST_F(TreeConditions, APoolDoesNotServeWithoutItsRouter) {
  start_pool();
  down("p/router", crashed);
  EXPECT_EQ(at("p"), "failed with a fault");
  restart("p/router");
  EXPECT_EQ(at("p"), "serving");
}

TEST_F(TreeConditions, APoolThatStopsInOrderHasNotFailed) {
  start_pool();
  for (const char* path : {"p/router", "p/w2", "p/w1", "p"})
    down(path, shut_down);
  EXPECT_EQ(at("p"), "stopped");
  EXPECT_EQ(failures_["p"], 0);
}

TEST_F(TreeConditions, TheNodeFailsWithAChildOfTheRoot) {
  start({"a", "b"});
  EXPECT_EQ(node(), "serving");
  down("a", crashed);
  EXPECT_EQ(node(), "failed with a fault");
  restart("a");
  EXPECT_EQ(node(), "serving");
}

TEST_F(TreeConditions, TheNodeFailsWhenTheRootGivesUp) {
  start({"a"});
  tell(event_kind::give_up, "");
  EXPECT_EQ(node(), "failed with a fault");
}

TEST_F(TreeConditions, TheNodeServesWhileWhatItNeedsServes) {
  tree_ = tree_conditions{{"a", "p"}, 100};
  start({"a"});
  EXPECT_EQ(node(), "") << "it has not served yet";
  start_pool();
  EXPECT_EQ(node(), "serving");
  start({"other"});
  down("other", crashed);
  EXPECT_EQ(node(), "serving with a fault");
  down("a", crashed);
  EXPECT_EQ(node(), "failed with a fault");
}

TEST_F(TreeConditions, TheNodeIsStoppedInOrderWithWhatItNeeds) {
  tree_ = tree_conditions{{"a", "b"}, 100};
  start({"a", "b"});
  down("a", shut_down);
  EXPECT_EQ(node(), "stopped");
  down("b", crashed);
  EXPECT_EQ(node(), "failed with a fault");
}

TEST_F(TreeConditions, ANodeThatDrainsIsStoppedInOrder) {
  start({"a"});
  take(tree_.set_draining(true));
  EXPECT_EQ(node(), "stopped");
  take(tree_.set_draining(false));
  EXPECT_EQ(node(), "serving");
}

TEST_F(TreeConditions, ANodeWhoseProcessWasStartedAgainHasFailedUntilItServes) {
  tree_ = tree_conditions{{"a"}, 100};
  tell(event_kind::process_restarted, "");
  EXPECT_EQ(node(), "failed with a fault");
  EXPECT_EQ(failures_[""], 1);
  start({"b"});
  EXPECT_EQ(node(), "failed with a fault");
  start({"a"});
  EXPECT_EQ(node(), "serving");
  EXPECT_EQ(failures_[""], 1);
}

TEST_F(TreeConditions, FollowsSoManyChildrenToWhichNothingHappened) {
  tree_ = tree_conditions{{}, 2};
  start({"a", "b", "c", "d"});
  EXPECT_EQ(at("b"), "serving");
  EXPECT_EQ(at("c") + at("d"), "");
  EXPECT_EQ(tree_.left_out(), 2u);
}

TEST_F(TreeConditions, FollowsOneOfTooManyFromItsFirstEndOn) {
  tree_ = tree_conditions{{}, 2};
  start({"a", "b", "c"});
  down("c", crashed);
  EXPECT_EQ(at("c"), "failed with a fault");
  EXPECT_EQ(failures_["c"], 1);
  restart("c");
  EXPECT_EQ(at("c"), "serving");
}

TEST_F(TreeConditions, APoolCountsTheWorkersThatAreNotFollowed) {
  tree_ = tree_conditions{{}, 1};
  start_pool();
  down("p/w2", shut_down);
  down("p/w1", shut_down);
  EXPECT_EQ(at("p"), "stopped");
  start({"p/w2"});
  EXPECT_EQ(at("p"), "serving");
}

} // namespace
} // namespace ducat::monitor
