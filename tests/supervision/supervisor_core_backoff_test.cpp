/// Waiting before a failed child is started again. (X6)

#include "core_world.hpp"
#include "supervision/backoff.hpp"

namespace ducat::supervision {
namespace {

using std::chrono::milliseconds;

std::vector<child_traits> waiting(std::size_t count) {
  auto all = children(count);
  for (child_traits& traits : all)
    traits.backoff = {.initial = 100ms, .max = 1s, .jitter_percent = 0};
  return all;
}

TEST(Backoff, DoublesUpToItsMaximum) {
  constexpr backoff_spec spec{.initial = 100ms, .max = 350ms, .jitter_percent = 0};
  EXPECT_EQ(backoff_after(spec, 0, 7), 100ms);
  EXPECT_EQ(backoff_after(spec, 1, 7), 200ms);
  EXPECT_EQ(backoff_after(spec, 2, 7), 350ms);
  EXPECT_EQ(backoff_after(spec, 4'000'000'000, 7), 350ms);
}

TEST(Backoff, DoesNotOverflow) {
  constexpr backoff_spec spec{.initial = 1ms, .max = milliseconds::max(), .jitter_percent = 100};
  EXPECT_GE(backoff_after(spec, 4'000'000'000, 7), 0ms);
}

TEST(Backoff, IsShorterByAtMostItsJitter) {
  constexpr backoff_spec spec{.initial = 1'000ms, .max = 1'000ms, .jitter_percent = 25};
  milliseconds shortest = 1'000ms;
  milliseconds longest = 0ms;
  for (std::uint64_t chance = 0; chance < 10'000; ++chance) {
    shortest = std::min(shortest, backoff_after(spec, 0, chance));
    longest = std::max(longest, backoff_after(spec, 0, chance));
  }
  EXPECT_EQ(shortest, 750ms);
  EXPECT_EQ(longest, 1'000ms);
}

TEST(Backoff, IsNoneByDefault) {
  EXPECT_EQ(backoff_after({}, 5, 7), 0ms);
}

TEST(SupervisorCore, WaitsBeforeARestartAndServesRequests) {
  auto world = booted(one_for_one, 5, waiting(2));
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("down a crashed: boom", "restart a", "mark a", "retry a after 100"));
  EXPECT_EQ(world.states(), "a~b+");
  EXPECT_THAT(world.handle(event::restart_child{1, "a"}), ElementsAre("reply 1 restarting"));
  EXPECT_THAT(world.retry('a'), ElementsAre("start a2"));
  EXPECT_THAT(world.start("a2"), ElementsAre("started a"));
}

TEST(SupervisorCore, WaitsLongerAfterEachAttemptAndCountsEachOnce) {
  auto world = booted(one_for_one, 3, waiting(1));
  world.down("a1", boom);
  world.retry('a');
  EXPECT_THAT(world.down("a2", boom), ElementsAre("start_failed a", "mark a", "retry a after 200"));
  EXPECT_THAT(world.retry('a'), ElementsAre("restart a", "start a3"));
  EXPECT_EQ(world.down("a3", boom).back(), "retry a after 400");
  EXPECT_THAT(world.retry('a'), ElementsAre("restart a", "start a4"));
  EXPECT_EQ(world.down("a4", boom).back(), "retry a after 800");
  EXPECT_THAT(world.retry('a'), ElementsAre("give_up", "finish shutdown"));
}

TEST(SupervisorCore, WaitsOnlyALittleAfterALifeThatLastedLongEnough) {
  auto world = booted(one_for_one, 9, waiting(1));
  world.down("a1", boom);
  world.retry('a');
  world.start("a2");
  EXPECT_EQ(world.down("a2", boom).back(), "retry a after 200");
  world.retry('a');
  world.start("a3");
  world.now += 1s;
  EXPECT_EQ(world.down("a3", boom).back(), "retry a after 100");
}

TEST(SupervisorCore, StopsTheGroupAtOnceAndStartsItAfterTheWait) {
  auto world = booted(rest_for_one, 5, waiting(3));
  world.down("b1", boom);
  EXPECT_THAT(world.down("c1", shutdown_reason),
              ElementsAre("down c shutdown", "mark b", "retry b after 100"));
  EXPECT_EQ(world.states(), "a+b~c-");
  EXPECT_THAT(world.retry('b'), ElementsAre("unmark b", "start b2"));
  EXPECT_THAT(world.start("b2"), ElementsAre("started b", "start c2"));
}

TEST(SupervisorCore, TakesNoRetryForAnother) {
  auto world = booted(one_for_one, 5, waiting(1));
  world.down("a1", boom);
  world.handle(event::terminate_child{1, "a"});
  world.handle(event::restart_child{2, "a"});
  world.start("a2");
  world.down("a2", boom);
  EXPECT_THAT(world.handle(event::retry{1, 1}), IsEmpty()); // Of the first crash.
  EXPECT_THAT(world.retry('a'), ElementsAre("start a3"));
}

TEST(SupervisorCore, CanBeStoppedWhileItWaits) {
  auto world = booted(one_for_one, 5, waiting(1));
  world.down("a1", boom);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}),
              ElementsAre("unmark a", "finish shutdown"));
  EXPECT_THAT(world.retry('a'), IsEmpty());
}

} // namespace
} // namespace ducat::supervision
