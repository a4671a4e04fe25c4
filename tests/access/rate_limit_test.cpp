#include "access/rate_limit.hpp"

#include <gtest/gtest.h>

namespace ducat::access {
namespace {

using namespace std::chrono_literals;
using security::role;

const principal kiosk{.role = role::merchant, .name = "kiosk"};
const principal bakery{.role = role::merchant, .name = "bakery"};
constexpr time_point begin{1h};

int taken(rate_limit& limit, const principal& who, time_point now, int tries = 1'000) {
  int count = 0;
  for (int i = 0; i < tries; ++i)
    count += limit.take(who, now) ? 1 : 0;
  return count;
}

TEST(RateLimit, LetsSoManyInAtOnceAndNotOneMore) {
  rate_limit limit{{.per_second = 10, .burst = 5}};
  EXPECT_EQ(taken(limit, kiosk, begin), 5);
}

TEST(RateLimit, LetsSoManyInASecond) {
  rate_limit limit{{.per_second = 10, .burst = 5}};
  (void)taken(limit, kiosk, begin);
  EXPECT_EQ(taken(limit, kiosk, begin + 99ms), 0);
  EXPECT_EQ(taken(limit, kiosk, begin + 100ms), 1);
  EXPECT_EQ(taken(limit, kiosk, begin + 400ms), 3);
  EXPECT_EQ(taken(limit, kiosk, begin + 1h), 5) << "no more than at once";
}

TEST(RateLimit, OfOneTakesNothingFromTheOthers) {
  rate_limit limit{{.per_second = 10, .burst = 5}};
  EXPECT_EQ(taken(limit, kiosk, begin), 5);
  EXPECT_EQ(taken(limit, bakery, begin), 5);
  EXPECT_EQ(taken(limit, {.role = role::viewer, .name = "kiosk"}, begin), 5);
}

TEST(RateLimit, OfNoneIsNone) {
  rate_limit limit{{.per_second = 0, .burst = 1}};
  EXPECT_EQ(taken(limit, kiosk, begin), 1'000);
}

TEST(RateLimit, ForgetsThoseWhoHaveNotCalledLately) {
  rate_limit limit{{.per_second = 10, .burst = 5}};
  for (int i = 0; i < 10'000; ++i)
    EXPECT_TRUE(limit.take({.role = role::merchant, .name = std::to_string(i)},
                           begin + std::chrono::seconds{i}));
  EXPECT_LT(limit.size(), 1'100u);
}

} // namespace
} // namespace ducat::access
