/// Terms that change: an old proposal does not bring old ones back.

#include "settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

v1::SettlementCommand merchant_of_version(std::uint64_t version, std::int64_t minimum) {
  v1::SettlementCommand command = settlement_world::merchant("books");
  command.mutable_merchant()->set_payout_minimum(minimum);
  command.mutable_merchant()->set_version(version);
  return command;
}

v1::SettlementCommand participant_of_version(std::uint64_t version, std::int64_t cap) {
  v1::SettlementCommand command;
  command.mutable_participant()->set_id("north");
  command.mutable_participant()->set_currency("EUR");
  command.mutable_participant()->set_net_debit_cap(cap);
  command.mutable_participant()->set_version(version);
  return command;
}

v1::SettlementCommand ledger_of_version(std::uint64_t version, v1::SettlementModel model) {
  v1::SettlementCommand command;
  command.mutable_configure()->set_currency("EUR");
  command.mutable_configure()->set_model(model);
  command.mutable_configure()->set_version(version);
  return command;
}

TEST(Terms, OfAMerchantDoNotComeBackWithAnOldProposal) {
  settlement_world w; // Which has given the first ones.
  EXPECT_EQ(w.settle(merchant_of_version(3, 100)).error().code(), "version_not_next");
  EXPECT_FALSE(w.settle(merchant_of_version(2, 100)).has_error());
  EXPECT_TRUE(w.settle(merchant_of_version(2, 100)).replayed());
  EXPECT_FALSE(w.settle(merchant_of_version(3, 200)).has_error());
  const v1::Outcome late = w.settle(merchant_of_version(2, 100));
  EXPECT_EQ(late.error().code(), "version_not_next");
  EXPECT_EQ(late.error().param(), "version");
  EXPECT_EQ(late.error().type(), v1::Error::CONFLICT);
  const v1::Outcome any = w.settle(merchant_of_version(0, 300));
  EXPECT_EQ(any.settlement().merchants().data(0).terms().version(), 4u);
  EXPECT_EQ(any.settlement().merchants().data(0).terms().payout_minimum(), 300);
}

TEST(Terms, OfAParticipantDoNotComeBackWithAnOldProposal) {
  settlement_world w;
  EXPECT_EQ(w.settle(participant_of_version(2, 100)).error().code(), "version_not_next");
  EXPECT_FALSE(w.settle(participant_of_version(1, 100)).has_error());
  EXPECT_FALSE(w.settle(participant_of_version(2, 200)).has_error());
  EXPECT_EQ(w.settle(participant_of_version(1, 100)).error().code(), "version_not_next");
  EXPECT_TRUE(w.settle(participant_of_version(3, 200)).replayed()) << "it changes nothing";
}

TEST(Terms, OfALedgerDoNotComeBackWithAnOldProposal) {
  settlement_world w;
  EXPECT_FALSE(w.settle(ledger_of_version(2, v1::GROSS_IMMEDIATE)).has_error());
  EXPECT_FALSE(w.settle(ledger_of_version(3, v1::NET_BILATERAL_DEFERRED)).has_error());
  EXPECT_EQ(w.settle(ledger_of_version(2, v1::GROSS_IMMEDIATE)).error().code(), "version_not_next");
}

// A calendar that cannot be followed would be one by which no window is ever cut.
TEST(Terms, HaveACalendarIfWindowsAreCutByIt) {
  settlement_world w;
  v1::SettlementCommand command = ledger_of_version(0, v1::NET_BILATERAL_DEFERRED);
  v1::ConfigureSettlement& terms = *command.mutable_configure();
  terms.set_automatic(true);
  EXPECT_EQ(w.settle(command).error().code(), "calendar_invalid");
  terms.mutable_calendar()->set_time_zone("Europe/Berlin");
  EXPECT_EQ(w.settle(command).error().code(), "calendar_invalid") << "no cut-off";
  terms.mutable_calendar()->add_cut_offs(1'441);
  EXPECT_EQ(w.settle(command).error().code(), "calendar_invalid");
  terms.mutable_calendar()->set_cut_offs(0, 1'440);
  terms.mutable_calendar()->add_holidays(20'261'131);
  EXPECT_EQ(w.settle(command).error().code(), "calendar_invalid") << "November has 30 days";
  terms.mutable_calendar()->set_holidays(0, 20'261'130);
  EXPECT_FALSE(w.settle(command).has_error());
}

TEST(Terms, HaveExceptionsAlarmWithinAYear) {
  settlement_world w;
  v1::SettlementCommand command = ledger_of_version(0, v1::NET_BILATERAL_DEFERRED);
  command.mutable_configure()->set_exception_hours(8'761);
  EXPECT_EQ(w.settle(command).error().param(), "exception_hours");
  command.mutable_configure()->set_exception_hours(8'760);
  EXPECT_FALSE(w.settle(command).has_error());
}

} // namespace
} // namespace ducat::settlement::test
