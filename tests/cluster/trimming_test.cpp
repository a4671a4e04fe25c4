/// How far the log may be trimmed.

#include "cluster/trimming.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ducat::cluster {
namespace {

using enum member_status::state;

constexpr trim_rule rule{.entries_kept = 10, .entries_max = 1'000};

class Trimming : public ::testing::Test {
protected:
  void add(std::uint64_t kept, member_status::state now = alive) {
    nodes_.push_back({.id = "n" + std::to_string(nodes_.size()), .now = now, .kept = kept});
  }

  std::uint64_t point(std::uint64_t newest) const { return trim_point(nodes_, newest, rule); }

  std::vector<member_status> nodes_;
};

TEST_F(Trimming, NothingIsTrimmedThatNobodyKeeps) {
  EXPECT_EQ(point(500), 0u);
  add(0);
  EXPECT_EQ(point(500), 0u);
}

// The entry that a state ends with tells by its hash that the state is of this log.
TEST_F(Trimming, TheEntryThatAStateEndsWithStays) {
  add(400);
  EXPECT_EQ(point(500), 399u);
}

TEST_F(Trimming, TheNewestEntriesStay) {
  add(500);
  EXPECT_EQ(point(500), 490u);
  EXPECT_EQ(point(5), 0u);
}

TEST_F(Trimming, IsBehindTheSlowestNodeThatIsThere) {
  add(400);
  add(300);
  add(350, silent);
  EXPECT_EQ(point(500), 299u);
  nodes_[1].now = draining;
  EXPECT_EQ(point(500), 299u);
}

TEST_F(Trimming, ANodeThatIsGoneIsNotWaitedFor) {
  add(400);
  add(350);
  add(10, gone);
  EXPECT_EQ(point(500), 349u);
}

// With its disk a node takes its state along.
TEST_F(Trimming, WhatOnlyHalfOfTheNodesKeepStaysThoughTheOthersAreGone) {
  add(400);
  add(100, gone);
  add(90, gone);
  EXPECT_EQ(point(500), 99u);
  add(300);
  EXPECT_EQ(point(500), 99u);
}

TEST_F(Trimming, ANodeThatDoesNotGetOnIsNotWaitedForWhenTheLogIsTooLong) {
  add(2'000);
  add(1'990);
  add(5);
  EXPECT_EQ(point(1'000), 4u);
  EXPECT_EQ(point(2'100), 1'100u);
}

TEST_F(Trimming, HoweverLongTheLogIsMoreThanHalfOfTheNodesKeepWhatIsTrimmed) {
  add(20'000);
  add(30);
  add(20);
  EXPECT_EQ(point(20'000), 29u);
}

} // namespace
} // namespace ducat::cluster
