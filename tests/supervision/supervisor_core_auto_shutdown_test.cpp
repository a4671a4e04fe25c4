/// Significant children.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

TEST(SupervisorCore, CountsAChildThatIsBeingRestartedAsActiveForAutoShutdown) { // S47
  auto traits = children(2, transient);
  traits[0].significant = traits[1].significant = true;
  core_world world{{.restarts_max = 5, .auto_shutdown = auto_shutdown::all_significant}, traits};
  world.boot();
  world.down("a1", boom);
  world.down("a2", boom); // a is restarting.
  EXPECT_THAT(world.down("b1", {}), ElementsAre("down b normal"));
  world.retry('a');
  world.start("a3");
  EXPECT_THAT(world.down("a3", {}),
              ElementsAre("down a normal", "auto_shutdown", "finish shutdown"));
}

/// Returns whether `why` as the end of the first of two children of `type` ends their supervisor.
bool shuts_down_when(restart_type type, bool significant, const exit_reason& why) {
  auto traits = children(2, type);
  traits[0].significant = significant;
  core_world world{{.restarts_max = 9, .auto_shutdown = auto_shutdown::any_significant}, traits};
  world.boot();
  const auto actions = world.down("a1", why);
  return std::ranges::find(actions, "auto_shutdown") != actions.end();
}

TEST(SupervisorCore, NeverShutsDownForAChildThatIsNotSignificant) { // S46, nonsignificant_*
  for (const restart_type type : {transient, temporary})
    for (const exit_reason& why : {exit_reason{}, shutdown_reason, boom, killed})
      EXPECT_FALSE(shuts_down_when(type, false, why)) << type << " " << why;
}

TEST(SupervisorCore, ShutsDownForEveryEndOfASignificantTemporaryChild) { // S46
  for (const exit_reason& why : {exit_reason{}, shutdown_reason, boom, killed})
    EXPECT_TRUE(shuts_down_when(temporary, true, why)) << why;
}

TEST(SupervisorCore, ShutsDownOnlyForANormalEndOfASignificantTransientChild) { // S46
  for (const exit_reason& why : {exit_reason{}, shutdown_reason})
    EXPECT_TRUE(shuts_down_when(transient, true, why)) << why;
  for (const exit_reason& why : {boom, killed})
    EXPECT_FALSE(shuts_down_when(transient, true, why)) << why;
}

TEST(SupervisorCore, NeverShutsDownForABystander) { // S48, significant_bystander
  using enum auto_shutdown;
  for (const strategy how : {one_for_all, rest_for_one})
    for (const auto mode : {any_significant, all_significant}) {
      auto traits = children(2);
      traits[1].restart = temporary;
      traits[1].significant = true;
      core_world world{{.strategy = how, .restarts_max = 9, .auto_shutdown = mode}, traits};
      world.boot();
      world.down("a1", killed);
      EXPECT_THAT(world.down("b1", shutdown_reason),
                  ElementsAre("down b shutdown", "removed b", "start a2"));
    }
}

} // namespace
} // namespace ducat::supervision
