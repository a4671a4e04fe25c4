#include "supervision/test_children.hpp"

#include <ducat/inject.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

/// Takes whatever it is sent, and traps its shutdown.
caf::behavior greedy(caf::event_based_actor* self) {
  self->set_default_handler(
      [](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
        return caf::message{};
      });
  self->set_exit_handler([self](caf::exit_msg&) { quit(self, {exit_kind::shutdown, "swept"}); });
  return {[](int value) { return value; }};
}

supervisor_spec one(child_start how) {
  return {.flags = {}, .children = {{.id = "a", .start = std::move(how)}}};
}

TEST(Inject, CrashesAnActorWhateverItsBehaviour) {
  virtual_tree tree{one(start(greedy))};
  tree.take_events();
  ASSERT_TRUE(inject(tree.find("a"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_THAT(tree.take_events(), ElementsAre("down a#1 crashed: injected fault at a",
                                              "restart a#1 1/1", "started a#2"));
}

TEST(Inject, GoesInFrontOfTheMessagesThatWait) {
  virtual_tree tree{one(start(mortal))};
  tree.take_events();
  caf::anon_send(tree.find("a").current(), std::string{"boom"});
  ASSERT_TRUE(inject(tree.find("a"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_EQ(tree.take_events().front(), "down a#1 crashed: injected fault at a");
}

TEST(Inject, HangsForItsLeaseAndTheActorLivesOn) {
  virtual_tree tree{one(start(adder))};
  ASSERT_TRUE(inject(tree.find("a"), fault_kind::hang, 1ms));
  const auto answer = tree.system().ask<int>(tree.find("a").current(), 1);
  tree.system().run();
  EXPECT_EQ(answer->value().value(), 2);
  EXPECT_EQ(tree.find("a").incarnation(), 1u);
}

TEST(Inject, CrashesAWholePool) {
  virtual_tree tree{
      {.flags = {},
       .children = {{.id = "p", .start = start(adder), .pool = pool_spec{.size = 2}}}}};
  ASSERT_TRUE(inject(tree.find("p"), fault_kind::crash, 0ms));
  tree.system().run();
  for (const char* const path : {"p", "p/w1", "p/w2", "p/router"})
    EXPECT_EQ(tree.find(path).incarnation(), 2u) << path;
}

TEST(Inject, IsUnavailableIfTheChildDoesNotRun) {
  virtual_tree tree{one(start(adder))};
  const auto outcome = inject(tree.find("b"), fault_kind::crash, 0ms);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, errc::unavailable);
  EXPECT_EQ(inject(handle{}, fault_kind::crash, 0ms).error().code, errc::unavailable);
}

TEST(Inject, RefusesALeaseThatIsTooLong) {
  virtual_tree tree{one(start(adder))};
  const auto outcome = inject(tree.find("a"), fault_kind::hang, fault_lease_max + 1ms);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, errc::invalid_argument);
}

void end_the_process() {
  virtual_tree tree{one(start(adder))};
  std::ignore = inject(tree.find("a"), fault_kind::exit, 0ms);
  tree.system().run();
}

TEST(InjectDeathTest, EndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(end_the_process(), ::testing::KilledBySignal(SIGKILL), "");
}

TEST(Child, MayTrapItsShutdown) {
  virtual_tree tree{one(start(greedy))};
  tree.take_events();
  stop_tree(tree.system().get(), tree.root());
  EXPECT_THAT(tree.take_events(), ElementsAre("down a#1 shutdown: swept"));
}

TEST(Child, AnswersAMessageThatItDoesNotKnow) {
  virtual_tree tree{one(start(adder))};
  const auto answer = tree.system().ask<int>(tree.find("a").current(), 2.5);
  tree.system().run();
  EXPECT_EQ(answer->value().error().code, errc::invalid_argument);
  EXPECT_EQ(tree.find("a").incarnation(), 1u);
}

TEST(Child, DoesNotStartIfItQuitsInItsBody) {
  const auto quitter = [](caf::event_based_actor* self) -> caf::behavior {
    quit(self, {exit_kind::shutdown, "not today"});
    return {[](int) {}};
  };
  virtual_tree tree{one(start(quitter))};
  ASSERT_FALSE(tree.outcome());
  EXPECT_THAT(tree.take_events(), ElementsAre("start_failed a#1 shutdown: not today"));
}

TEST(Child, EndsAtOnceIfItReturnsNoBehaviour) {
  const auto brief = [](caf::event_based_actor*) { return caf::behavior{}; };
  auto spec = one(start(brief));
  spec.children[0].restart = transient;
  virtual_tree tree{spec};
  EXPECT_TRUE(tree.outcome());
  tree.system().run();
  EXPECT_THAT(tree.take_events(), ElementsAre("started a#1", "down a#1 normal"));
}

} // namespace
} // namespace ducat
