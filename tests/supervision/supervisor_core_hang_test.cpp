/// Lives that cannot be interrupted. (X1)

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

TEST(SupervisorCore, ReplacesALifeThatIsHung) {
  auto world = booted(one_for_one, 1, children(2));
  EXPECT_THAT(world.hung("a1"),
              ElementsAre("kill a1", "zombie a", "down a killed: hung", "restart a", "start a2"));
  EXPECT_THAT(world.start("a2"), ElementsAre("started a"));
  EXPECT_THAT(world.down("a1", killed), IsEmpty()); // At last.
}

TEST(SupervisorCore, TakesAHangForAFailure) {
  auto world = booted(one_for_one, 0, children(1, transient));
  EXPECT_THAT(world.hung("a1"), ElementsAre("kill a1", "zombie a", "down a killed: hung", "give_up",
                                            "finish shutdown"));
}

TEST(SupervisorCore, IgnoresAHangOfALifeThatHasEnded) {
  auto world = booted(one_for_one, 5, children(1));
  world.down("a1", boom);
  EXPECT_THAT(world.hung("a1"), IsEmpty());
  world.start("a2");
  EXPECT_EQ(world.states(), "a+");
}

TEST(SupervisorCore, TakesALifeWhoseEndIsKnownForNoZombie) {
  auto world = booted(one_for_one, 5, children(2));
  world.handle(event::terminate_child{1, "b"});
  world.hung("a1");
  world.down("a1", boom);
  EXPECT_THAT(world.down("b1", shutdown_reason),
              ElementsAre("down b shutdown", "reply 1 ok", "down a crashed: boom", "restart a",
                          "start a2"));
}

TEST(SupervisorCore, AbandonsALifeThatDoesNotEndThoughItWasKilled) {
  auto traits = children(1);
  traits[0].shutdown = 20ms;
  auto world = booted(one_for_one, 0, traits);
  world.handle(event::terminate_child{1, "a"});
  EXPECT_THAT(world.timeout("a1"), ElementsAre("kill a1", "arm a1 1000"));
  EXPECT_THAT(world.timeout("a1"), ElementsAre("zombie a", "down a killed", "reply 1 ok"));
  EXPECT_THAT(world.down("a1", killed), IsEmpty());
}

TEST(SupervisorCore, WaitsNoLongerForTheEndOfALifeThatIsHung) {
  auto traits = children(2);
  traits[1].shutdown = wait_forever;
  auto world = booted(one_for_all, 5, traits);
  world.down("a1", boom);
  EXPECT_THAT(world.hung("b1"),
              ElementsAre("kill b1", "zombie b", "down b killed: hung", "start a2"));
}

TEST(SupervisorCore, TakesAnotherLifesTimerForNoAnswerToItsKill) {
  auto traits = children(2);
  traits[1].shutdown = 20ms;
  auto world = booted(one_for_all, 5, traits);
  world.down("a1", boom);
  world.timeout("b1");
  world.down("b1", killed);
  world.start("a2");
  world.start("b2");
  world.down("a2", boom);
  EXPECT_THAT(world.timeout("b1"), IsEmpty()); // The grace of the first kill.
}

} // namespace
} // namespace ducat::supervision
