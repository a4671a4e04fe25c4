/// One key, one effect, one answer.

#include "payment_world.hpp"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace ducat::payment::test {
namespace {

bool same(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

TEST(IdempotencyKey, IsAnsweredAsTheFirstTimeAndWritesNothing) {
  world w;
  const auto first = w.pay_to_the_end("k1", "alice", "shop", 2'500);
  const auto entries = w.log().size();
  const auto again = w.run(create_payment("k1", "alice", "shop", 2'500));
  EXPECT_TRUE(again.replayed());
  EXPECT_TRUE(same(again.payment(), first.payment()));
  EXPECT_EQ(again.index(), first.index());
  EXPECT_EQ(w.log().size(), entries);
}

TEST(IdempotencyKey, KeepsItsAnswerWhenThePaymentMovesOn) {
  world w;
  const auto first = w.pay_to_the_end("k1", "alice", "shop", 2'500);
  const auto refunded = w.refund(first.payment().id(), "r1", 500);
  w.refund(first.payment().id(), "r2");
  EXPECT_TRUE(same(w.run(create_payment("k1", "alice", "shop", 2'500)).payment(), first.payment()));
  const auto again = w.refund(first.payment().id(), "r1", 500);
  EXPECT_TRUE(same(again.payment(), refunded.payment()));
  EXPECT_TRUE(same(again.refund(), refunded.refund()));
}

TEST(IdempotencyKey, RefusesAnotherRequestUnderTheSameKey) {
  world w;
  w.pay_to_the_end("k1", "alice", "shop", 2'500);
  const auto refused = w.run(create_payment("k1", "alice", "shop", 2'501));
  EXPECT_EQ(refused.error().code(), "idempotency_key_reused");
  EXPECT_EQ(refused.error().type(), v1::Error::IDEMPOTENCY);
}

TEST(IdempotencyKey, IsNotGoodForAnotherOperation) {
  world w;
  const auto paid = w.pay_to_the_end("k1", "alice", "shop", 2'500);
  EXPECT_EQ(w.refund(paid.payment().id(), "k1").error().code(), "idempotency_key_reused");
}

TEST(IdempotencyKey, IsNotUsedUpByARefusal) {
  world w;
  EXPECT_EQ(w.run(create_payment("k1", "nobody", "shop", 5)).error().code(), "account_not_found");
  EXPECT_FALSE(w.run(create_payment("k1", "alice", "shop", 5)).has_error());
}

TEST(IdempotencyKey, FindsAnUnfinishedPaymentAsItIs) {
  world w;
  const auto created = w.run(create_payment("k1", "alice", "shop", 2'500));
  const auto again = w.run(create_payment("k1", "alice", "shop", 2'500));
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.payment().state(), v1::Payment::CREATED);
  w.authorize(created.payment().id());
  EXPECT_EQ(w.run(create_payment("k1", "alice", "shop", 2'500)).payment().state(),
            v1::Payment::AUTHORIZED);
}

TEST(IdempotencyKey, MakesAStepTakenTwiceOneEffect) {
  world w;
  const auto held = w.hold("k1", "alice", "shop", 2'500);
  const auto entries = w.log().size();
  EXPECT_TRUE(w.authorize(held.payment().id()).replayed());
  EXPECT_EQ(w.log().size(), entries);
  EXPECT_EQ(w.account("alice").available(), 7'500);
}

TEST(AccountId, IsItsOwnIdempotencyKey) {
  world w;
  EXPECT_TRUE(w.open("alice", "EUR", false).replayed());
  EXPECT_EQ(w.open("alice", "USD", false).error().code(), "account_exists");
  EXPECT_EQ(w.open("alice", "EUR", true).error().code(), "account_exists");
}

} // namespace
} // namespace ducat::payment::test
