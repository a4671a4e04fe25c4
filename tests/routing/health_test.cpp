#include "routing/health.hpp"

#include <gtest/gtest.h>

namespace ducat::routing {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

/// Four workers, each of which has had 50 requests a second.
class HealthTest : public ::testing::Test {
protected:
  struct behaviour {
    std::chrono::microseconds takes;
    int fails_percent = 0;
  };

  void live(std::vector<behaviour> workers, std::chrono::seconds how_long) {
    for (const time_point end = now_ + how_long; now_ < end; now_ += 20ms) {
      ++turn_;
      for (std::size_t index = 0; index < workers.size(); ++index) {
        if (turn_ * workers[index].fails_percent / 100 !=
            (turn_ - 1) * workers[index].fails_percent / 100)
          health_.failed(index);
        else
          health_.succeeded(index, workers[index].takes);
      }
      health_.judge(now_);
    }
  }

  std::vector<double> shares() const {
    return {health_.share(0), health_.share(1), health_.share(2), health_.share(3)};
  }

  time_point now_ = start;
  int turn_ = 0;
  health health_{4, start};
};

const std::vector<double> all_alike{1, 1, 1, 1};

TEST_F(HealthTest, GivesFullSharesToWorkersOfWhichNothingIsKnown) {
  EXPECT_FALSE(health_.judge(start));
  EXPECT_TRUE(health_.judge(start + 1s));
  EXPECT_EQ(shares(), all_alike);
}

TEST_F(HealthTest, GivesFullSharesToWorkersThatDifferALittle) {
  live({{.takes = 10ms}, {.takes = 12ms}, {.takes = 19ms}, {.takes = 5ms}}, 10s);
  EXPECT_EQ(shares(), all_alike);
  live({{.takes = 5us}, {.takes = 5us}, {.takes = 900us}, {.takes = 5us}}, 100s);
  EXPECT_EQ(shares(), all_alike); // A millisecond is nothing.
}

TEST_F(HealthTest, GivesLessToTheSlowOneTheSlowerItIs) {
  live({{.takes = 10ms}, {.takes = 10ms}, {.takes = 40ms}, {.takes = 100ms}}, 10s);
  EXPECT_EQ(health_.share(0), 1);
  EXPECT_NEAR(health_.share(2), 0.5, 0.01);
  EXPECT_NEAR(health_.share(3), 0.2, 0.01);
}

TEST_F(HealthTest, GivesLessToTheOneThatFails) {
  live({{.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms, .fails_percent = 55}},
       10s);
  EXPECT_EQ(health_.share(0), 1);
  EXPECT_NEAR(health_.share(3), 0.5, 0.03);
}

TEST_F(HealthTest, NeverGivesLessThanTheLeastShare) {
  live({{.takes = 1ms}, {.takes = 1ms}, {.takes = 10s}, {.takes = 1ms, .fails_percent = 100}}, 10s);
  EXPECT_EQ(health_.share(2), health::share_min);
  EXPECT_EQ(health_.share(3), health::share_min);
}

TEST_F(HealthTest, BlamesNobodyIfAllDoBadly) {
  const behaviour bad{.takes = 500ms, .fails_percent = 80};
  live({bad, bad, bad, bad}, 10s);
  EXPECT_EQ(shares(), all_alike);
}

TEST_F(HealthTest, ForgivesAWorkerThatDoesWellAgain) {
  live({{.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms}, {.takes = 200ms}}, 10s);
  ASSERT_LT(health_.share(3), 0.2);
  live({{.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms}}, 30s);
  EXPECT_EQ(shares(), all_alike);
}

TEST_F(HealthTest, ForgivesAWorkerThatGetsHardlyAnything) {
  live({{.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms}, {.takes = 200ms}}, 10s);
  ASSERT_LT(health_.share(3), 0.2);
  live({{.takes = 10ms}, {.takes = 10ms}, {.takes = 10ms}}, 60s);
  EXPECT_EQ(shares(), all_alike);
}

} // namespace
} // namespace ducat::routing
