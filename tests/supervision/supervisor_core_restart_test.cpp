/// How a supervisor starts its children, and what it does when they end.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

TEST(SupervisorCore, StartsAChildOnlyAfterTheOneBeforeHasStarted) { // S1
  core_world world{{}, children(2)};
  EXPECT_THAT(world.handle(event::boot{}), ElementsAre("start a1"));
  EXPECT_THAT(world.start("a1"), ElementsAre("started a", "start b1"));
  EXPECT_THAT(world.start("b1"), ElementsAre("started b", "booted"));
}

TEST(SupervisorCore, StopsInReverseAndEndsIfAChildFailsAtBoot) { // S2
  core_world world{{.restarts_max = 9}, children(2)};
  world.handle(event::boot{});
  world.start("a1");
  EXPECT_THAT(world.down("b1", boom), ElementsAre("start_failed b", "signal a1", "arm a1 5000"));
  EXPECT_THAT(
      world.down("a1", shutdown_reason),
      ElementsAre("down a shutdown", "finish shutdown: failed_to_start_child b: crashed: boom"));
}

TEST(SupervisorCore, CountsARestartInTheClosedWindow) { // S17
  for (const auto& [after, survives] :
       {std::pair{4'999ms, false}, {5'000ms, false}, {5'001ms, true}}) {
    auto world = booted(one_for_one, 1, children(1));
    world.down("a1", boom);
    world.start("a2");
    world.now += after;
    const auto actions = world.down("a2", boom);
    EXPECT_EQ(actions.back() == "start a3", survives) << after.count();
  }
}

TEST(SupervisorCore, GivesUpAtTheFirstFailureIfNoRestartIsAllowed) { // S13, S33
  auto world = booted(one_for_one, 0, children(2));
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("down a crashed: boom", "give_up", "signal b1", "arm b1 5000"));
  EXPECT_THAT(world.down("b1", shutdown_reason), ElementsAre("down b shutdown", "finish shutdown"));
  EXPECT_THAT(world.handle(event::which_children{1}), IsEmpty());
}

TEST(SupervisorCore, CountsAGroupOnceThoughASiblingCrashesWhileItIsStopped) { // S14, S29
  auto world = booted(one_for_all, 1, children(3));
  world.down("a1", boom);                         // Waits for the end of c.
  EXPECT_THAT(world.down("b1", boom), IsEmpty()); // Crashes meanwhile,
  EXPECT_THAT(world.down("c1", shutdown_reason),  // and is collected by the stop.
              ElementsAre("down c shutdown", "down b crashed: boom", "start a2"));
  world.start("a2");
  world.start("b2");
  EXPECT_THAT(world.start("c2"), ElementsAre("started c"));
  EXPECT_EQ(world.states(), "a+b+c+");
}

TEST(SupervisorCore, HandlesASecondCrashAfterTheRestartInProgress) {
  auto world = booted(one_for_one, 5, children(2));
  world.down("a1", boom);
  EXPECT_THAT(world.down("b1", boom), IsEmpty());
  EXPECT_THAT(world.start("a2"),
              ElementsAre("started a", "down b crashed: boom", "restart b", "start b2"));
}

TEST(SupervisorCore, ServesRequestsBetweenTheAttemptsOfARestart) { // S15, S39, P26
  auto world = booted(one_for_one, 3, children(1));
  world.down("a1", boom);
  EXPECT_THAT(world.down("a2", boom), ElementsAre("start_failed a", "mark a", "retry a"));
  EXPECT_THAT(world.handle(event::which_children{1}), ElementsAre("children 1 a"));
  EXPECT_THAT(world.handle(event::restart_child{2, "a"}), ElementsAre("reply 2 restarting"));
  EXPECT_THAT(world.handle(event::delete_child{3, "a"}), ElementsAre("reply 3 restarting"));
  EXPECT_THAT(world.handle(event::start_child{4, {.key = 9, .id = "a"}}),
              ElementsAre("reply 4 already_present"));
  EXPECT_THAT(world.handle(event::terminate_child{5, "a"}), ElementsAre("unmark a", "reply 5 ok"));
  EXPECT_THAT(world.retry('a'), IsEmpty());
  EXPECT_EQ(world.states(), "a-");
}

TEST(SupervisorCore, CountsEachAttemptOfARestart) { // S15
  auto world = booted(one_for_one, 2, children(1));
  EXPECT_EQ(world.down("a1", boom).back(), "start a2");
  world.down("a2", boom);
  EXPECT_EQ(world.retry('a').back(), "start a3");
  world.down("a3", boom);
  EXPECT_THAT(world.retry('a'), ElementsAre("give_up", "finish shutdown"));
}

TEST(SupervisorCore, RetriesAFailedGroupFromTheChildThatFailed) { // S22
  auto all = booted(one_for_all, 5, children(3));
  all.down("c1", boom);
  all.down("b1", shutdown_reason);
  all.down("a1", shutdown_reason);
  all.start("a2");
  EXPECT_THAT(all.down("b2", boom), ElementsAre("start_failed b", "mark b", "retry b"));
  EXPECT_EQ(all.states(), "a+b~c-");
  EXPECT_THAT(all.retry('b'), ElementsAre("restart b", "unmark b", "signal a2", "arm a2 5000"));

  auto rest = booted(rest_for_one, 5, children(3));
  rest.down("a1", boom);
  rest.down("c1", shutdown_reason);
  rest.down("b1", shutdown_reason);
  rest.start("a2");
  rest.down("b2", boom);
  EXPECT_THAT(rest.retry('b'), ElementsAre("restart b", "unmark b", "start b3"));
  rest.start("b3");
  rest.start("c2");
  EXPECT_EQ(rest.states(), "a+b+c+");
}

TEST(SupervisorCore, LeavesTheLaterChildrenAloneIfTheRetryIsCancelled) { // S22
  auto world = booted(rest_for_one, 5, children(3));
  world.down("b1", boom);
  world.down("c1", shutdown_reason);
  world.down("b2", boom);
  world.handle(event::terminate_child{1, "b"});
  EXPECT_EQ(world.states(), "a+b-c-");
  EXPECT_THAT(world.handle(event::restart_child{2, "b"}), ElementsAre("start b3"));
  EXPECT_THAT(world.start("b3"), ElementsAre("started b", "reply 2 ok"));
  EXPECT_EQ(world.states(), "a+b+c-");
}

TEST(SupervisorCore, IgnoresTheEndOfAnUnknownLife) { // S10
  auto world = booted(one_for_one, 0, children(1));
  EXPECT_THAT(world.handle(event::down{77, boom}), IsEmpty());
}

TEST(SupervisorCore, EndsItsOtherChildrenWhenTheRestartsOfOneKeepFailing) { // S15, S33
  for (const strategy how : {one_for_one, one_for_all, rest_for_one}) {     // *_escalation
    auto world = booted(how, 4, children(2));
    world.down("a1", boom);
    if (how != one_for_one)
      world.down("b1", shutdown_reason);
    for (const char* const life : {"a2", "a3", "a4", "a5"}) {
      EXPECT_EQ(world.down(life, boom).back(), "retry a") << how;
      if (life != std::string{"a5"})
        world.retry('a');
    }
    auto last = world.retry('a');
    EXPECT_EQ(last.front(), "give_up") << how;
    if (how == one_for_one)
      last = world.down("b1", shutdown_reason);
    EXPECT_EQ(last.back(), "finish shutdown") << how;
  }
}

TEST(SupervisorCore, StopsAndStartsTheRestInOrder) { // S21, S25, order_of_children
  auto world = booted(rest_for_one, 1, children(5));
  EXPECT_EQ(world.down("c1", boom).back(), "arm e1 5000");
  EXPECT_EQ(world.down("e1", shutdown_reason).back(), "arm d1 5000");
  EXPECT_EQ(world.down("d1", shutdown_reason).back(), "start c2");
  EXPECT_EQ(world.start("c2").back(), "start d2");
  EXPECT_EQ(world.start("d2").back(), "start e2");
  world.start("e2");
  world.handle(event::stop{shutdown_reason});
  for (const auto& [life, next] : {std::pair{"e2", "d2"}, {"d2", "c2"}, {"c2", "b1"}, {"b1", "a1"}})
    EXPECT_EQ(world.down(life, shutdown_reason).back(), "arm " + std::string{next} + " 5000");
}

TEST(SupervisorCore, BringsBackTheWholeGroupButForItsTemporaryChildren) { // S20, S24
  auto traits = children(4);                                              // temporary_bystander
  traits[2].restart = temporary;
  auto world = booted(one_for_all, 1, traits);
  world.handle(event::terminate_child{1, "d"});
  world.down("d1", shutdown_reason);
  world.down("a1", boom);
  EXPECT_THAT(world.down("c1", shutdown_reason),
              ElementsAre("down c shutdown", "removed c", "signal b1", "arm b1 5000"));
  world.down("b1", shutdown_reason);
  world.start("a2");
  EXPECT_THAT(world.start("b2"), ElementsAre("started b", "start d2"));
  world.start("d2");
  EXPECT_EQ(world.states(), "a+b+d+");
}

} // namespace
} // namespace ducat::supervision
