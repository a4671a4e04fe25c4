/// Accounts of settlement: their money is moved by settlement alone. A transfer between an account
/// and itself, which no ledger makes, would end every node that applies it.

#include "settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

class OwnAccounts : public ::testing::Test {
protected:
  std::string why_no_payment(const std::string& from, const std::string& to) {
    const v1::Outcome out =
        w.run(ducat::testing::create_payment(from + "-" + to, from, to, 100, true));
    return out.error().code() + " " + out.error().param();
  }

  settlement_world w;
};

TEST_F(OwnAccounts, AreNoPartiesOfPayments) {
  EXPECT_FALSE(w.participant("north", {}, 0, 5'000).has_error());
  EXPECT_EQ(why_no_payment("settlement.disputes.EUR", "books"), "account_of_settlement from");
  EXPECT_EQ(why_no_payment("world", "settlement.fees.EUR"), "account_of_settlement to");
  EXPECT_EQ(why_no_payment("books.reserve", "alice"), "account_of_settlement from");
  EXPECT_EQ(why_no_payment("north.settlement", "alice"), "account_of_settlement from");
  EXPECT_EQ(why_no_payment("world", "books.available"), " ") << "a merchant pays what it owes";
}

TEST_F(OwnAccounts, AreNoMerchants) {
  for (const char* id :
       {"settlement.fees.EUR", "settlement.disputes.EUR", "books.available", "books.reserve"})
    EXPECT_EQ(w.settle(settlement_world::merchant(id)).error().code(), "account_of_settlement")
        << id;
  w.open("shop.available", "EUR", true);
  EXPECT_FALSE(w.settle(settlement_world::merchant("shop.available")).has_error());
  w.open("till", "EUR", true);
  w.open("till.available", "EUR", true);
  EXPECT_FALSE(w.settle(settlement_world::merchant("till.available")).has_error());
  EXPECT_EQ(w.settle(settlement_world::merchant("till")).error().code(), "account_exists")
      << "what it had available would be another merchant's captures";
}

TEST_F(OwnAccounts, AreNoParticipants) {
  for (const char* id : {"settlement.bank.EUR", "books.reserve", "books.available"})
    EXPECT_EQ(w.participant("north", {id}, 0, 0).error().code(), "account_of_settlement") << id;
  w.open("till", "EUR", true);
  w.open("till.available", "EUR", true);
  EXPECT_FALSE(w.participant("north", {"till.available"}, 0, 0).has_error());
  EXPECT_EQ(w.settle(settlement_world::merchant("till")).error().code(), "account_exists");
}

TEST_F(OwnAccounts, HaveNothingPresentedFromThem) {
  v1::SettlementCommand command;
  v1::PresentedCapture& item = *command.mutable_present()->add_items();
  item.set_reference("r");
  item.set_from("settlement.bank.EUR");
  item.set_to("books");
  item.set_amount(1);
  EXPECT_EQ(w.settle(command).error().code(), "account_of_settlement");
}

// Else the balance of suspense would not be what the open exceptions have in it.
TEST_F(OwnAccounts, BearNoDifferences) {
  w.pay_to_the_end("a", "world", "books", 1'000);
  v1::Command command;
  v1::OpenSettlementExceptions& open = *command.mutable_settlement_exception()->mutable_open();
  open.set_currency("EUR");
  v1::SettlementDifference& difference = *open.add_differences();
  difference.set_leg(v1::SettlementDifference::BANK);
  difference.set_what(v1::SettlementDifference::MISSING_EXTERNAL);
  difference.set_reference("r");
  difference.set_window(1);
  difference.mutable_internal()->set_amount(1'000);
  difference.mutable_internal()->set_currency("EUR");
  for (const char* id : {"settlement.suspense.EUR", "settlement.bank.EUR", "books.reserve"}) {
    open.set_account(id);
    EXPECT_EQ(w.run(command).error().code(), "account_of_settlement") << id;
  }
  open.set_account("books.available");
  EXPECT_FALSE(w.run(command).has_error());
  EXPECT_EQ(w.balance("settlement.suspense.EUR"), 1'000);
}

TEST_F(OwnAccounts, CannotBeOpenedByOthers) {
  EXPECT_EQ(w.open("settlement.fees.USD", "USD", false).error().code(), "account_of_settlement")
      << "USD could never be settled";
}

} // namespace
} // namespace ducat::settlement::test
