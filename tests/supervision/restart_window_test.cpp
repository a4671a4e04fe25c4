#include "supervision/restart_window.hpp"

#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;

constexpr time_point zero{std::chrono::hours{1}};

TEST(RestartWindow, AllowsAsManyAsItSays) { // S13
  restart_window window{2, 5s};
  EXPECT_TRUE(window.record(zero));
  EXPECT_TRUE(window.record(zero));
  EXPECT_FALSE(window.record(zero));
}

TEST(RestartWindow, AllowsNoneIfTheMaximumIsZero) { // S13
  restart_window window{0, 5s};
  EXPECT_FALSE(window.record(zero));
}

TEST(RestartWindow, IsClosedAtItsOldEnd) { // S17
  for (const auto& [later, allowed] :
       {std::pair{999ms, false}, {1'000ms, false}, {1'001ms, true}}) {
    restart_window window{1, 1s};
    EXPECT_TRUE(window.record(zero));
    EXPECT_EQ(window.record(zero + later), allowed) << later.count();
  }
}

TEST(RestartWindow, SlidesAndIsNotReset) { // S12, S18
  restart_window window{2, 1s};
  EXPECT_TRUE(window.record(zero));
  EXPECT_TRUE(window.record(zero + 900ms));
  EXPECT_TRUE(window.record(zero + 1'001ms));  // The first has left.
  EXPECT_FALSE(window.record(zero + 1'900ms)); // The second has not.
  EXPECT_EQ(window.count(), 3u);
}

} // namespace
} // namespace ducat
