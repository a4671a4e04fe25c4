/// How a supervisor stops a child, and itself.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

TEST(SupervisorCore, KeepsTheReasonOfAChildThatEndsByItselfDuringTheStop) { // S29
  auto world = booted(one_for_one, 0, children(2));
  world.handle(event::stop{shutdown_reason});
  EXPECT_THAT(world.down("b1", boom),
              ElementsAre("down b crashed: boom", "signal a1", "arm a1 5000"));
}

TEST(SupervisorCore, KillsAfterTheTimeout) { // S26
  auto traits = children(1);
  traits[0].shutdown = 20ms;
  auto world = booted(one_for_one, 0, traits);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("signal a1", "arm a1 20"));
  EXPECT_THAT(world.timeout("a1"), ElementsAre("kill a1", "arm a1 1000"));
  EXPECT_THAT(world.down("a1", killed), ElementsAre("down a killed", "finish shutdown"));
}

TEST(SupervisorCore, IgnoresATimerOfAStopThatIsOver) {
  auto world = booted(one_for_all, 5, children(2));
  world.down("a1", boom);
  world.down("b1", shutdown_reason);
  EXPECT_THAT(world.timeout("b1"), IsEmpty());
}

TEST(SupervisorCore, KillsAtOnceIfThePolicyIsBrutal) { // S27
  auto traits = children(1);
  traits[0].shutdown = brutal_kill;
  auto world = booted(one_for_one, 0, traits);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("kill a1", "arm a1 1000"));
}

TEST(SupervisorCore, ArmsNoTimerIfItMayWaitForEver) { // S28
  auto traits = children(1);
  traits[0].shutdown = wait_forever;
  auto world = booted(one_for_one, 0, traits);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("signal a1"));
}

TEST(SupervisorCore, StopsOnlyAfterTheStartInProgress) { // S44
  core_world world{{}, children(2)};
  world.handle(event::boot{});
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), IsEmpty());
  world.start("a1");
  EXPECT_THAT(world.start("b1"), ElementsAre("started b", "booted", "signal b1", "arm b1 5000"));
}

TEST(SupervisorCore, LetsEachChildKeepItsReasonInARaceWithTheStop) { // S29, sup_stop_race
  std::vector<child_traits> twelve;
  for (const restart_type type : {permanent, transient, temporary})
    for (int i = 0; i < 4; ++i)
      twelve.push_back({.key = twelve.size() + 1, .id = id_of(twelve.size() + 1), .restart = type});
  auto world = booted(one_for_one, 0, twelve);
  world.handle(event::stop{shutdown_reason});
  const exit_reason reasons[] = {{}, shutdown_reason, boom, killed};
  for (int i = 0; i < 11; ++i) // All but the last one, which is being stopped.
    EXPECT_THAT(world.down(id_of(i + 1u) + "1", reasons[i % 4]), IsEmpty());
  std::vector<std::string> ends;
  for (const std::string& action : world.down("l1", boom))
    if (!action.starts_with("removed"))
      ends.push_back(action);
  EXPECT_THAT(ends, ElementsAre("down l crashed: boom", "down k crashed: boom", "down j shutdown",
                                "down i normal", "down h killed", "down g crashed: boom",
                                "down f shutdown", "down e normal", "down d killed",
                                "down c crashed: boom", "down b shutdown", "down a normal",
                                "finish shutdown"));
}

TEST(SupervisorCore, CanBeStoppedBetweenTheAttemptsOfARestart) { // S15, hanging_restart_loop
  for (const strategy how : {one_for_one, rest_for_one}) {
    auto world = booted(how, 9, children(2));
    world.down("b1", boom);
    world.down("b2", boom); // b is restarting.
    EXPECT_THAT(world.handle(event::stop{shutdown_reason}),
                ElementsAre("unmark b", "signal a1", "arm a1 5000"))
        << how;
    EXPECT_EQ(world.down("a1", shutdown_reason).back(), "finish shutdown") << how;
  }
}

} // namespace
} // namespace ducat::supervision
