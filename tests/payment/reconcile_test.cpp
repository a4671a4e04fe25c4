/// Totals with an acquirer: what counts, and when both sides say the same.

#include "payment_world.hpp"

#include <ducat/payment/acquirer_totals.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using told = v1::ReconcileAcquirer;

// Pure ------------------------------------------------------------------------------------------

const acquirer_totals three_and_one_reversed{.debits = {3, 300}, .debit_reversals = {1, 100}};

TEST(AcquirerTotals, AgreeIfTheyAreTheSame) {
  EXPECT_TRUE(agree(three_and_one_reversed, three_and_one_reversed, {}));
}

// Nobody knows whether a payment arrived that was reversed without an answer.
TEST(AcquirerTotals, AgreeWithoutAPaymentThatWasReversedBeforeAnybodyKnewOfIt) {
  const acquirer_totals without{.debits = {2, 200}};
  EXPECT_TRUE(agree(three_and_one_reversed, without, {1, 100}));
  EXPECT_FALSE(agree(three_and_one_reversed, without, {})) << "the acquirer had approved it";
  EXPECT_FALSE(agree(three_and_one_reversed, without, {1, 99}));
}

TEST(AcquirerTotals, DifferInAnythingElse) {
  const tally many{10, 1'000};
  acquirer_totals theirs = three_and_one_reversed;
  theirs.debits = {2, 200};
  EXPECT_FALSE(agree(three_and_one_reversed, theirs, many)) << "it misses a payment";
  theirs.debits = {4, 400};
  EXPECT_FALSE(agree(three_and_one_reversed, theirs, many)) << "it has one more";
  theirs = three_and_one_reversed;
  theirs.credits = {1, 50};
  EXPECT_FALSE(agree(three_and_one_reversed, theirs, many)) << "it has a refund more";
}

TEST(Reconciliation, ClosesWhenTheAcquirerSaysSoWhateverHasHappenedSince) {
  acquirer_account account{.totals = three_and_one_reversed};
  EXPECT_EQ(judge(account, {.is_in_balance = true, .was_quiet = false}),
            reconciliation_verdict::close);
}

TEST(Reconciliation, IsInterruptedIfSomethingWasMovedMeanwhile) {
  acquirer_account account{.totals = three_and_one_reversed};
  account.newest.counted = {.debits = {2, 200}, .debit_reversals = {1, 100}};
  EXPECT_EQ(judge(account, {.theirs = {}}), reconciliation_verdict::interrupt);
  account.newest.counted = account.totals;
  EXPECT_EQ(judge(account, {.theirs = {}, .was_quiet = false}), reconciliation_verdict::interrupt);
}

TEST(Reconciliation, IsToldOnceMoreWithTheirTotalsAndNotForEver) {
  acquirer_account account{.totals = three_and_one_reversed};
  account.newest.counted = account.newest.told = account.totals;
  account.newest.counted_uncertain = {1, 100};
  const acquirer_totals without{.debits = {2, 200}};
  EXPECT_EQ(judge(account, {.theirs = without}), reconciliation_verdict::tell_them);
  account.newest.told = without;
  EXPECT_EQ(judge(account, {.theirs = without}), reconciliation_verdict::differ)
      << "the acquirer finds its own totals wrong";
}

// In the machine --------------------------------------------------------------------------------

class Totals : public ::testing::Test {
protected:
  std::string send(const std::string& key, v1::SendAttempt::Asked asked, std::int64_t amount) {
    const std::string id = payment_id_of(key);
    w_.run(create_card_payment(key, amount, true));
    w_.run(send_attempt(id, "acme", 30'000, asked));
    return id;
  }

  std::string authorize(const std::string& key, v1::SendAttempt::Asked asked,
                        std::int64_t amount = 100) {
    const std::string id = send(key, asked, amount);
    w_.run(resolve_attempt(id, v1::ResolveAttempt::APPROVED, amount));
    return id;
  }

  std::string reverse(const std::string& key, std::int64_t amount = 100) {
    const std::string id = send(key, v1::SendAttempt::FINANCIAL, amount);
    w_.run(resolve_attempt(id, v1::ResolveAttempt::IN_DOUBT));
    w_.run(resolve_attempt(id, v1::ResolveAttempt::REVERSAL_ACCEPTED));
    return id;
  }

  v1::Acquirer acme() const {
    v1::Question question;
    question.mutable_acquirers();
    const v1::Outcome outcome = w_.ask(question);
    return outcome.acquirers().data_size() == 0 ? v1::Acquirer{} : outcome.acquirers().data(0);
  }

  /// "debits reversed credits", each as count/amount.
  std::string totals() const {
    const v1::AcquirerTotals of = acme().totals();
    const auto text = [](const v1::Tally& each) {
      return std::to_string(each.count()) + "/" + std::to_string(each.amount());
    };
    return text(of.debits()) + " " + text(of.debit_reversals()) + " " + text(of.credits());
  }

  v1::Acquirer tell(told::Event event, const v1::AcquirerTotals& theirs = {}) {
    return w_.run(reconcile(event, acme().number(), theirs)).acquirers().data(0);
  }

  world w_;
};

TEST_F(Totals, CountAPaymentThatTheAcquirerCapturedWhenItIsApproved) {
  authorize("k", v1::SendAttempt::FINANCIAL);
  EXPECT_EQ(totals(), "1/100 0/0 0/0");
}

TEST_F(Totals, CountAnAuthorisationWhenItsCaptureIsAcknowledged) {
  const std::string id = authorize("k", v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c", 60);
  EXPECT_EQ(acme().totals().debits().count(), 0u);
  w_.run(resolve_advice(id, 1, v1::ResolveAdvice::ACKNOWLEDGED));
  EXPECT_EQ(totals(), "1/60 0/0 0/0");
  w_.run(resolve_advice(id, 1, v1::ResolveAdvice::ACKNOWLEDGED));
  EXPECT_EQ(totals(), "1/60 0/0 0/0");
}

TEST_F(Totals, CountARefundWhenItIsAcknowledged) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c");
  w_.refund(id, "r", 30);
  EXPECT_EQ(totals(), "1/100 0/0 0/0");
  w_.run(resolve_advice(id, 1, v1::ResolveAdvice::ACKNOWLEDGED));
  EXPECT_EQ(totals(), "1/100 0/0 1/30");
}

TEST_F(Totals, CountWhatWasReversedOnBothSides) {
  reverse("k");
  EXPECT_EQ(totals(), "1/100 1/100 0/0");
}

TEST_F(Totals, CountAVoidedPaymentOnce) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  w_.cancel(id, "v");
  w_.run(resolve_attempt(id, v1::ResolveAttempt::REVERSAL_ACCEPTED));
  EXPECT_EQ(totals(), "1/100 1/100 0/0");
}

TEST_F(Totals, CountNothingOfDeclinesAndAuthorisations) {
  w_.run(resolve_attempt(send("d", v1::SendAttempt::FINANCIAL, 100), v1::ResolveAttempt::DECLINED));
  const std::string id = authorize("k", v1::SendAttempt::AUTHORIZATION);
  w_.cancel(id, "v");
  w_.run(resolve_attempt(id, v1::ResolveAttempt::REVERSAL_ACCEPTED));
  EXPECT_EQ(acme().link(), "");
}

TEST_F(Totals, CountAPaymentOfWhichSomebodySaysThatItWasPaid) {
  const std::string id = send("k", v1::SendAttempt::FINANCIAL, 100);
  w_.let_pass(25h);
  w_.let_pass(25h);
  w_.run(decide_payment(id, "d", v1::DecidePayment::WAS_PAID));
  EXPECT_EQ(totals(), "1/100 0/0 0/0");
}

TEST_F(Totals, BeginAgainWithWhatHasComeSinceAPeriodWasClosed) {
  authorize("k1", v1::SendAttempt::FINANCIAL);
  const v1::Acquirer begun = tell(told::BEGUN);
  EXPECT_EQ(begun.state(), v1::Acquirer::BEGUN);
  EXPECT_EQ(begun.stan(), 2u) << "as of an attempt";
  EXPECT_EQ(begun.ours().debits().amount(), 100);
  authorize("k2", v1::SendAttempt::FINANCIAL, 70);
  EXPECT_EQ(tell(told::IN_BALANCE).state(), v1::Acquirer::IN_BALANCE);
  EXPECT_EQ(totals(), "1/70 0/0 0/0");
  EXPECT_EQ(acme().periods(), 1u);
}

TEST_F(Totals, AreNotComparedWhileSomethingIsOpenOrOwed) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  const auto code = [&] { return w_.run(reconcile(told::BEGUN)).error().code(); };
  const std::string open = send("k2", v1::SendAttempt::FINANCIAL, 1);
  EXPECT_EQ(code(), "acquirer_not_quiet");
  w_.run(resolve_attempt(open, v1::ResolveAttempt::DECLINED));
  w_.capture(id, "c", 60);
  EXPECT_EQ(code(), "acquirer_not_quiet");
  w_.run(resolve_advice(id, 1, v1::ResolveAdvice::EXHAUSTED));
  EXPECT_EQ(code(), "acquirer_not_quiet") << "somebody has to decide first";
  w_.run(resolve_advice(id, 1, v1::ResolveAdvice::SETTLED, "by telephone"));
  EXPECT_EQ(code(), "");
}

TEST_F(Totals, AreComparedOneAtATime) {
  authorize("k", v1::SendAttempt::FINANCIAL);
  tell(told::BEGUN);
  EXPECT_TRUE(w_.run(reconcile(told::BEGUN)).replayed());
  EXPECT_TRUE(w_.run(reconcile(told::IN_BALANCE, 99)).replayed()) << "that was another one";
  EXPECT_EQ(acme().state(), v1::Acquirer::BEGUN);
  tell(told::IN_BALANCE);
  EXPECT_TRUE(w_.run(reconcile(told::IN_BALANCE, acme().number())).replayed());
  EXPECT_EQ(acme().periods(), 1u);
}

TEST_F(Totals, OutOfBalanceAreAnExceptionUntilTheyAreInBalance) {
  authorize("k", v1::SendAttempt::FINANCIAL);
  tell(told::BEGUN);
  v1::AcquirerTotals theirs;
  theirs.mutable_debits()->set_count(2);
  theirs.mutable_debits()->set_amount(150);
  EXPECT_EQ(tell(told::OUT_OF_BALANCE, theirs).state(), v1::Acquirer::OUT_OF_BALANCE);
  EXPECT_EQ(acme().theirs().debits().amount(), 150);
  v1::Question question;
  question.mutable_exceptions();
  ASSERT_EQ(w_.ask(question).exceptions().data_size(), 1);
  EXPECT_EQ(w_.ask(question).exceptions().data(0).kind(), v1::Exception::RECONCILIATION);
  EXPECT_EQ(totals(), "1/100 0/0 0/0") << "the period goes on";
  tell(told::BEGUN);
  tell(told::IN_BALANCE);
  EXPECT_EQ(w_.ask(question).exceptions().data_size(), 0);
}

TEST_F(Totals, AreToldOnceMoreAsTheAcquirerHasThemIfOnlyReversedOnesDiffer) {
  authorize("k", v1::SendAttempt::FINANCIAL);
  reverse("k2");
  const auto first = tell(told::BEGUN).number();
  v1::AcquirerTotals theirs;
  theirs.mutable_debits()->set_count(1);
  theirs.mutable_debits()->set_amount(100);
  const v1::Acquirer again = tell(told::OUT_OF_BALANCE, theirs);
  EXPECT_EQ(again.state(), v1::Acquirer::BEGUN);
  EXPECT_GT(again.number(), first);
  EXPECT_EQ(again.ours().debits().count(), 1u);
  tell(told::IN_BALANCE);
  EXPECT_EQ(totals(), "0/0 0/0 0/0");
}

TEST_F(Totals, RefuseAnAcquirerWithWhichNothingWasMoved) {
  EXPECT_EQ(w_.run(reconcile(told::BEGUN)).error().code(), "acquirer_not_found");
  authorize("k", v1::SendAttempt::FINANCIAL);
  EXPECT_EQ(w_.run(reconcile(told::BEGUN, 0, {}, "other")).error().code(), "acquirer_not_found");
  EXPECT_EQ(w_.run(reconcile(told::UNSPECIFIED)).error().code(), "command_malformed");
}

} // namespace
} // namespace ducat::payment::test
