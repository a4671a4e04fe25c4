/// Whom a node takes for silent: it compares beats, never clocks.

#include "cluster/failure_detector.hpp"

#include <gtest/gtest.h>

namespace ducat::cluster {
namespace {

constexpr std::uint32_t missed_max = 3;

class FailureDetector : public ::testing::Test {
protected:
  void beat(const std::string& node, unsigned times = 1) {
    for (unsigned i = 0; i < times; ++i)
      detector_.beat_of(node);
  }

  failure_detector detector_{"me", missed_max};
};

TEST_F(FailureDetector, FindsANodeSilentAfterMoreOwnBeatsThanItMayMiss) {
  beat("a");
  beat("me", missed_max);
  EXPECT_TRUE(detector_.is_beating("a"));
  beat("me");
  EXPECT_FALSE(detector_.is_beating("a"));
}

TEST_F(FailureDetector, CountsFromTheNewestBeatOfEachNode) {
  beat("a");
  beat("b");
  beat("me", missed_max);
  beat("a");
  beat("me", missed_max);
  EXPECT_TRUE(detector_.is_beating("a"));
  EXPECT_FALSE(detector_.is_beating("b"));
}

TEST_F(FailureDetector, TakesASilentNodeForAliveWithItsNextBeat) {
  beat("a");
  beat("me", missed_max + 1);
  beat("a");
  EXPECT_TRUE(detector_.is_beating("a"));
}

// If etcd does not pass this node's beats on, it knows nothing of the others.
TEST_F(FailureDetector, SuspectsNobodyWhileItsOwnBeatsDoNotComeThrough) {
  beat("a");
  beat("b", 100);
  EXPECT_TRUE(detector_.is_beating("a"));
}

TEST_F(FailureDetector, TakesANodeThatItNeverSawForSilent) {
  EXPECT_FALSE(detector_.is_beating("a"));
  EXPECT_FALSE(detector_.is_beating("me"));
}

TEST_F(FailureDetector, NeverFindsItselfSilentOnceItsBeatsCome) {
  beat("me", 100);
  EXPECT_TRUE(detector_.is_beating("me"));
}

TEST_F(FailureDetector, KnowsNothingOfANodeThatIsNoMemberAnyMore) {
  beat("a");
  detector_.forget("a");
  detector_.forget("b");
  EXPECT_FALSE(detector_.is_beating("a"));
}

} // namespace
} // namespace ducat::cluster
