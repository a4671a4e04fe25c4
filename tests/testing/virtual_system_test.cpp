#include <ducat/spawn.hpp>
#include <ducat/testing/virtual_system.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <gtest/gtest.h>

#include <vector>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

struct tick {};

} // namespace
} // namespace ducat::testing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::testing::tick)

namespace ducat::testing {
namespace {

/// Ticks each second, for ever, and notes when.
caf::behavior ticker(caf::event_based_actor* self, std::vector<time_point>* ticks) {
  self->delayed_send(self, 1s, tick{});
  return {[=](const tick&) {
    ticks->push_back(self->clock().now());
    self->delayed_send(self, 1s, tick{});
  }};
}

class VirtualSystem : public ::testing::Test {
protected:
  std::vector<time_point> ticks_; // Outlives the system, whose actors write it.
  virtual_system system_;
  const time_point start_ = system_.now();
};

/// Ticks once, at a time that may be over.
caf::behavior late_ticker(caf::event_based_actor* self, time_point when,
                          std::vector<time_point>* ticks) {
  self->scheduled_send(self, when, tick{});
  return {[=](const tick&) { ticks->push_back(self->clock().now()); }};
}

// A pass without a pause made the simulator's clock stand still: the timer never fired.
TEST_F(VirtualSystem, FiresATimerThatIsDueAtOnceThoughTheClockDoesNotMove) {
  system_.get().spawn(late_ticker, start_, &ticks_);
  system_.run();
  ASSERT_EQ(system_.next_timer(), start_);
  system_.move_clock_to(start_);
  EXPECT_EQ(system_.now(), start_);
  EXPECT_FALSE(system_.next_timer());
  system_.run();
  EXPECT_EQ(ticks_, std::vector{start_});
}

TEST_F(VirtualSystem, DoesNotGoBackForATimerThatWasDueBefore) {
  system_.get().spawn(late_ticker, start_ - 1s, &ticks_);
  system_.run();
  system_.move_clock_to(start_ - 1s);
  system_.run();
  EXPECT_EQ(system_.now(), start_);
  EXPECT_EQ(ticks_, std::vector{start_});
}

TEST_F(VirtualSystem, StandsStillUntilItIsMoved) {
  system_.get().spawn(ticker, &ticks_);
  system_.run();
  EXPECT_TRUE(ticks_.empty());
  EXPECT_EQ(system_.now(), start_);
}

TEST_F(VirtualSystem, DoesWhatIsDueInBetweenWhenItIsDue) {
  const auto actor = system_.get().spawn(ticker, &ticks_);
  system_.advance(2500ms);
  EXPECT_EQ(ticks_, (std::vector{start_ + 1s, start_ + 2s}));
  EXPECT_EQ(system_.now(), start_ + 2500ms);
  system_.advance(500ms);
  EXPECT_EQ(ticks_.back(), start_ + 3s);
}

TEST_F(VirtualSystem, MovesTheClockAsFarAsNeeded) {
  const auto actor = system_.get().spawn(ticker, &ticks_);
  EXPECT_TRUE(system_.run_until([&] { return ticks_.size() == 3; }));
  EXPECT_EQ(system_.now(), start_ + 3s);
}

TEST_F(VirtualSystem, LosesItsPatience) {
  const auto actor = system_.get().spawn(ticker, &ticks_);
  EXPECT_FALSE(system_.run_until([] { return false; }));
  EXPECT_EQ(system_.now(), start_ + virtual_patience);
}

TEST_F(VirtualSystem, DoesNotMoveTheClockIfNobodyWaits) {
  EXPECT_FALSE(system_.run_until([] { return false; }));
  system_.run_to_the_end();
  EXPECT_EQ(system_.now(), start_);
}

TEST_F(VirtualSystem, EndsThoughSomebodyWaitsForTheClock) {
  virtual_system{}.get().spawn(ticker, &ticks_); // CAF waits for its actors: this could hang.
}

TEST_F(VirtualSystem, RunsToTheLastTimer) {
  spawn_function(system_.get(), [](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, 1h, tick{});
    return {[=](const tick&) { self->quit(); }};
  });
  system_.run_to_the_end();
  EXPECT_EQ(system_.now(), start_ + 1h);
}

} // namespace
} // namespace ducat::testing
