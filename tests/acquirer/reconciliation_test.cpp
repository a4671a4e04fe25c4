#include "requests.hpp"

namespace ducat::acquirer::testing {

namespace {

message reconciliation(const totals& of, const std::string& stan = "000500") {
  message made{"0500"};
  made.set(7, "1128220000");
  made.set(11, stan);
  made.set(41, "TERM0001");
  made.set(50, "978");
  write_totals(of, made);
  return made;
}

/// 12.50 and 20.00 paid, the 20.00 reversed, 3.00 refunded.
void trade(host_world& world) {
  world.ask(payment());
  world.ask(payment({.stan = "000002", .amount_minor = 2'000}));
  world.ask(reversal(payment({.stan = "000002", .amount_minor = 2'000}), "000003"));
  world.ask(payment({.stan = "000004", .amount_minor = 300, .processing_code = "200000"}));
}

constexpr totals traded{.credits = {1, 300}, .debits = {2, 3'250}, .debit_reversals = {1, 2'000}};

TEST(AcquirerReconciliation, SaysInBalanceWhenAllTotalsAreTheSame) {
  host_world world;
  trade(world);
  const message answer = world.ask(reconciliation(traded));
  EXPECT_EQ(answer.mti(), "0510");
  EXPECT_EQ(text_of(answer, 66), "1");
  EXPECT_EQ(text_of(answer, 76), "0000000002");
  EXPECT_EQ(text_of(answer, 88), "0000000000003250");
  EXPECT_EQ(text_of(answer, 97), "D0000000000000950");
}

TEST(AcquirerReconciliation, SaysOutOfBalanceWithItsOwnTotals) {
  host_world world;
  trade(world);
  totals other = traded;
  other.debits = {3, 4'250};
  const message answer = world.ask(reconciliation(other));
  EXPECT_EQ(text_of(answer, 66), "2");
  EXPECT_EQ(text_of(answer, 76), "0000000002");
  EXPECT_EQ(text_of(answer, 97), "D0000000000000950");
  EXPECT_EQ(world.effects().size(), 4u); // Nothing was closed.
}

TEST(AcquirerReconciliation, EachOfTheNineFieldsIsCompared) {
  host_world world;
  trade(world);
  for (const int field : {74, 76, 77, 86, 88, 89, 97}) {
    message request = reconciliation(traded);
    request.erase(field);
    EXPECT_EQ(text_of(world.ask(request), 66), "2") << field;
  }
  for (const int field : {75, 87}) {
    message request = reconciliation(traded);
    request.set(field, field == 75 ? "0000000001" : "0000000000000001");
    EXPECT_EQ(text_of(world.ask(request), 66), "2") << field;
  }
}

TEST(AcquirerReconciliation, TotalsStartFromZeroAfterABalance) {
  host_world world;
  trade(world);
  world.ask(reconciliation(traded));
  EXPECT_EQ(text_of(world.ask(reconciliation({}, "000501")), 66), "1");
}

TEST(AcquirerReconciliation, ARepeatIsAnsweredAsTheFirstTime) {
  host_world world;
  trade(world);
  const message first = world.ask(reconciliation(traded));
  message repeat = reconciliation(traded);
  repeat.set_mti("0501");
  EXPECT_EQ(world.ask(repeat), first);
  repeat.set_mti("0520");
  EXPECT_EQ(world.ask(repeat).mti(), "0530");
}

TEST(AcquirerReconciliation, CountsThePaymentsOfItsTerminalAndCurrencyOnly) {
  host_world world;
  trade(world);
  world.ask(payment({.terminal = "TERM0002"}));
  world.ask(payment({.stan = "000008", .currency = "826"}));
  EXPECT_EQ(text_of(world.ask(reconciliation(traded)), 66), "1");
  message all = reconciliation({.debits = {2, 2'500}}, "000502");
  all.erase(41);
  all.erase(50);
  EXPECT_EQ(text_of(world.ask(all), 66), "1");
}

TEST(AcquirerReconciliation, AuthorisationsMoveNothingAndTheirAdviceDoes) {
  host_world world;
  world.ask(payment({.mti = "0100"}));
  world.ask(payment({.mti = "0220", .stan = "000009"}));
  EXPECT_EQ(text_of(world.ask(reconciliation({.debits = {1, 1'250}})), 66), "1");
}

// What is named by field 90 has moved already; giving it back is another movement.
TEST(AcquirerReconciliation, AnAdviceOfARefundIsACreditAndNamesWhatItGivesBack) {
  host_world world;
  world.ask(payment());
  message refund = reversal(payment(), "000009");
  refund.set_mti("0220");
  refund.set(3, "200000");
  refund.set(4, "000000000300");
  EXPECT_EQ(world.code(refund), "00");
  EXPECT_EQ(world.effects().back().original, 1u);
  EXPECT_EQ(text_of(world.ask(reconciliation({.credits = {1, 300}, .debits = {1, 1'250}})), 66),
            "1");
}

TEST(AcquirerReconciliation, AnAdviceOfACaptureMovesNothingTwice) {
  host_world world;
  world.ask(payment());
  world.ask(payment({.mti = "0220", .stan = "000009"}));
  EXPECT_EQ(text_of(world.ask(reconciliation({.debits = {1, 1'250}})), 66), "1");
}

} // namespace

} // namespace ducat::acquirer::testing
