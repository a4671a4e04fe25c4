/// Participants: what they may come to owe, and how it is settled among them.

#include "settlement/settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

/// Payers visa and card of the banks north and west; books is south's, and kiosk nobody's.
class three_banks : public settlement_world {
public:
  explicit three_banks(v1::SettlementModel model = v1::NET_MULTILATERAL_DEFERRED,
                       std::int64_t liquidity = 5'000)
      : settlement_world{model} {
    for (const char* id : {"visa", "card", "till"})
      open(id, "EUR", true);
    EXPECT_FALSE(participant("north", {"visa"}, 1'000, liquidity).has_error());
    EXPECT_FALSE(participant("south", {"books", "till"}, 1'000, liquidity).has_error());
    EXPECT_FALSE(participant("west", {"card", "kiosk"}, 1'000, liquidity).has_error());
  }

  std::string decline_of(const std::string& key, const std::string& from, const std::string& to,
                         std::int64_t amount) {
    return hold(key, from, to, amount).payment().decline_code();
  }

  std::int64_t has(const std::string& bank) const { return balance(bank + ".settlement"); }

  /// Returns what a participant owes (negative) or is owed in the window.
  std::int64_t position(const std::string& bank, std::uint64_t number) const {
    v1::SettlementQuestion question;
    question.mutable_positions()->set_currency("EUR");
    question.mutable_positions()->set_window(number);
    const v1::SettlementAnswer told = ask_settlement(question);
    for (const v1::Position& each : told.positions().data())
      if (each.participant() == bank && each.against().empty())
        return each.amount();
    return 0;
  }

  v1::Outcome abort(const std::string& id) {
    v1::SettlementCommand command;
    command.mutable_abort()->set_id(id);
    command.mutable_abort()->set_reason("by hand");
    return settle(command);
  }
};

TEST(Participant, MayOweUpToItsCap) {
  three_banks w;
  EXPECT_EQ(w.decline_of("a", "visa", "books", 1'001), "net_debit_cap_exceeded");
  EXPECT_EQ(w.decline_of("b", "visa", "books", 600), "");
  EXPECT_EQ(w.decline_of("c", "visa", "books", 401), "net_debit_cap_exceeded")
      << "what is held counts";
  EXPECT_EQ(w.decline_of("d", "visa", "books", 400), "");
  w.capture(payment::payment_id_of("b"), "c-b");
  EXPECT_EQ(w.decline_of("e", "visa", "books", 1), "net_debit_cap_exceeded")
      << "what is owed counts";
  EXPECT_EQ(w.decline_of("f", "world", "books", 50'000), "") << "nobody's account has no cap";
}

TEST(Participant, MayOweAgainWhatIsSettled) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 1'000);
  w.cut_and_settle(1);
  EXPECT_EQ(w.decline_of("b", "visa", "books", 1'000), "");
}

TEST(Participant, OwesOnBalance) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 1'000);
  w.pay_to_the_end("b", "card", "books", 1'000);
  w.refund(payment::payment_id_of("a"), "r", 700);
  EXPECT_EQ(w.decline_of("c", "visa", "books", 700), "");
  EXPECT_EQ(w.decline_of("d", "card", "books", 1), "net_debit_cap_exceeded");
}

TEST(Participant, NeedsTheLiquidityOfItsCap) {
  three_banks w{v1::NET_MULTILATERAL_DEFERRED, 999};
  EXPECT_EQ(w.decline_of("a", "visa", "books", 1), "liquidity_short");
  EXPECT_FALSE(w.fund("north", "more", 1).has_error());
  EXPECT_EQ(w.decline_of("b", "visa", "books", 1), "");
}

TEST(Participant, IsHeldToItsCapByCardPaymentsToo) {
  three_banks w;
  const auto send = [&](const std::string& key, std::int64_t amount) {
    v1::Command command = ducat::testing::create_payment(key, "visa", "books", amount);
    command.mutable_create_payment()->set_card("411111******1111");
    const v1::Outcome made = w.run(command);
    return w.run(ducat::testing::send_attempt(made.payment().id())).payment();
  };
  EXPECT_EQ(send("a", 1'001).decline_code(), "net_debit_cap_exceeded");
  EXPECT_EQ(send("a", 1'001).state(), v1::Payment::DECLINED);
  EXPECT_EQ(send("b", 1'000).state(), v1::Payment::AUTHORIZING);
}

// What is committed has been paid out of the liquidity: it is owed no more, though merchants are
// still being settled.
TEST(Participant, OwesWhatIsCommittedNoMore) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 1'000);
  w.cut(1);
  w.start(1, 1);
  w.advance("set_EUR_1", 0);
  w.advance("set_EUR_1", 1);
  EXPECT_EQ(w.decline_of("b", "visa", "books", 1), "net_debit_cap_exceeded");
  w.advance("set_EUR_1", 2);
  EXPECT_EQ(w.decline_of("c", "visa", "books", 1), "");
  EXPECT_EQ(w.has("north"), 4'000);
}

TEST(Participant, IsFundedOnceForAKey) {
  three_banks w;
  EXPECT_FALSE(w.fund("north", "f", 100).replayed());
  EXPECT_TRUE(w.fund("north", "f", 100).replayed());
  EXPECT_EQ(w.fund("north", "f", 101).error().code(), "idempotency_key_reused");
  EXPECT_EQ(w.fund("south", "f", 100).error().code(), "idempotency_key_reused");
  EXPECT_EQ(w.has("north"), 5'100);
  EXPECT_EQ(w.fund("north", "g", -4'101).error().code(), "liquidity_needed");
  EXPECT_FALSE(w.fund("north", "g", -4'100).has_error());
  EXPECT_EQ(w.balance("settlement.liquidity.EUR"), -15'000 + 4'000);
}

TEST(Participant, IsRefusedWithAReason) {
  three_banks w;
  EXPECT_EQ(w.participant("a/b", {}, 0, 0).error().code(), "account_id_invalid");
  EXPECT_EQ(w.participant("east", {"nobody"}, 0, 0).error().code(), "account_not_found");
  EXPECT_EQ(w.participant("east", {"visa"}, 0, 0).error().code(), "account_of_another_participant");
  EXPECT_EQ(w.participant("east", {}, -1, 0).error().code(), "amount_must_not_be_negative");
  EXPECT_EQ(w.fund("east", "k", 1).error().code(), "participant_not_found");
  EXPECT_EQ(w.fund("north", "k", 0).error().code(), "amount_must_be_positive");
  EXPECT_EQ(w.fund("north", "", 1).error().code(), "idempotency_key_invalid");
}

TEST(Model, GrossMovesEachPaymentAtOnce) {
  three_banks w{v1::GROSS_IMMEDIATE};
  w.pay_to_the_end("a", "visa", "books", 300);
  EXPECT_EQ(w.has("north"), 4'700);
  EXPECT_EQ(w.has("south"), 5'300);
  EXPECT_EQ(w.position("north", 1), 0);
  EXPECT_EQ(w.cut_and_settle(1).legs_size(), 0);
}

TEST(Model, ThatIsChangedHoldsFromTheNextWindowOn) {
  three_banks w{v1::NET_BILATERAL_DEFERRED};
  v1::SettlementCommand command;
  command.mutable_configure()->set_currency("EUR");
  command.mutable_configure()->set_model(v1::GROSS_IMMEDIATE);
  EXPECT_FALSE(w.settle(command).has_error());
  w.pay_to_the_end("a", "visa", "books", 300);
  EXPECT_EQ(w.position("north", 1), -300) << "the window is the other model's";
  EXPECT_EQ(w.has("north"), 5'000);
  w.cut_and_settle(1);
  EXPECT_EQ(w.has("north"), 4'700);
  w.pay_to_the_end("b", "visa", "books", 300);
  EXPECT_EQ(w.has("north"), 4'400) << "at once";
  EXPECT_EQ(w.position("north", 2), 0);
}

TEST(Model, BilateralMovesTheDifferenceOfEachPair) {
  three_banks w{v1::NET_BILATERAL_DEFERRED};
  w.pay_to_the_end("a", "visa", "books", 300);
  w.pay_to_the_end("b", "visa", "kiosk", 200);
  w.pay_to_the_end("c", "card", "books", 100);
  w.refund(payment::payment_id_of("a"), "r", 50);
  const v1::Settlement done = w.cut_and_settle(1);
  ASSERT_EQ(done.legs_size(), 3);
  EXPECT_EQ(done.legs(0).participant(), "north");
  EXPECT_EQ(done.legs(0).against(), "south");
  EXPECT_EQ(done.legs(0).amount(), -250);
  EXPECT_EQ(w.has("north"), 5'000 - 250 - 200);
  EXPECT_EQ(w.has("south"), 5'000 + 250 + 100);
  EXPECT_EQ(w.has("west"), 5'000 + 200 - 100);
}

TEST(Model, MultilateralMovesOneAmountForEach) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 300);
  w.pay_to_the_end("b", "card", "books", 100);
  w.pay_to_the_end("c", "visa", "kiosk", 100);
  const v1::Settlement done = w.cut_and_settle(1);
  ASSERT_EQ(done.legs_size(), 2) << "west gets what it owes";
  EXPECT_EQ(done.legs(0).amount(), -400) << "who owes comes first";
  EXPECT_EQ(done.legs(1).amount(), 400);
  EXPECT_EQ(w.has("north"), 4'600);
  EXPECT_EQ(w.has("west"), 5'000);
  EXPECT_EQ(w.balance("settlement.hub.EUR"), 0);
}

TEST(Settlement, IsAbortedByHandUntilItIsCommitted) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 300);
  w.cut(1);
  w.start(1, 1);
  w.advance("set_EUR_1", 0);
  w.advance("set_EUR_1", 1);
  EXPECT_EQ(w.account("north.settlement").available(), 4'700) << "reserved";
  EXPECT_FALSE(w.abort("set_EUR_1").replayed());
  EXPECT_TRUE(w.abort("set_EUR_1").replayed());
  EXPECT_EQ(w.account("north.settlement").available(), 5'000);
  EXPECT_TRUE(w.advance("set_EUR_1", 2).replayed()) << "it goes on no more";
  EXPECT_EQ(w.window(1).state(), v1::Window::ABORTED);
  EXPECT_EQ(w.run_settlement(1, 1).id(), "set_EUR_2");
  EXPECT_EQ(w.has("north"), 4'700);
  EXPECT_EQ(w.abort("set_EUR_2").error().code(), "settlement_committed");
}

TEST(Settlement, CannotBeAbortedOnceItIsCommitted) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 300);
  w.cut(1);
  w.start(1, 1);
  for (std::uint32_t step = 0; step < 3; ++step)
    w.advance("set_EUR_1", step);
  EXPECT_EQ(w.abort("set_EUR_1").error().code(), "settlement_committed");
  EXPECT_EQ(w.has("south"), 5'300);
}

TEST(Settlement, IsAbortedWhenOneThatOwesHasNotTheLiquidity) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 600);
  w.pay_to_the_end("b", "card", "books", 600);
  v1::SettlementCommand less;
  less.mutable_participant()->set_id("west");
  less.mutable_participant()->set_currency("EUR");
  EXPECT_FALSE(w.settle(less).has_error());
  EXPECT_FALSE(w.fund("west", "out", -4'500).has_error());
  w.cut(1);
  EXPECT_EQ(w.run_settlement(1, 1).state(), v1::Settlement::ABORTED);
  EXPECT_EQ(w.account("north.settlement").available(), 5'000) << "nobody is held to a part of it";
  w.fund("west", "in", 100);
  EXPECT_EQ(w.run_settlement(1, 1).state(), v1::Settlement::SETTLED);
  EXPECT_EQ(w.has("west"), 0);
  EXPECT_EQ(w.has("south"), 6'200);
}

// The payer has the money again, whose bank has not got it yet.
TEST(Participant, OwesWhatItsMerchantLoses) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "books", 1'000);
  w.cut_and_settle(1);
  w.dispute(payment::payment_id_of("a"), v1::DisputePayment::OPENED, 400);
  EXPECT_EQ(w.position("south", 2), 0);
  w.dispute(payment::payment_id_of("a"), v1::DisputePayment::LOST);
  EXPECT_EQ(w.position("south", 2), -400);
  w.cut_and_settle(2);
  EXPECT_EQ(w.has("north"), 5'000 - 600);
}

TEST(Participant, OwesRefundsOfAccountsThatAreNoMerchants) {
  three_banks w;
  w.pay_to_the_end("a", "visa", "till", 500);
  EXPECT_EQ(w.position("north", 1), -500);
  w.refund(payment::payment_id_of("a"), "r", 500);
  EXPECT_EQ(w.position("north", 1), 0);
}

} // namespace
} // namespace ducat::settlement::test
