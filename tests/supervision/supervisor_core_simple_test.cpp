/// simple_one_for_one: children that are all alike, without ids.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

using ::testing::Contains;

constexpr supervisor_flags simple{.strategy = simple_one_for_one, .restarts_max = 2, .window = 5s};

child_traits instance(char name, restart_type restart = permanent) {
  return {.key = static_cast<child_key>(name - 'a' + 1), .id = "", .restart = restart};
}

/// A supervisor with the instances a, b ... that run.
core_world with(std::size_t count, restart_type restart = permanent,
                shutdown_policy shutdown = 5s) {
  core_world world{simple, {}};
  world.handle(event::boot{});
  for (std::size_t i = 0; i < count; ++i) {
    child_traits traits = instance(static_cast<char>('a' + i), restart);
    traits.shutdown = shutdown;
    world.handle(event::start_instance{i + 1, traits});
    world.start(std::string(1, static_cast<char>('a' + i)) + "1");
  }
  return world;
}

TEST(SimpleOneForOne, StartsNoneAtBoot) { // S6, simple_one_for_one
  core_world world{simple, {}};
  EXPECT_THAT(world.handle(event::boot{}), ElementsAre("booted"));
}

TEST(SimpleOneForOne, StartsEachInstanceThatIsAskedFor) {
  core_world world{simple, {}};
  world.handle(event::boot{});
  EXPECT_THAT(world.handle(event::start_instance{7, instance('a')}), ElementsAre("start a1"));
  EXPECT_THAT(world.start("a1"), ElementsAre("started a", "reply 7 ok"));
}

TEST(SimpleOneForOne,
     KeepsNoTraceOfAnInstanceThatDoesNotStart) { // sup_start_child_returns_error_simple
  core_world world{simple, {}};
  world.handle(event::boot{});
  world.handle(event::start_instance{7, instance('a')});
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("start_failed a", "removed a", "reply 7 start_failed"));
  EXPECT_EQ(world.children(), 0u);
}

// sup_start_ignore_temporary_child_start_child_simple,
// sup_start_ignore_permanent_child_start_child_simple
TEST(SimpleOneForOne, KeepsNoTraceOfAnInstanceThatIgnores) { // S3
  for (const restart_type type : {permanent, transient, temporary}) {
    core_world world{simple, {}};
    world.handle(event::boot{});
    world.handle(event::start_instance{7, instance('a', type)});
    EXPECT_THAT(world.down("a1", {exit_kind::ignored, ""}),
                ElementsAre("ignored a", "removed a", "reply 7 ok"));
    EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("finish shutdown"));
  }
}

TEST(SimpleOneForOne, RestartsOnlyTheFailedInstance) {
  auto world = with(2);
  EXPECT_THAT(world.down("a1", boom), ElementsAre("down a crashed: boom", "restart a", "start a2"));
  EXPECT_THAT(world.start("a2"), ElementsAre("started a"));
}

TEST(SimpleOneForOne, ForgetsAnInstanceWhoseRestartIgnores) { // simple_one_for_one_restart_ignore
  auto world = with(1);
  world.down("a1", boom);
  EXPECT_THAT(world.down("a2", {exit_kind::ignored, ""}), ElementsAre("ignored a", "removed a"));
  EXPECT_EQ(world.children(), 0u);
}

TEST(SimpleOneForOne, ForgetsATransientInstanceThatEndsNormally) { // S9: there is no id to keep
  auto world = with(1, transient);
  EXPECT_THAT(world.down("a1", {}), ElementsAre("down a normal", "removed a"));
}

TEST(SimpleOneForOne, GivesUpOnceTheBudgetOfAllInstancesIsSpent) { // simple_one_for_one_escalation
  auto world = with(3);
  world.down("a1", boom);
  world.start("a2");
  world.down("b1", boom);
  world.start("b2");
  EXPECT_THAT(world.down("c1", boom), ElementsAre("down c crashed: boom", "give_up", "signal a2",
                                                  "signal b2", "removed c", "arm all 5000"));
  world.down("b2", shutdown_reason);
  EXPECT_THAT(world.down("a2", shutdown_reason),
              ElementsAre("down a shutdown", "removed a", "finish shutdown"));
}

TEST(SimpleOneForOne, StopsAllAtOnceUnderOneTimeout) { // S31, sup_stop_timeout_dynamic
  auto world = with(3, permanent, 100ms);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}),
              ElementsAre("signal a1", "signal b1", "signal c1", "arm all 100"));
  world.down("b1", boom); // S29, sup_stop_non_shutdown_exit_dynamic: it keeps its reason.
  EXPECT_THAT(world.timeout_of_all(), ElementsAre("kill a1", "kill c1", "arm all 1000"));
  world.down("a1", killed);
  EXPECT_THAT(world.down("c1", killed),
              ElementsAre("down c killed", "removed c", "finish shutdown"));
}

TEST(SimpleOneForOne, KillsAllAtOnceIfThePolicyIsBrutal) { // sup_stop_brutal_kill_dynamic
  auto world = with(2, permanent, brutal_kill);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}),
              ElementsAre("kill a1", "kill b1", "arm all 1000"));
}

