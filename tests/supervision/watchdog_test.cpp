#include "supervision/watchdog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace ducat::supervision {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Its own thread looks too, at the real time: the handlers of these tests began in the future, so
// that only look() sees them hang.
const time_point start = std::chrono::steady_clock::now() + 1h;

class WatchdogTest : public ::testing::Test {
protected:
  std::shared_ptr<handler_watch> watch(std::chrono::milliseconds budget, bool holds_a_thread) {
    auto made = std::make_shared<handler_watch>(
        budget, holds_a_thread, [this](auto busy_for) { reports_.push_back(busy_for); });
    dog_.add(made);
    return made;
  }

  std::vector<std::chrono::milliseconds> reports_;
  int exhausted_ = 0;
  watchdog dog_{2, [this] { ++exhausted_; }};
};

TEST_F(WatchdogTest, ReportsAHandlerThatTakesLongerThanItsBudgetOnce) {
  const auto one = watch(100ms, true);
  one->enter(start);
  dog_.look(start + 100ms);
  EXPECT_THAT(reports_, IsEmpty());
  dog_.look(start + 101ms);
  dog_.look(start + 102ms);
  EXPECT_THAT(reports_, ElementsAre(101ms));
}

TEST_F(WatchdogTest, ReportsNoHandlerThatHasReturned) {
  const auto one = watch(100ms, true);
  one->enter(start);
  one->leave();
  dog_.look(start + 1h);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(WatchdogTest, MeasuresEachHandlerFromItsBeginning) {
  const auto one = watch(100ms, true);
  one->enter(start);
  one->leave();
  one->enter(start + 90ms);
  dog_.look(start + 150ms);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(WatchdogTest, ForgetsAnActorThatHasEnded) {
  watch(100ms, true)->enter(start);
  dog_.look(start + 1h);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(WatchdogTest, SaysOnceThatHungHandlersHoldAllThreads) {
  const auto one = watch(100ms, true);
  const auto detached = watch(100ms, false);
  const auto other = watch(200ms, true);
  for (const auto& each : {one, detached, other})
    each->enter(start);
  dog_.look(start + 150ms);
  EXPECT_EQ(exhausted_, 0); // One of two threads, and one that is not the scheduler's.
  dog_.look(start + 201ms);
  dog_.look(start + 202ms);
  EXPECT_EQ(exhausted_, 1);
}

TEST_F(WatchdogTest, CountsNoThreadThatCameBack) {
  const auto one = watch(100ms, true);
  const auto other = watch(100ms, true);
  one->enter(start);
  dog_.look(start + 150ms);
  one->leave();
  other->enter(start + 200ms);
  dog_.look(start + 301ms);
  EXPECT_EQ(exhausted_, 0);
}

TEST(Watchdog, LooksByItself) {
  std::promise<void> reported;
  watchdog dog{2, [] {}};
  const auto hung = std::make_shared<handler_watch>(1ms, true, [&](auto) { reported.set_value(); });
  hung->enter(std::chrono::steady_clock::now());
  dog.add(hung);
  reported.get_future().wait();
}

TEST(Watchdog, MayBeEndedByItsOwnThread) {
  std::promise<void> ended;
  auto dog = std::make_shared<watchdog>(2, [] {});
  std::weak_ptr<watchdog> seen = dog;
  auto* const raw = new std::shared_ptr<watchdog>{dog};
  const auto hung = std::make_shared<handler_watch>(1ms, true, [&, raw](auto) {
    delete raw; // The last one.
    ended.set_value();
  });
  hung->enter(std::chrono::steady_clock::now());
  {
    const auto last = std::exchange(dog, nullptr);
    last->add(hung);
  }
  ended.get_future().wait();
  EXPECT_TRUE(seen.expired());
}

} // namespace
} // namespace ducat::supervision
