/// Who takes the log over, and when.

#include "cluster/succession.hpp"

#include <gtest/gtest.h>

namespace ducat::cluster {
namespace {

using namespace std::chrono_literals;

std::optional<std::size_t> rank(const std::string& me, const std::vector<candidate>& candidates) {
  return rank_of(me, "holder", candidates);
}

TEST(Rank, IsByPriorityAndThenById) {
  const std::vector<candidate> all{{.node = "c", .priority = 1},
                                   {.node = "b", .priority = 2},
                                   {.node = "a", .priority = 2},
                                   {.node = "d", .priority = 0}};
  EXPECT_EQ(rank("d", all), 0u);
  EXPECT_EQ(rank("c", all), 1u);
  EXPECT_EQ(rank("a", all), 2u);
  EXPECT_EQ(rank("b", all), 3u);
}

TEST(Rank, LeavesOutWhoIsNotAble) {
  const std::vector<candidate> all{{.node = "a", .is_able = false}, {.node = "b"}};
  EXPECT_EQ(rank("a", all), std::nullopt);
  EXPECT_EQ(rank("b", all), 0u);
}

TEST(Rank, LeavesOutTheHolder) {
  const std::vector<candidate> all{{.node = "holder"}, {.node = "z"}};
  EXPECT_EQ(rank("holder", all), std::nullopt);
  EXPECT_EQ(rank("z", all), 0u);
}

TEST(Rank, IsNothingForWhoIsNoCandidate) {
  EXPECT_EQ(rank("a", {{.node = "b"}}), std::nullopt);
  EXPECT_EQ(rank("a", {}), std::nullopt);
}

class Succession : public ::testing::Test {
protected:
  static constexpr duration step = succession::step;

  bool is_my_turn(duration at, std::optional<std::size_t> rank = 0, bool failed = true,
                  std::uint64_t epoch = 7) {
    return succession_.is_my_turn(epoch, failed, rank, time_point{1h} + at);
  }

  succession succession_;
};

TEST_F(Succession, IsTheFirstOnesTurnAtOnce) {
  EXPECT_TRUE(is_my_turn(0ms));
}

TEST_F(Succession, IsNobodysTurnWhileTheHolderWrites) {
  EXPECT_FALSE(is_my_turn(0ms, 0, false));
  EXPECT_FALSE(is_my_turn(10 * step, 0, false));
}

TEST_F(Succession, IsNeverTheTurnOfWhoHasNoRank) {
  EXPECT_FALSE(is_my_turn(0ms, std::nullopt));
  EXPECT_FALSE(is_my_turn(10 * step, std::nullopt));
}

TEST_F(Succession, GivesThoseBeforeItAStepEach) {
  EXPECT_FALSE(is_my_turn(0ms, 2));
  EXPECT_FALSE(is_my_turn(2 * step - 1ns, 2));
  EXPECT_TRUE(is_my_turn(2 * step, 2));
}

TEST_F(Succession, MovesUpWhenOneBeforeItIsGone) {
  EXPECT_FALSE(is_my_turn(0ms, 2));
  EXPECT_TRUE(is_my_turn(step, 1));
}

TEST_F(Succession, SaysSoAgainOnlyAfterAStep) {
  EXPECT_TRUE(is_my_turn(0ms));
  EXPECT_FALSE(is_my_turn(step - 1ns));
  EXPECT_TRUE(is_my_turn(step));
  EXPECT_FALSE(is_my_turn(2 * step - 1ns));
  EXPECT_TRUE(is_my_turn(2 * step));
}

// Somebody took it and failed too: the wait begins again, and so does the trying.
TEST_F(Succession, BeginsAnewWithEachEpoch) {
  EXPECT_TRUE(is_my_turn(0ms, 0, true, 7));
  EXPECT_TRUE(is_my_turn(1ms, 0, true, 8));
  EXPECT_FALSE(is_my_turn(2ms, 1, true, 9));
  EXPECT_FALSE(is_my_turn(2ms + step, 1, true, 10));
  EXPECT_TRUE(is_my_turn(2ms + 2 * step, 1, true, 10));
}

TEST_F(Succession, BeginsAnewWhenTheHolderHasComeBack) {
  EXPECT_TRUE(is_my_turn(0ms));
  EXPECT_FALSE(is_my_turn(1ms, 0, false));
  EXPECT_FALSE(is_my_turn(2 * step, 1));
  EXPECT_FALSE(is_my_turn(3 * step - 1ns, 1));
  EXPECT_TRUE(is_my_turn(3 * step, 1));
}

} // namespace
} // namespace ducat::cluster
