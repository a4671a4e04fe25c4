/// When a node says that it commits.

#include "api/commit_way.hpp"

#include <gtest/gtest.h>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

TEST(CommitWay, IsClosedBeforeTheFirstAnswer) {
  commit_way way;
  EXPECT_TRUE(way.ask());
  EXPECT_FALSE(way.is_open(start));
  way.answered(start);
  EXPECT_TRUE(way.is_open(start));
}

TEST(CommitWay, IsClosedWhenNothingWasAnsweredForTooLong) {
  commit_way way;
  way.ask();
  way.answered(start);
  EXPECT_TRUE(way.is_open(start + silence_max));
  EXPECT_FALSE(way.is_open(start + silence_max + 1ns));
  way.ask();
  way.answered(start + 5s);
  EXPECT_TRUE(way.is_open(start + 5s));
}

// One that was refused says nothing: it may be the only one.
TEST(CommitWay, StaysOpenWhenAQuestionFails) {
  commit_way way;
  way.ask();
  way.ask();
  way.answered(start);
  way.failed();
  EXPECT_TRUE(way.is_open(start + silence_max));
  EXPECT_EQ(way.asked(), 0u);
}

// Slow is not closed: nothing flaps under load.
TEST(CommitWay, StaysOpenWhileEachAnswerIsSlow) {
  commit_way way;
  constexpr auto answer_time = 2s;
  bool has_closed = false;
  for (auto now = start; now < start + 20s; now += question_every) {
    ASSERT_TRUE(way.ask());
    if (now >= start + answer_time)
      way.answered(now);
    has_closed |= now >= start + answer_time && !way.is_open(now + question_every);
  }
  EXPECT_FALSE(has_closed);
}

TEST(CommitWay, HasNoMoreQuestionsUnderWayThanItWaitsFor) {
  commit_way way;
  for (std::uint32_t i = 0; i < commit_way::asked_max; ++i)
    EXPECT_TRUE(way.ask());
  EXPECT_FALSE(way.ask());
  way.failed();
  EXPECT_TRUE(way.ask());
}

} // namespace
} // namespace ducat::api
