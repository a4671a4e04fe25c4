/// How long attempts were in doubt, as the machine tells it.

#include "payment_world.hpp"

#include <ducat/v1/node.pb.h>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace ducat::payment {
namespace {

using namespace std::chrono_literals;
using ducat::testing::resolve_attempt;
using ducat::testing::send_attempt;

class TimeInDoubt : public ::testing::Test {
protected:
  /// Returns the id of a card payment that was sent.
  std::string sent(const std::string& key, const std::string& link = "acme") {
    const std::string id = world_.run(ducat::testing::create_card_payment(key, 100)).payment().id();
    world_.run(send_attempt(id, link));
    return id;
  }

  std::string in_doubt(const std::string& key, const std::string& link = "acme") {
    const std::string id = sent(key, link);
    world_.run(resolve_attempt(id, v1::ResolveAttempt::IN_DOUBT));
    return id;
  }

  void reverse(const std::string& id) {
    world_.run(resolve_attempt(id, v1::ResolveAttempt::REVERSAL_ACCEPTED));
  }

  v1::StatusReply status() const {
    v1::Question question;
    question.mutable_summary();
    return world_.ask(question).summary();
  }

  test::world world_;
};

TEST_F(TimeInDoubt, OfPaymentsThatNeverWereThereIsNone) {
  const std::string id = sent("k");
  world_.run(resolve_attempt(id, v1::ResolveAttempt::APPROVED, 100));
  const auto told = status();
  EXPECT_EQ(told.time_in_doubt().open(), 0u);
  EXPECT_EQ(told.time_in_doubt().ended(), 0u);
  EXPECT_EQ(told.time_in_doubt_by_link_size(), 0);
}

TEST_F(TimeInDoubt, IsShownInBucketsOnceItHasEnded) {
  reverse(in_doubt("k"));
  (void)in_doubt("k2");
  ASSERT_EQ(status().time_in_doubt_by_link_size(), 1);
  const v1::Histogram times = status().time_in_doubt_by_link(0).ended_times();
  EXPECT_EQ(times.count(), 1u);
  ASSERT_GT(times.buckets_size(), 0);
  EXPECT_EQ(times.buckets().rbegin()->count(), 1u);
  EXPECT_FALSE(status().time_in_doubt().has_ended_times());
}

TEST_F(TimeInDoubt, IsOpenUntilTheReversalIsAccepted) {
  const std::string id = in_doubt("k");
  EXPECT_EQ(status().time_in_doubt().open(), 1u);
  EXPECT_EQ(status().time_in_doubt().oldest_at_ns(),
            world_.payment(id).attempts(0).in_doubt_at_ns());
  world_.let_pass(7s);
  reverse(id);
  const auto told = status().time_in_doubt();
  EXPECT_EQ(told.open(), 0u);
  EXPECT_EQ(told.oldest_at_ns(), 0u);
  EXPECT_EQ(told.ended(), 1u);
  EXPECT_EQ(told.longest_ms(), 7'001u); // Seven seconds and an entry of the log.
  EXPECT_EQ(told.p50_ms(), 7'001u);
}

TEST_F(TimeInDoubt, AnExceptionIsStillInDoubt) {
  const std::string id = in_doubt("k");
  world_.let_pass(25h);
  ASSERT_EQ(world_.payment(id).state(), v1::Payment::EXCEPTION);
  EXPECT_EQ(status().time_in_doubt().open(), 1u);
  reverse(id);
  EXPECT_EQ(status().time_in_doubt().open(), 0u);
  EXPECT_GT(status().time_in_doubt().longest_ms(), 25u * 3'600'000);
}

TEST_F(TimeInDoubt, AnApprovalThatIsGivenUpIsNotInDoubt) {
  const std::string id =
      world_.run(ducat::testing::create_card_payment("k", 100, true)).payment().id();
  world_.run(send_attempt(id));
  world_.run(resolve_attempt(id, v1::ResolveAttempt::APPROVED, 100));
  world_.cancel(id, "v");
  EXPECT_EQ(status().time_in_doubt().open(), 0u);
  reverse(id);
  EXPECT_EQ(status().time_in_doubt().ended(), 0u);
}

TEST_F(TimeInDoubt, IsToldByLinkToo) {
  const std::string first = in_doubt("k1", "acme");
  in_doubt("k2", "other");
  reverse(first);
  const auto told = status();
  ASSERT_EQ(told.time_in_doubt_by_link_size(), 2);
  EXPECT_EQ(told.time_in_doubt_by_link(0).link(), "acme");
  EXPECT_EQ(told.time_in_doubt_by_link(0).ended(), 1u);
  EXPECT_EQ(told.time_in_doubt_by_link(0).open(), 0u);
  EXPECT_EQ(told.time_in_doubt_by_link(1).link(), "other");
  EXPECT_EQ(told.time_in_doubt_by_link(1).open(), 1u);
  EXPECT_EQ(told.time_in_doubt().open(), 1u);
  EXPECT_EQ(told.time_in_doubt().ended(), 1u);
}

TEST_F(TimeInDoubt, TheOldestIsTheFirstThatIsStillOpen) {
  const std::string first = in_doubt("k1");
  const std::string second = in_doubt("k2");
  reverse(first);
  EXPECT_EQ(status().time_in_doubt().oldest_at_ns(),
            world_.payment(second).attempts(0).in_doubt_at_ns());
}

} // namespace
} // namespace ducat::payment
