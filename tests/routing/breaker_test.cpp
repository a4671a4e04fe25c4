#include <ducat/breaker.hpp>

#include <gtest/gtest.h>

namespace ducat::routing {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};
constexpr breaker_spec three_in_a_row{.failures_max = 3, .pause = 10s};
constexpr breaker_spec half_of_four{.failure_percent = 50, .sample = 4, .pause = 10s};

void fail_at(breaker& b, time_point now) {
  b.failed(b.sent(), now);
}

void succeed(breaker& b) {
  b.succeeded(b.sent());
}

breaker open_one(const breaker_spec& spec = three_in_a_row) {
  breaker b{spec};
  while (b.state() == breaker_state::closed)
    fail_at(b, start);
  return b;
}

TEST(Breaker, OpensAfterFailuresInARow) {
  breaker b{three_in_a_row};
  fail_at(b, start);
  fail_at(b, start);
  EXPECT_TRUE(b.lets_through(start));
  fail_at(b, start);
  EXPECT_EQ(b.state(), breaker_state::open);
  EXPECT_FALSE(b.lets_through(start));
}

TEST(Breaker, CountsFromZeroAgainAfterASuccess) {
  breaker b{three_in_a_row};
  for (int i = 0; i < 10; ++i) {
    fail_at(b, start);
    fail_at(b, start);
    ASSERT_EQ(b.state(), breaker_state::closed);
    succeed(b);
  }
}

TEST(Breaker, OpensWhenTheShareOfFailuresIsReached) {
  breaker b{half_of_four};
  fail_at(b, start);
  fail_at(b, start);
  succeed(b);
  EXPECT_EQ(b.state(), breaker_state::closed); // Too few to take a share of.
  fail_at(b, start);
  EXPECT_EQ(b.state(), breaker_state::open);
}

TEST(Breaker, TakesTheShareOfTheLastOutcomesOnly) {
  breaker b{half_of_four};
  fail_at(b, start);
  for (int i = 0; i < 4; ++i)
    succeed(b);
  fail_at(b, start);
  EXPECT_EQ(b.state(), breaker_state::closed); // One of the last four.
  fail_at(b, start);
  EXPECT_EQ(b.state(), breaker_state::open);
}

TEST(Breaker, NeverOpensByDefault) {
  breaker b{breaker_spec{}};
  for (int i = 0; i < 1'000; ++i)
    fail_at(b, start);
  EXPECT_EQ(b.state(), breaker_state::closed);
}

TEST(Breaker, LetsOneProbeThroughAfterThePause) {
  breaker b = open_one();
  EXPECT_FALSE(b.lets_through(start + 9'999ms));
  EXPECT_TRUE(b.lets_through(start + 10s));
  b.sent();
  EXPECT_EQ(b.state(), breaker_state::half_open);
  EXPECT_FALSE(b.lets_through(start + 10s));
  EXPECT_FALSE(b.lets_through(start + 1h)); // However long the probe takes.
}

TEST(Breaker, ClosesWhenTheProbeSucceeds) {
  breaker b = open_one();
  succeed(b);
  EXPECT_EQ(b.state(), breaker_state::closed);
  fail_at(b, start);
  fail_at(b, start);
  EXPECT_EQ(b.state(), breaker_state::closed); // What was before is forgotten.
}

TEST(Breaker, OpensForAnotherPauseWhenTheProbeFails) {
  breaker b = open_one();
  fail_at(b, start + 12s);
  EXPECT_EQ(b.state(), breaker_state::open);
  EXPECT_FALSE(b.lets_through(start + 21'999ms));
  EXPECT_TRUE(b.lets_through(start + 22s));
}

TEST(Breaker, OpensAgainWhenTheProbeFailsHoweverTheSharesAre) {
  breaker b = open_one(half_of_four);
  fail_at(b, start + 12s);
  EXPECT_EQ(b.state(), breaker_state::open);
}

TEST(Breaker, IgnoresOutcomesOfRequestsSentBeforeItOpened) {
  breaker b{three_in_a_row};
  const breaker::round before = b.sent();
  for (int i = 0; i < 3; ++i)
    fail_at(b, start);
  b.failed(before, start + 5s);
  EXPECT_TRUE(b.lets_through(start + 10s)); // The pause is not longer for it.
  const breaker::round probe = b.sent();
  b.succeeded(before);
  EXPECT_EQ(b.state(), breaker_state::half_open); // Only the probe counts.
  b.failed(before, start + 10s);
  EXPECT_EQ(b.state(), breaker_state::half_open);
  b.succeeded(probe);
  EXPECT_EQ(b.state(), breaker_state::closed);
}

} // namespace
} // namespace ducat::routing
