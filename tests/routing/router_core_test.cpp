#include "routing/router_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace ducat::routing {

// Only for messages of tests: what and to whom.
std::ostream& operator<<(std::ostream& out, const effect& value) {
  return out << static_cast<int>(value.what) << " worker " << value.worker << " crashes "
             << value.crashes;
}

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using enum effect::kind;

constexpr time_point start{1h};

auto an_effect(effect::kind what) {
  return Field("what", &effect::what, what);
}

/// A core whose workers all run.
class RouterCoreTest : public ::testing::Test {
protected:
  router_core& begin(const pool_spec& pool) {
    core_ = std::make_unique<router_core>(pool, start);
    for (std::size_t worker = 0; worker < pool.size; ++worker)
      core_->life_began(worker, 1, start);
    return *core_;
  }

  request_id admit(duration within = 1s) { return core_->admit(start + within, 0, start)->id; }

  /// As a worker goes down that had everything in hand.
  void crash(std::size_t worker, std::uint64_t life, time_point now = start) {
    core_->life_over(worker, life, now);
    core_->settle(worker, life, now);
  }

  std::unique_ptr<router_core> core_;
};

TEST_F(RouterCoreTest, GivesNothingToAWorkerUntilItsLifeHasBegun) {
  router_core core{{.size = 2}, start};
  EXPECT_EQ(core.admit(start + 1s, 0, start).error().code, errc::unavailable);
  core.life_began(1, 1, start);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(core.admit(start + 1s, 0, start)->worker, 1u);
}

TEST_F(RouterCoreTest, TakesOneAnswerToARequest) {
  auto& core = begin({.size = 1});
  const request_id id = admit();
  EXPECT_TRUE(core.answered(id, false, start));
  EXPECT_FALSE(core.answered(id, false, start));
  EXPECT_EQ(core.pending(), 0u);
}

TEST_F(RouterCoreTest, KnowsTheAnswerToAnEarlierRequestOfTheSamePlace) {
  auto& core = begin({.size = 1});
  const request_id first = admit();
  core.answered(first, false, start);
  const request_id second = admit();
  EXPECT_EQ(place_of(first), place_of(second));
  EXPECT_FALSE(core.answered(first, false, start));
  EXPECT_TRUE(core.answered(second, false, start));
}

TEST_F(RouterCoreTest, ExpiresEachRequestAtItsDeadline) {
  auto& core = begin({.size = 1});
  const request_id late = admit(2s);
  const request_id soon = admit(1s);
  EXPECT_EQ(core.wake_at(), start + 1s);
  core.wake(start + 1s - 1ns);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  core.wake(start + 1s);
  const auto first = core.take_effects();
  ASSERT_THAT(first, ElementsAre(an_effect(expire)));
  EXPECT_EQ(first[0].id, soon);
  EXPECT_EQ(core.wake_at(), start + 2s);
  EXPECT_TRUE(core.answered(late, false, start + 1s));
}