TEST(SimpleOneForOne, ArmsNoTimerIfItMayWaitForEver) {
  auto world = with(1, permanent, wait_forever);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("signal a1"));
}

TEST(SimpleOneForOne, AbandonsThoseThatDoNotEndThoughTheyWereKilled) { // X1
  auto world = with(2, permanent, brutal_kill);
  world.handle(event::stop{shutdown_reason});
  world.down("a1", killed);
  EXPECT_THAT(world.timeout_of_all(),
              ElementsAre("zombie b", "down b killed", "removed b", "finish shutdown"));
}

TEST(SimpleOneForOne, TakesAnEndThatWaitsWhileItBeginsToStop) { // S29
  auto world = with(2);
  world.handle(event::start_instance{7, instance('c')});
  world.down("a1", boom);
  world.handle(event::stop{shutdown_reason});
  const auto stopping = world.start("c1"); // The crash comes first, so the restart does too.
  EXPECT_THAT(stopping, Contains("start a2"));
  EXPECT_THAT(world.start("a2"),
              ElementsAre("started a", "signal a2", "signal b1", "signal c1", "arm all 5000"));
}

TEST(SimpleOneForOne, TerminatesAnInstanceByItsKeyOnly) { // S43, child_adm_simple
  auto world = with(1);
  EXPECT_THAT(world.handle(event::terminate_instance{8, 1}),
              ElementsAre("signal a1", "arm a1 5000"));
  EXPECT_THAT(world.down("a1", shutdown_reason),
              ElementsAre("down a shutdown", "removed a", "reply 8 ok"));
  EXPECT_THAT(world.handle(event::terminate_instance{9, 1}), ElementsAre("reply 9 ok"));
}

TEST(SimpleOneForOne, KnowsNoIds) { // S43, child_adm_simple
  auto world = with(1);
  const auto refused = ElementsAre("reply 8 simple_one_for_one");
  EXPECT_THAT(world.handle(event::start_child{8, {.key = 9, .id = "x"}}), refused);
  EXPECT_THAT(world.handle(event::terminate_child{8, "a"}), refused);
  EXPECT_THAT(world.handle(event::restart_child{8, "a"}), refused);
  EXPECT_THAT(world.handle(event::delete_child{8, "a"}), refused);
  EXPECT_THAT(world.handle(event::which_child{8, "a"}), ElementsAre("children 8 "));
}

TEST(SimpleOneForOne, ListsAndCountsItsInstances) { // S42, which_children_simple_one_for_one
  auto world = with(3);
  world.handle(event::terminate_instance{8, 2});
  world.down("b1", shutdown_reason);
  EXPECT_THAT(world.handle(event::which_children{8}), ElementsAre("children 8 ac"));
  EXPECT_THAT(world.handle(event::count_children{8}),
              ElementsAre("counts 8 specs=2 active=2 supervisors=0 workers=2"));
}

TEST(SimpleOneForOne,
     CountsAnInstanceThatIsBeingRestartedAsNotActive) { // count_restarting_children
  auto world = with(2);
  world.down("a1", boom);
  world.down("a2", boom);
  EXPECT_THAT(world.handle(event::count_children{8}),
              ElementsAre("counts 8 specs=2 active=1 supervisors=0 workers=2"));
}

TEST(SimpleOneForOne, IgnoresTheEndOfAnUnknownLife) { // S10, simple_one_for_one_corruption
  auto world = with(1);
  EXPECT_THAT(world.handle(event::down{4'711, boom}), IsEmpty());
  EXPECT_EQ(world.states(), "+");
}

TEST(SimpleOneForOne, ServesRequestsWhileARestartKeepsFailing) { // hanging_restart_loop_simple
  auto world = with(2);
  world.down("a1", boom);
  EXPECT_THAT(world.down("a2", boom), ElementsAre("start_failed a", "mark a", "retry a"));
  EXPECT_EQ(world.states(), "~+");
  EXPECT_THAT(world.handle(event::terminate_instance{8, 1}),
              ElementsAre("unmark a", "removed a", "reply 8 ok"));
  EXPECT_THAT(world.retry('a'), IsEmpty());
}

TEST(SimpleOneForOne, CanBeStoppedWhileARestartKeepsFailing) { // hanging_restart_loop_simple
  auto world = with(1);
  world.down("a1", boom);
  world.down("a2", boom);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}),
              ElementsAre("unmark a", "removed a", "finish shutdown"));
}

TEST(SimpleOneForOne, RestartsAsANewTemplateSays) { // S50, code_change_simple
  auto world = with(2);
  EXPECT_THAT(world.handle(event::change_specs{
                  8, simple, {{.key = 26, .id = "template", .restart = temporary}}}),
              ElementsAre("adopt a<26 b<26", "reply 8 ok"));
  EXPECT_EQ(world.states(), "++");
  EXPECT_THAT(world.down("a1", boom), ElementsAre("down a crashed: boom", "removed a"));
}

} // namespace
} // namespace ducat::supervision
