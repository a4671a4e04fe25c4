#include "supervision/child_slot.hpp"
#include "supervision/virtual_system.hpp"

#include <ducat/spawn.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Watches a slot and writes down what it is told.
class SlotWatchTest : public ::testing::Test {
protected:
  caf::actor watcher(std::uint64_t watch) {
    auto made = spawn_function(system_.get(), [this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const life_began& what) { told_.push_back(text("began", what)); },
              [this](const life_over& what) {
                told_.push_back(text("over", what) + " " + to_string(what.why));
              }};
    });
    slot_.watch(made.address(), watch);
    return made;
  }

  caf::actor life() {
    return spawn_function(system_.get(),
                          [](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
  }

  std::vector<std::string> told() {
    system_.run();
    return std::exchange(told_, {});
  }

  template <class Message>
  static std::string text(const char* name, const Message& what) {
    return name + std::to_string(what.incarnation) + " of " + std::to_string(what.watch);
  }

  test::virtual_system system_;
  child_slot slot_{"pool/w1"};
  std::vector<std::string> told_;
};

TEST_F(SlotWatchTest, TellsOfEachLifeInOrder) {
  const auto who = watcher(7);
  const auto one = life();
  slot_.publish(one.address(), 1);
  slot_.clear(1, {exit_kind::crashed, "boom"});
  slot_.publish(one.address(), 2);
  EXPECT_THAT(told(), ElementsAre("began1 of 7", "over1 of 7 crashed: boom", "began2 of 7"));
}

TEST_F(SlotWatchTest, TellsOfTheLifeThatRunsAlready) {
  const auto one = life();
  slot_.publish(one.address(), 1);
  const auto who = watcher(7);
  EXPECT_THAT(told(), ElementsAre("began1 of 7"));
}

TEST_F(SlotWatchTest, TellsOnceThatALifeIsOver) {
  const auto who = watcher(7);
  const auto one = life();
  slot_.publish(one.address(), 1);
  slot_.clear(1);
  slot_.clear(1);
  EXPECT_THAT(told(), ElementsAre("began1 of 7", "over1 of 7 killed"));
}

TEST_F(SlotWatchTest, TellsEachWatcherWithItsOwnNumber) {
  const auto who = watcher(7);
  const auto other = watcher(8);
  const auto one = life();
  slot_.publish(one.address(), 1);
  EXPECT_THAT(told(), ::testing::UnorderedElementsAre("began1 of 7", "began1 of 8"));
}

TEST_F(SlotWatchTest, ForgetsAWatcherThatHasEnded) {
  std::ignore = watcher(7); // Nobody refers to it.
  system_.run();
  const auto one = life();
  slot_.publish(one.address(), 1);
  EXPECT_THAT(told(), IsEmpty());
}

} // namespace
} // namespace ducat
