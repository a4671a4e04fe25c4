/// When it is too late.
#include "wire/time_limit.hpp"

#include <gtest/gtest.h>

namespace ducat::wire {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

TEST(TimeLimit, IsOverAtItsLastInstantAndNotBefore) {
  time_limit limit;
  limit.begin(start, 5s);
  EXPECT_FALSE(limit.is_over(start));
  EXPECT_FALSE(limit.is_over(start + 5s - 1ns));
  EXPECT_TRUE(limit.is_over(start + 5s));
  EXPECT_TRUE(limit.is_over(start + 5s + 1ns));
  EXPECT_EQ(limit.at(), start + 5s);
}

TEST(TimeLimit, IsNeverOverBeforeItBeginsAndAfterItsEnd) {
  time_limit limit;
  EXPECT_FALSE(limit.is_over(start + 10'000h));
  limit.begin(start, 5s);
  limit.end();
  EXPECT_FALSE(limit.is_over(start + 10'000h));
}

TEST(TimeLimit, BeginsAnewWithWhatIsGivenLast) {
  time_limit limit;
  limit.begin(start, 5s);
  limit.begin(start + 4s, 5s);
  EXPECT_FALSE(limit.is_over(start + 9s - 1ns));
  EXPECT_TRUE(limit.is_over(start + 9s));
}

} // namespace
} // namespace ducat::wire
