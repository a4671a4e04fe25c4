/// Each step of a payment and the money it moves.

#include "payment_world.hpp"

#include <gtest/gtest.h>

namespace ducat::payment::test {
namespace {

TEST(PaymentMachine, RecordsAPaymentWithoutMovingMoney) {
  world w;
  const auto created = w.run(create_payment("k1", "alice", "shop", 2'500));
  EXPECT_EQ(created.payment().state(), v1::Payment::CREATED);
  EXPECT_EQ(created.payment().id(), payment_id_of("k1"));
  EXPECT_EQ(w.account("alice").available(), 10'000);
}

TEST(PaymentMachine, HoldsTheAmountWhenItAuthorises) {
  world w;
  EXPECT_EQ(w.hold("k1", "alice", "shop", 2'500).payment().state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(w.account("alice").available(), 7'500);
  EXPECT_EQ(w.account("alice").balance(), 10'000);
  EXPECT_EQ(w.account("shop").balance(), 0);
}

TEST(PaymentMachine, DeclinesWhatThePayerCannotCover) {
  world w;
  const auto declined = w.hold("k1", "alice", "shop", 10'001);
  EXPECT_FALSE(declined.has_error());
  EXPECT_EQ(declined.payment().state(), v1::Payment::DECLINED);
  EXPECT_EQ(declined.payment().decline_code(), "exceeds_credits");
  EXPECT_EQ(w.account("alice").available(), 10'000);
}

TEST(PaymentMachine, StaysDeclinedWhenTheMoneyArrivesLater) {
  world w;
  const auto declined = w.hold("k1", "alice", "shop", 10'001);
  w.pay_to_the_end("more", "world", "alice", 5'000);
  EXPECT_EQ(w.authorize(declined.payment().id()).payment().state(), v1::Payment::DECLINED);
}

TEST(PaymentMachine, PostsThePaymentWhenItCapturesInFull) {
  world w;
  const auto captured = w.pay_to_the_end("k1", "alice", "shop", 2'500);
  EXPECT_EQ(captured.payment().state(), v1::Payment::CAPTURED);
  EXPECT_EQ(captured.payment().captured(), 2'500);
  EXPECT_EQ(w.account("alice").balance(), 7'500);
  EXPECT_EQ(w.account("shop").balance(), 2'500);
}

TEST(PaymentMachine, ReleasesWhatAPartialCaptureLeaves) {
  world w;
  const auto held = w.hold("k1", "alice", "shop", 2'500);
  const auto captured = w.capture(held.payment().id(), "c1", 1'000);
  EXPECT_EQ(captured.payment().captured(), 1'000);
  EXPECT_EQ(w.account("alice").available(), 9'000);
  EXPECT_EQ(w.account("shop").balance(), 1'000);
}

TEST(PaymentMachine, ReleasesEverythingWhenItVoids) {
  world w;
  const auto held = w.hold("k1", "alice", "shop", 2'500);
  EXPECT_EQ(w.cancel(held.payment().id(), "v1").payment().state(), v1::Payment::VOIDED);
  EXPECT_EQ(w.account("alice").available(), 10'000);
  EXPECT_EQ(w.account("shop").credits_pending(), 0);
}

TEST(PaymentMachine, RefundsInPartsUpToWhatWasCaptured) {
  world w;
  const std::string id = w.pay_to_the_end("k1", "alice", "shop", 2'500).payment().id();
  EXPECT_EQ(w.refund(id, "r1", 1'000).payment().refunded(), 1'000);
  EXPECT_EQ(w.refund(id, "r2").payment().refunded(), 2'500);
  EXPECT_EQ(w.account("alice").balance(), 10'000);
  EXPECT_EQ(w.account("shop").balance(), 0);
  EXPECT_EQ(w.payment(id).refunds_size(), 2);
}

TEST(PaymentMachine, RemembersARefundThePayeeCouldNotAfford) {
  world w;
  const std::string id = w.pay_to_the_end("k1", "alice", "shop", 2'500).payment().id();
  w.pay_to_the_end("spent", "shop", "bob", 2'000);
  const auto declined = w.refund(id, "r1");
  EXPECT_EQ(declined.refund().state(), v1::Refund::DECLINED);
  EXPECT_EQ(declined.payment().refunded(), 0);
  w.pay_to_the_end("earned", "world", "shop", 9'000);
  EXPECT_EQ(w.refund(id, "r1").refund().state(), v1::Refund::DECLINED) << "the key is used up";
  EXPECT_EQ(w.refund(id, "r2").refund().state(), v1::Refund::SUCCEEDED);
}

TEST(PaymentMachine, LetsAnOverdraftAccountOwe) {
  world w;
  w.pay_to_the_end("k1", "world", "bob", 1'000'000);
  EXPECT_EQ(w.account("world").balance(), -1'010'000);
}

TEST(PaymentMachine, HasTheSameStateAfterAReplay) {
  world w;
  const std::string id = w.pay_to_the_end("k1", "alice", "shop", 2'500).payment().id();
  w.hold("k2", "alice", "bob", 100'000);
  w.cancel(w.hold("k3", "alice", "bob", 1'000).payment().id(), "v3");
  w.refund(id, "r1", 300);
  machine again;
  std::uint64_t index = 0;
  for (const std::string& command : w.log()) {
    ++index;
    again.apply({index, {1'000 * index}}, command);
  }
  EXPECT_EQ(to_hex(again.state_digest()), to_hex(w.state_digest()));
}

} // namespace
} // namespace ducat::payment::test
