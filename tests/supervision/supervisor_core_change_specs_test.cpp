/// New specs for a supervisor that runs.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

/// A change to the children `ids`, whose specs come with the keys 11, 12, ...
event::change_specs change_to(const std::string& ids, const supervisor_flags& flags) {
  event::change_specs change{.request = 1, .flags = flags, .children = {}};
  for (const char id : ids)
    change.children.push_back({.key = 11 + change.children.size(), .id = std::string(1, id)});
  return change;
}

TEST(SupervisorCore, KeepsTheLivesOfItsChildrenWhenTheSpecsChange) { // S50, code_change
  auto world = booted(one_for_one, 0, children(2));
  EXPECT_THAT(world.handle(change_to("ba", {})), ElementsAre("adopt b<11 a<12", "reply 1 ok"));
  EXPECT_EQ(world.states(), "b+a+");
}

TEST(SupervisorCore, ListsANewChildWithoutStartingIt) { // S50, code_change
  auto world = booted(one_for_one, 0, children(1));
  EXPECT_THAT(world.handle(change_to("ka", {})), ElementsAre("adopt k a<12", "reply 1 ok"));
  EXPECT_EQ(world.states(), "k-a+");
  EXPECT_THAT(world.handle(event::restart_child{2, "k"}), ElementsAre("start k1"));
}

TEST(SupervisorCore, KeepsChildrenThatAreMissingInTheNewSpecsAfterTheOthers) { // S50
  auto world = booted(one_for_one, 0, children(4));
  EXPECT_THAT(world.handle(change_to("d", {})), ElementsAre("adopt d<11 a b c", "reply 1 ok"));
  EXPECT_EQ(world.states(), "d+a+b+c+");
}

TEST(SupervisorCore, RestartsAsTheNewSpecsAndFlagsSay) { // S50
  auto world = booted(one_for_one, 0, children(2));
  auto change = change_to("ab", {.strategy = one_for_all, .restarts_max = 1});
  change.children[1].restart = temporary;
  change.children[1].shutdown = brutal_kill;
  world.handle(std::move(change));
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("down a crashed: boom", "restart a", "kill b1", "arm b1 1000"));
  EXPECT_THAT(world.down("b1", killed), ElementsAre("down b killed", "removed b", "start a2"));
}

TEST(SupervisorCore, ForgetsNoRestartWhenTheSpecsChange) { // S11, S50
  auto world = booted(one_for_one, 2, children(1));
  world.down("a1", boom);
  world.start("a2");
  world.handle(change_to("a", {.restarts_max = 1}));
  EXPECT_THAT(world.down("a2", boom),
              ElementsAre("down a crashed: boom", "give_up", "finish shutdown"));
}

TEST(SupervisorCore, GoesOnTryingARestartWhenTheSpecsChange) { // S15, S50
  auto world = booted(one_for_one, 9, children(1));
  world.down("a1", boom);
  world.down("a2", boom); // a is restarting.
  world.handle(change_to("a", {.restarts_max = 9}));
  EXPECT_EQ(world.states(), "a~");
  EXPECT_EQ(world.retry('a').back(), "start a3");
}

TEST(SupervisorCore, ChangesItsSpecsOnlyAfterTheStopInProgress) { // S44, S50
  auto world = booted(one_for_one, 0, children(2));
  world.handle(event::terminate_child{7, "a"});
  EXPECT_THAT(world.handle(change_to("b", {})), IsEmpty());
  EXPECT_THAT(world.down("a1", shutdown_reason),
              ElementsAre("down a shutdown", "reply 7 ok", "adopt b<11 a", "reply 1 ok"));
}

/// Returns whether the normal end of the first of two significant children ends a supervisor whose
/// auto_shutdown has just changed.
bool shuts_down(auto_shutdown from, auto_shutdown to) {
  auto traits = children(2, transient);
  for (child_traits& child : traits)
    child.significant = from != auto_shutdown::never;
  core_world world{{.auto_shutdown = from}, traits};
  world.boot();
  auto change = change_to("ab", {.auto_shutdown = to});
  for (child_traits& child : change.children) {
    child.restart = transient;
    child.significant = to != auto_shutdown::never;
  }
  world.handle(std::move(change));
  const auto first = world.down("a1", {});
  return std::ranges::find(first, "auto_shutdown") != first.end();
}

TEST(SupervisorCore, ShutsDownAsTheNewFlagsSay) { // S50, significant_upgrade_*
  using enum auto_shutdown;
  EXPECT_TRUE(shuts_down(never, any_significant));
  EXPECT_FALSE(shuts_down(any_significant, never));
  EXPECT_FALSE(shuts_down(never, all_significant));
  EXPECT_FALSE(shuts_down(all_significant, never));
  EXPECT_FALSE(shuts_down(any_significant, all_significant));
  EXPECT_TRUE(shuts_down(all_significant, any_significant));
}

TEST(SupervisorCore, ShutsDownForAChildThatHasBecomeSignificantOnly) { // S50
  for (const bool significant : {false, true}) {                       // significant_upgrade_child
    auto traits = children(1, transient);
    traits[0].significant = !significant;
    core_world world{{.auto_shutdown = auto_shutdown::any_significant}, traits};
    world.boot();
    auto change = change_to("a", {.auto_shutdown = auto_shutdown::any_significant});
    change.children[0].restart = transient;
    change.children[0].significant = significant;
    world.handle(std::move(change));
    EXPECT_EQ(world.down("a1", {}).back() == "finish shutdown", significant);
  }
}

} // namespace
} // namespace ducat::supervision
