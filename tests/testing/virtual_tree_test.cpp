#include <ducat/exit_reason.hpp>
#include <ducat/router.hpp>
#include <ducat/testing/virtual_tree.hpp>

#include <caf/event_based_actor.hpp>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <thread>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

inline fault_point before_adding{"testing_test.before_adding"};

/// Adds one to an int. Never answers a string.
caf::behavior adder(caf::event_based_actor* self) {
  return {[](int value) {
            before_adding.hit();
            return value + 1;
          },
          [self](const std::string&) -> caf::result<int> {
            return self->make_response_promise<int>();
          }};
}

/// Answers an int with 2, in two seconds, one at a time.
caf::behavior slow(caf::event_based_actor* self) {
  auto asked = std::make_shared<caf::typed_response_promise<int>>();
  return {[=](int) {
            self->delayed_send(self, 2s, std::string{"now"});
            return *asked = self->make_response_promise<int>();
          },
          [=](const std::string&) { std::exchange(*asked, {}).deliver(2); }};
}

supervisor_spec one(child_spec child, std::uint32_t restarts_max = 5) {
  return {.flags = {.restarts_max = restarts_max}, .children = {std::move(child)}};
}

class VirtualTree : public ::testing::Test {
protected:
  VirtualTree() { spdlog::set_level(spdlog::level::off); }
};

TEST_F(VirtualTree, TellsWhatItIsAndWhatHasHappened) {
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  ASSERT_TRUE(tree.outcome());
  EXPECT_EQ(tree.tree(), "a running #1 restarts=0\n");
  tree.crash("a");
  EXPECT_EQ(tree.tree(), "a running #2 restarts=1\n");
  EXPECT_EQ(tree.events(), "started a#1\n"
                           "down a#1 crashed: injected fault at a\n"
                           "restart a#1 1/5\n"
                           "started a#2\n");
}

TEST_F(VirtualTree, ForgetsTheEventsThatWereTaken) {
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  EXPECT_EQ(tree.events(), "started a#1\n");
  EXPECT_EQ(tree.take_events(), "started a#1\n");
  EXPECT_EQ(tree.events(), "");
}

TEST_F(VirtualTree, SaysHowTheStartFailed) {
  const auto stillborn = [](caf::event_based_actor*) -> caf::behavior {
    throw std::runtime_error{"no disk"};
  };
  virtual_tree tree{one({.id = "a", .start = start(stillborn)})};
  ASSERT_FALSE(tree.outcome());
  EXPECT_EQ(tree.outcome().error().code, errc::unavailable);
  EXPECT_EQ(tree.events(), "start_failed a#1 crashed: no disk\n");
}

TEST_F(VirtualTree, RunsUntilAChildHasAnswered) {
  virtual_tree tree{one({.id = "a", .start = start(slow)})};
  const time_point before = tree.now();
  EXPECT_EQ(tree.ask<int>("a", 1), 2);
  EXPECT_EQ(tree.now() - before, 2s);
}

TEST_F(VirtualTree, AsksTheRouterOfAPool) {
  virtual_tree tree{one({.id = "pool", .start = start(adder), .pool = pool_spec{.size = 2}})};
  EXPECT_EQ(tree.ask<int>("pool", 1), 2);
}

TEST_F(VirtualTree, SaysWhyThereIsNoAnswer) {
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  EXPECT_EQ(tree.ask<int>("b", 1).error().code, errc::unavailable);
  EXPECT_EQ(tree.ask<int>("a", 2.5).error().code, errc::invalid_argument); // It knows no double.
  EXPECT_EQ(tree.ask<std::string>("a", 1).error().code, errc::invalid_argument);
  EXPECT_EQ(tree.ask<int>("a", std::string{"never"}).error().code, errc::outcome_unknown);
}

TEST_F(VirtualTree, CrashesAChildInHandOfARequest) {
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  tree.arm(before_adding, {.times = 2});
  EXPECT_EQ(tree.ask<int>("a", 1).error().code, errc::outcome_unknown);
  EXPECT_EQ(tree.wait_until_restarted("a"), 2u);
  EXPECT_EQ(tree.ask<int>("a", 1).error().code, errc::outcome_unknown);
  EXPECT_EQ(tree.wait_until_restarted("a"), 3u);
  EXPECT_EQ(tree.ask<int>("a", 1), 2);
}

TEST_F(VirtualTree, DisarmsWhatItHasArmed) {
  virtual_tree{one({.id = "a", .start = start(adder)})}.arm(before_adding);
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  EXPECT_EQ(tree.ask<int>("a", 1), 2);
}