TEST_F(RouterCoreTest, IsNotWokenForRequestsThatHaveBeenAnswered) {
  auto& core = begin({.size = 1});
  for (int i = 0; i < 1'000; ++i)
    core.answered(admit(1s + i * 1ms), false, start);
  admit(1min);
  core.wake(start + 1s);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  EXPECT_EQ(core.wake_at(), start + 1min);
}

TEST_F(RouterCoreTest, TakesAnswersThatWereSentBeforeTheLifeWasOver) {
  auto& core = begin({.size = 2});
  const request_id id = admit();
  core.life_over(0, 1, start);
  EXPECT_TRUE(core.answered(id, false, start));
  core.settle(0, 1, start);
  EXPECT_THAT(core.take_effects(), IsEmpty());
}

TEST_F(RouterCoreTest, LosesWhatWasInHandIfNothingIsTriedAgain) {
  auto& core = begin({.size = 2});
  const request_id id = admit();
  crash(0, 1);
  const auto effects = core.take_effects();
  ASSERT_THAT(effects, ElementsAre(an_effect(lose)));
  EXPECT_EQ(effects[0].id, id);
  EXPECT_EQ(core.pending(), 0u);
}

TEST_F(RouterCoreTest, LeavesAloneWhatTheNextLifeHasInHand) {
  auto& core = begin({.size = 1});
  core.life_over(0, 1, start);
  core.life_began(0, 2, start);
  const request_id id = admit();
  core.settle(0, 1, start);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  EXPECT_TRUE(core.answered(id, false, start));
}

TEST_F(RouterCoreTest, LetsTheNextLifeRunWhenTheEndOfTheLastOneIsToldTwice) {
  auto& core = begin({.size = 1});
  core.life_over(0, 1, start);
  core.life_began(0, 2, start);
  core.life_over(0, 1, start);
  EXPECT_TRUE(core.admit(start + 1s, 0, start));
}

TEST_F(RouterCoreTest, GivesWhatWasInHandToAnotherWorker) {
  auto& core = begin({.size = 2, .retries_max = 1});
  const request_id id = admit();
  crash(0, 1);
  const auto effects = core.take_effects();
  ASSERT_THAT(effects, ElementsAre(an_effect(send)));
  EXPECT_EQ(effects[0].worker, 1u);
  EXPECT_EQ(place_of(effects[0].id), place_of(id));
  EXPECT_FALSE(core.answered(id, false, start)); // The first worker's answer comes too late.
  EXPECT_TRUE(core.answered(effects[0].id, false, start));
}

TEST_F(RouterCoreTest, QuarantinesWhatWasInHandAtOneCrashTooMany) {
  auto& core = begin({.size = 3, .retries_max = 2});
  admit();
  crash(0, 1);
  crash(1, 1);
  core.take_effects();
  crash(2, 1);
  const auto effects = core.take_effects();
  ASSERT_THAT(effects, ElementsAre(an_effect(quarantine)));
  EXPECT_EQ(effects[0].crashes, 3u);
  EXPECT_EQ(core.pending(), 0u);
}

TEST_F(RouterCoreTest, LetsARequestWaitForTheNextLife) {
  auto& core = begin({.size = 1, .retries_max = 1});
  admit();
  crash(0, 1);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  EXPECT_EQ(core.pending(), 1u);
  EXPECT_EQ(core.admit(start + 1s, 0, start).error().code, errc::unavailable); // A new one cannot.
  core.life_began(0, 2, start);
  EXPECT_THAT(core.take_effects(), ElementsAre(an_effect(send)));
}

TEST_F(RouterCoreTest, ExpiresARequestThatWaits) {
  auto& core = begin({.size = 1, .retries_max = 1});
  admit(1s);
  crash(0, 1);
  core.wake(start + 1s);
  EXPECT_THAT(core.take_effects(), ElementsAre(an_effect(expire)));
  core.life_began(0, 2, start + 1s);
  EXPECT_THAT(core.take_effects(), IsEmpty());
}

TEST_F(RouterCoreTest, LetsARequestWaitForRoom) {
  auto& core = begin({.size = 2, .in_flight_max = 1, .retries_max = 1});
  admit();
  const request_id other = admit();
  crash(0, 1);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  core.answered(other, false, start);
  const auto effects = core.take_effects();
  ASSERT_THAT(effects, ElementsAre(an_effect(send)));
  EXPECT_EQ(effects[0].worker, 1u);
}

TEST_F(RouterCoreTest, LetsARequestWaitForABreaker) {
  auto& core = begin({.size = 1, .retries_max = 1, .breaker = {.failures_max = 1, .pause = 100ms}});
  admit(1s);
  crash(0, 1);
  core.life_began(0, 2, start);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  EXPECT_EQ(core.wake_at(), start + 100ms);
  core.wake(start + 100ms);
  EXPECT_THAT(core.take_effects(), ElementsAre(an_effect(send))); // It is the probe.
}

TEST_F(RouterCoreTest, DoesNotCountACrashForARequestThatCameBack) {
  auto& core = begin({.size = 2, .retries_max = 1});
  request_id id = admit();
  for (std::uint64_t life = 1; life < 10; ++life) {
    const std::size_t worker = life % 2 == 1 ? 0 : 1;
    core.bounced(id, start);
    auto effects = core.take_effects();
    ASSERT_THAT(effects, ElementsAre(an_effect(send)));
    EXPECT_NE(effects[0].worker, worker); // That life is over, so it gets nothing any more.
    id = effects[0].id;
    core.life_over(worker, (life + 1) / 2, start);
    core.settle(worker, (life + 1) / 2, start);
    core.life_began(worker, (life + 1) / 2 + 1, start);
  }
  EXPECT_THAT(core.take_effects(), IsEmpty());
}

TEST_F(RouterCoreTest, LosesARequestThatCameBackIfNothingIsTriedAgain) {
  auto& core = begin({.size = 2});
  core.bounced(admit(), start);
  EXPECT_THAT(core.take_effects(), ElementsAre(an_effect(lose)));
}

TEST_F(RouterCoreTest, GivesNothingToAWorkerThatIsRetiredAndSaysWhenItIsIdle) {
  auto& core = begin({.size = 2});
  const request_id id = admit(); // To worker 0.
  core.retire(0, start);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(core.admit(start + 1s, 0, start)->worker, 1u);
  EXPECT_THAT(core.take_effects(), IsEmpty());
  core.answered(id, false, start);
  const auto effects = core.take_effects();
  ASSERT_THAT(effects, ElementsAre(an_effect(idle)));
  EXPECT_EQ(effects[0].worker, 0u);
}

TEST_F(RouterCoreTest, SaysThatARetiredWorkerIsIdleHoweverItsRequestsEnd) {
  for (const auto how : {0, 1, 2}) {
    auto& core = begin({.size = 1});
    const request_id id = admit(1s);
    core.retire(0, start);
    if (how == 0)
      crash(0, 1);
    else if (how == 1)
      core.wake(start + 1s);
    else
      core.bounced(id, start);
    EXPECT_THAT(core.take_effects(), ::testing::Contains(an_effect(idle))) << how;
  }
}

TEST_F(RouterCoreTest, UsesAWorkerThatIsAddedOnceItRuns) {
  auto& core = begin({.size = 1});
  EXPECT_EQ(core.add_worker(), 1u);
  EXPECT_EQ(core.admit(start + 1s, 0, start)->worker, 0u);
  core.life_began(1, 1, start);
  EXPECT_EQ(core.admit(start + 1s, 0, start)->worker, 1u);
}

TEST_F(RouterCoreTest, GivesLessToAWorkerThatFails) {
  const auto share_of_first = [this](bool health_aware) {
    auto& core = begin({.size = 4, .health_aware = health_aware});
    int first = 0;
    time_point now = start;
    for (int i = 0; i < 4'000; ++i, now += 5ms) {
      const auto to = core.admit(now + 1s, 0, now).value();
      core.answered(to.id, to.worker == 0, now + 1ms);
      first += to.worker == 0 && i >= 2'000 ? 1 : 0;
    }
    return first;
  };
  EXPECT_EQ(share_of_first(false), 500);
  EXPECT_NEAR(share_of_first(true), 2'000 * 0.05 / 3.05, 5);
}

} // namespace
} // namespace ducat::routing
