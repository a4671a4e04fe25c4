/// Settlements: what they move, once.

#include "settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

TEST(Settlement, MovesWhatWasCapturedLessFeesToWhatIsAvailable) {
  settlement_world w;
  w.settle(settlement_world::charging(settlement_world::merchant("books"), 150, 10));
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.pay_to_the_end("b", "world", "books", 333);
  w.refund(payment::payment_id_of("a"), "refund-a", 200);
  const v1::Settlement done = w.cut_and_settle(1);
  EXPECT_EQ(done.state(), v1::Settlement::SETTLED);
  EXPECT_EQ(w.balance("settlement.fees.EUR"), 15 + 10 + 5 + 10) << "333 x 1.5 % is 4.995";
  EXPECT_EQ(w.balance("books.available"), 1'333 - 200 - 40);
  EXPECT_EQ(w.balance("books"), 0);
  EXPECT_EQ(w.window(1).state(), v1::Window::SETTLED);
}

TEST(Settlement, IsDoneOnceHoweverOftenItsStepsAreProposed) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut(1);
  w.start(1, 1);
  EXPECT_TRUE(w.start(1, 1).replayed());
  for (std::uint32_t step = 0; step < 4; ++step) {
    EXPECT_EQ(w.advance("set_EUR_1", step + 1).error().code(), "step_not_next");
    EXPECT_FALSE(w.advance("set_EUR_1", step).replayed()) << step;
    EXPECT_TRUE(w.advance("set_EUR_1", step).replayed()) << step;
  }
  EXPECT_TRUE(w.advance("set_EUR_1", 4).replayed());
  EXPECT_EQ(w.balance("books.available"), 1'000);
  EXPECT_EQ(w.start(1, 1).settlement().settlements().data(0).state(), v1::Settlement::SETTLED);
}

TEST(Settlement, TakesWindowsInTheirOrder) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut(1);
  w.pay_to_the_end("b", "world", "books", 1'000);
  w.cut(2, first_day + 2);
  EXPECT_EQ(w.start(2, 2).error().code(), "window_not_next");
  EXPECT_EQ(w.start(1, 3).error().code(), "window_open");
  EXPECT_EQ(w.run_settlement(1, 2).total().net(), 2'000);
  EXPECT_EQ(w.balance("books.available"), 2'000);
}

// A refund after its capture was settled is taken from what comes later, or owed.
TEST(Settlement, CarriesANegativeBalance) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut_and_settle(1);
  const v1::PayoutBatch paid = w.batch(1);
  w.resolve("po_EUR_1_1", v1::PayoutResult::PAID);
  w.refund(payment::payment_id_of("a"), "refund-a", 300);
  w.cut_and_settle(2);
  EXPECT_EQ(w.balance("books.available"), -300);
  EXPECT_EQ(w.batch(2).payouts().count(), 0u);
  w.pay_to_the_end("b", "world", "books", 500);
  w.cut_and_settle(3);
  EXPECT_EQ(w.batch(3).payouts().amount(), 200);
  EXPECT_EQ(paid.payouts().amount(), 1'000);
}

TEST(Settlement, SplitsEachCaptureAmongMerchants) {
  settlement_world w;
  auto terms = settlement_world::merchant("books");
  v1::SplitShare& other = *terms.mutable_merchant()->add_split();
  other.set_to("kiosk");
  other.set_numerator(1);
  other.set_denominator(3);
  v1::SplitShare& own = *terms.mutable_merchant()->add_split();
  own.set_to("books");
  own.set_rest(true);
  EXPECT_FALSE(w.settle(terms).has_error());
  w.pay_to_the_end("a", "world", "books", 100);
  w.pay_to_the_end("b", "world", "books", 100);
  w.cut_and_settle(1);
  EXPECT_EQ(w.balance("kiosk.available"), 34 + 34) << "of each capture, not of the sum";
  EXPECT_EQ(w.balance("books.available"), 66 + 66);
  EXPECT_EQ(w.balance("books"), 0);
}

TEST(Settlement, HoldsARollingReserve) {
  settlement_world w;
  auto terms = settlement_world::merchant("books");
  terms.mutable_merchant()->set_reserve_basis_points(1'000);
  terms.mutable_merchant()->set_reserve_windows(2);
  w.settle(terms);
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut_and_settle(1);
  EXPECT_EQ(w.balance("books.reserve"), 100);
  w.pay_to_the_end("b", "world", "books", 2'000);
  w.cut_and_settle(2);
  EXPECT_EQ(w.balance("books.reserve"), 300);
  w.pay_to_the_end("c", "world", "kiosk", 10);
  w.cut_and_settle(3);
  EXPECT_EQ(w.balance("books.reserve"), 200) << "released though it had nothing in that window";
  EXPECT_EQ(w.balance("books.available"), 900 + 1'800 + 100);
}

// Else a currency in which nothing is captured any more would keep its reserves for ever.
TEST(Settlement, ReleasesReservesThoughNothingIsCapturedAnyMore) {
  settlement_world w;
  auto terms = settlement_world::merchant("books");
  terms.mutable_merchant()->set_reserve_basis_points(1'000);
  terms.mutable_merchant()->set_reserve_windows(2);
  w.settle(terms);
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut_and_settle(1);
  w.cut(2);
  EXPECT_EQ(w.window(2).state(), v1::Window::SETTLED) << "nothing is due with it";
  w.cut(3);
  EXPECT_EQ(w.window(3).state(), v1::Window::CLOSED);
  EXPECT_EQ(w.run_settlement(3, 3).total().released(), 100);
  EXPECT_EQ(w.balance("books.reserve"), 0);
  EXPECT_EQ(w.balance("books.available"), 1'000);
  w.cut(4);
  EXPECT_EQ(w.window(4).state(), v1::Window::SETTLED) << "it is released once";
}

TEST(Settlement, TakesWhatIsDisputedAndGivesItBackOrAway) {
  settlement_world w;
  for (const char* key : {"a", "b"})
    w.pay_to_the_end(key, "world", "books", 1'000);
  const std::string a = payment::payment_id_of("a");
  const std::string b = payment::payment_id_of("b");
  const std::int64_t payer = w.balance("world");
  EXPECT_FALSE(w.dispute(a, v1::DisputePayment::OPENED, 400).has_error());
  EXPECT_FALSE(w.dispute(b, v1::DisputePayment::OPENED).has_error());
  EXPECT_TRUE(w.dispute(b, v1::DisputePayment::OPENED).replayed());
  EXPECT_EQ(w.refund(b, "refund-b", 1).error().code(), "amount_exceeds_captured");
  EXPECT_EQ(w.balance("settlement.disputes.EUR"), 1'400);
  w.cut_and_settle(1);
  EXPECT_EQ(w.balance("books.available"), 600);
  EXPECT_FALSE(w.dispute(a, v1::DisputePayment::WON).has_error());
  EXPECT_FALSE(w.dispute(b, v1::DisputePayment::LOST, 0, 25).has_error());
  EXPECT_EQ(w.dispute(a, v1::DisputePayment::LOST).error().code(), "dispute_not_open");
  w.cut_and_settle(2);
  EXPECT_EQ(w.balance("books.available"), 600 + 400 - 25);
  EXPECT_EQ(w.balance("world"), payer + 1'000);
  EXPECT_EQ(w.balance("settlement.disputes.EUR"), 0);
  EXPECT_EQ(w.balance("books"), 0);
}

TEST(Settlement, IsShownByThePaymentsThatAreInIt) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  const std::string id = payment::payment_id_of("a");
  EXPECT_EQ(w.payment(id).settlement().state(), v1::Membership::ACCRUED);
  w.cut_and_settle(1);
  EXPECT_EQ(w.payment(id).settlement().state(), v1::Membership::SETTLED);
  EXPECT_EQ(w.payment(id).settlement().settlement(), "set_EUR_1");
  w.batch(1);
  EXPECT_EQ(w.payment(id).settlement().state(), v1::Membership::PAID_OUT);
  EXPECT_EQ(w.payment(id).settlement().payout(), "po_EUR_1_1");
}

} // namespace
} // namespace ducat::settlement::test