TEST_F(VirtualTree, ThrowsIfAFaultIsImpossible) {
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  EXPECT_THROW(tree.arm(before_adding, {.times = 0}), std::runtime_error);
  EXPECT_THROW(tree.crash("b"), std::runtime_error);
  EXPECT_THROW(tree.kill("b"), std::runtime_error);
}

TEST_F(VirtualTree, KillsAChildThatTrapsItsExit) {
  const auto stubborn = [](caf::event_based_actor* self) -> caf::behavior {
    self->set_exit_handler([](caf::exit_msg&) {});
    return {[](int value) { return value; }};
  };
  virtual_tree tree{one({.id = "a", .start = start(stubborn)})};
  tree.take_events();
  tree.kill("a");
  EXPECT_EQ(tree.take_events(), "down a#1 killed\nrestart a#1 1/5\nstarted a#2\n");
}

TEST_F(VirtualTree, CrashesAWholePool) {
  virtual_tree tree{one({.id = "pool", .start = start(adder), .pool = pool_spec{.size = 1}})};
  tree.crash("pool");
  EXPECT_EQ(tree.wait_until_restarted("pool"), 2u);
  EXPECT_EQ(tree.tree(), "pool running #2 restarts=1\n"
                         "pool/w1 running #2 restarts=1\n"
                         "pool/router running #2 restarts=1\n");
}

TEST_F(VirtualTree, WaitsForTheLifeAfterTheOneItKnows) {
  virtual_tree tree{one({.id = "a", .start = start(adder)})};
  tree.crash("a");
  EXPECT_EQ(tree.wait_until_restarted("a"), 2u);
  EXPECT_FALSE(tree.wait_until_restarted("a")); // Nothing has happened since.
  tree.crash("a");
  tree.crash("a");
  EXPECT_EQ(tree.wait_until_restarted("a"), 4u);
}

TEST_F(VirtualTree, WaitsForARestartThatTakesTime) {
  /// Its second life does not begin before its sibling has ended, which takes 3 s.
  const auto stubborn = [](caf::event_based_actor* self) -> caf::behavior {
    self->set_exit_handler([](caf::exit_msg&) {});
    return {[](int value) { return value; }};
  };
  virtual_tree tree{{.flags = {.strategy = one_for_all},
                     .children = {{.id = "a", .start = start(adder)},
                                  {.id = "b", .start = start(stubborn), .shutdown = 3s}}}};
  const time_point before = tree.now();
  tree.crash("a");
  EXPECT_EQ(tree.tree(), "a restarting #1 restarts=0\nb running #1 restarts=0\n");
  EXPECT_EQ(tree.wait_until_restarted("a"), 2u);
  EXPECT_EQ(tree.now() - before, 3s);
}

TEST_F(VirtualTree, SaysWhatHasBecomeOfAChildThatIsNotRestarted) {
  virtual_tree tree{one({.id = "a", .start = start(adder), .restart = temporary})};
  tree.crash("a");
  const auto outcome = tree.wait_until_restarted("a");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, errc::unavailable);
  EXPECT_EQ(outcome.error().message,
            "a was not restarted: there is no child a, and the last event was: removed a#1");
}

TEST_F(VirtualTree, SaysThatTheSupervisorHasGivenUp) {
  virtual_tree tree{one({.id = "a", .start = start(adder)}, 0)};
  tree.crash("a");
  EXPECT_EQ(tree.wait_until_restarted("a").error().message,
            "a was not restarted: a stopped #1 restarts=0, and the last event was: give_up #0 1/0");
}

TEST_F(VirtualTree, RunsOnOneThread) {
  std::thread::id child;
  const auto where = [&child](caf::event_based_actor*) -> caf::behavior {
    child = std::this_thread::get_id();
    return {[](int value) { return value; }};
  };
  child_start detached = start(where);
  detached.detached = true;
  auto inner = std::make_shared<const supervisor_spec>(one({.id = "a", .start = detached}));
  virtual_tree tree{one({.id = "inner", .supervisor = inner})};
  EXPECT_EQ(child, std::this_thread::get_id());
}

TEST_F(VirtualTree, WatchesNoHandlerSinceThatTakesRealTime) {
  virtual_tree tree{one({.id = "a", .start = start(adder), .handler_budget = 1ms})};
  tree.arm(before_adding, {.kind = fault_kind::hang, .lease = 30ms});
  EXPECT_EQ(tree.ask<int>("a", 1), 2);
  EXPECT_EQ(tree.events(), "started a#1\n");
}

} // namespace
} // namespace ducat::testing
