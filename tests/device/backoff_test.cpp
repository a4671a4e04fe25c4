#include "device/backoff.hpp"

#include <gtest/gtest.h>

namespace ducat::device {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToTheMost) {
  const backoff_options steady{.initial = 500ms, .max = 30s, .jitter_percent = 0};
  EXPECT_EQ(wait_after(steady, 0, 7), 500ms);
  EXPECT_EQ(wait_after(steady, 1, 7), 1s);
  EXPECT_EQ(wait_after(steady, 5, 7), 16s);
  EXPECT_EQ(wait_after(steady, 6, 7), 30s);
  EXPECT_EQ(wait_after(steady, 4'000'000'000, 7), 30s);
}

TEST(Backoff, ChanceMakesItShorterByUpToItsShare) {
  const backoff_options some{.initial = 1000ms, .max = 1s, .jitter_percent = 20};
  EXPECT_EQ(wait_after(some, 0, 0), 1000ms);
  EXPECT_EQ(wait_after(some, 0, 20), 800ms);
  EXPECT_EQ(wait_after(some, 0, 21), 1000ms);
  EXPECT_EQ(wait_after(some, 0, 7), 930ms);
}

} // namespace
} // namespace ducat::device
