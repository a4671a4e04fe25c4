/// What a terminal has approved by itself, and the totals that it reconciles.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ducat::payment::test {
namespace {

using namespace ducat::testing;
using heard = v1::ResolveAttempt;

class TerminalTotals : public ::testing::Test {
protected:
  void pay(const std::string& key, std::int64_t amount) {
    w_.run(create_terminal_payment(key, amount));
    w_.run(send_attempt(payment_id_of(key)));
    w_.run(resolve_attempt(payment_id_of(key), heard::APPROVED, amount));
    w_.capture(payment_id_of(key), "");
  }

  v1::TerminalTotals totals(const std::string& terminal = "TERM0001") const {
    v1::Question question;
    question.mutable_terminal_totals()->set_terminal(terminal);
    question.mutable_terminal_totals()->set_currency("EUR");
    return w_.ask(question).terminal_totals();
  }

  v1::TerminalTotals reconcile(const std::string& key, std::int64_t debits, std::int64_t amount) {
    return w_.run(reconcile_terminal(key, debits, amount)).terminal_totals();
  }

  world w_;
};

TEST_F(TerminalTotals, CountWhatWasCapturedAndWhatWasTakenBack) {
  pay("a", 100);
  pay("b", 250);
  w_.run(reverse_payment("r", "a"));
  EXPECT_EQ(totals().debits(), 2u);
  EXPECT_EQ(totals().debit_amount(), 350);
  EXPECT_EQ(totals().debit_reversals(), 1u);
  EXPECT_EQ(totals().debit_reversal_amount(), 100);
  EXPECT_EQ(totals("TERM0002").debits(), 0u);
}

TEST_F(TerminalTotals, CountNothingThatIsOnlyHeldDeclinedOrAtNoTerminal) {
  w_.run(create_terminal_payment("m", 100, true));
  w_.run(send_attempt(payment_id_of("m")));
  w_.run(resolve_attempt(payment_id_of("m"), heard::APPROVED, 100));
  w_.capture(payment_id_of("m"), "c");
  w_.run(create_terminal_payment("d", 100));
  w_.run(send_attempt(payment_id_of("d")));
  w_.run(resolve_attempt(payment_id_of("d"), heard::DECLINED));
  EXPECT_EQ(totals().debits(), 0u);
}

TEST_F(TerminalTotals, StartFromZeroWhenTheTerminalSaysTheSame) {
  pay("a", 100);
  const auto closed = reconcile("z", 1, 100);
  EXPECT_TRUE(closed.in_balance());
  EXPECT_EQ(closed.debits(), 1u);
  EXPECT_EQ(totals().debits(), 0u);
  EXPECT_EQ(totals().reconciliations(), 1u);
}

TEST_F(TerminalTotals, AreToldAndStayWhenTheTerminalSaysSomethingElse) {
  pay("a", 100);
  const auto entries = w_.log().size();
  for (const auto& [debits, amount] : {std::pair{1, 99}, std::pair{2, 100}, std::pair{0, 0}}) {
    const auto told = reconcile("z", debits, amount);
    EXPECT_FALSE(told.in_balance());
    EXPECT_EQ(told.debit_amount(), 100);
  }
  EXPECT_EQ(w_.log().size(), entries);
  EXPECT_TRUE(reconcile("z", 1, 100).in_balance()) << "the same key, with what is right";
}

// The answer may have got lost: a repeat must not find the next totals out of balance.
TEST_F(TerminalTotals, OfAReconciliationThatComesAgainAreInBalanceAgain) {
  pay("a", 100);
  reconcile("z", 1, 100);
  pay("b", 250);
  EXPECT_TRUE(reconcile("z", 1, 100).in_balance());
  EXPECT_EQ(totals().debits(), 1u);
}

TEST_F(TerminalTotals, AreInBalanceWhetherOrNotTheTerminalCountsWhatItTookBack) {
  pay("a", 100);
  pay("b", 250);
  w_.run(reverse_payment("r", "a"));
  EXPECT_TRUE(reconcile("z", 1, 250).in_balance());
}

TEST_F(TerminalTotals, OfATerminalWithCreditsAreOutOfBalance) {
  auto command = reconcile_terminal("z", 0, 0);
  command.mutable_reconcile_terminal()->set_credits(1);
  EXPECT_FALSE(w_.run(command).terminal_totals().in_balance());
}

// Offline: nobody is asked, it has happened.
TEST_F(TerminalTotals, CountAnAdviceWhichIsCapturedAtOnce) {
  const auto done = w_.run(record_advice("a", 100)).payment();
  EXPECT_EQ(done.state(), v1::Payment::CAPTURED);
  EXPECT_EQ(done.attempts_size(), 0);
  EXPECT_EQ(w_.account("shop").balance(), 100);
  EXPECT_EQ(totals().debit_amount(), 100);
  EXPECT_TRUE(w_.run(record_advice("a", 100)).replayed());
  EXPECT_EQ(w_.account("shop").balance(), 100);
}

TEST_F(TerminalTotals, DoNotCountAnAdviceOfAnAuthorisationWhichIsHeld) {
  EXPECT_EQ(w_.run(record_advice("a", 100, true)).payment().state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(w_.account("world").debits_pending(), 100);
  EXPECT_EQ(totals().debits(), 0u);
  EXPECT_EQ(w_.run(reverse_payment("r", "a")).payment().state(), v1::Payment::VOIDED);
  EXPECT_EQ(w_.account("world").debits_pending(), 0);
}

TEST_F(TerminalTotals, HaveNoAdviceThatTheLedgerRefuses) {
  auto command = record_advice("a", 999'999);
  command.mutable_record_advice()->mutable_payment()->set_from("alice");
  EXPECT_EQ(w_.run(command).payment().state(), v1::Payment::DECLINED);
  EXPECT_EQ(totals().debits(), 0u);
}

TEST_F(TerminalTotals, AnAdviceThatWasTakenBackMovesNoMoney) {
  w_.run(record_advice("a", 100));
  EXPECT_EQ(w_.run(reverse_payment("r", "a")).payment().state(), v1::Payment::REVERSED);
  EXPECT_EQ(w_.account("shop").balance(), 0);
  EXPECT_TRUE(reconcile("z", 0, 0).in_balance());
}

TEST_F(TerminalTotals, AreOfATerminalWithAPrintableName) {
  for (const std::string& bad : {std::string(17, 'T'), std::string("T\n")})
    EXPECT_EQ(w_.run(create_terminal_payment("k", 1, false, bad)).error().code(),
              "terminal_invalid");
}

} // namespace
} // namespace ducat::payment::test
