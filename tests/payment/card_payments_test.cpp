/// Card payments: what an acquirer's answer, or its absence, does to the payment and to the money.

#include "payment_world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using ::testing::ElementsAre;
using heard = v1::ResolveAttempt;

class CardPayments : public ::testing::Test {
protected:
  CardPayments() { w_.run(create_card_payment("k", 2'500, true)); }

  v1::Payment send(const std::string& link = "acme") {
    return w_.run(send_attempt(id_, link)).payment();
  }

  v1::Payment resolve(v1::ResolveAttempt::Event event, std::int64_t amount = 0,
                      std::uint32_t attempt = 1) {
    return w_.run(resolve_attempt(id_, event, amount, attempt)).payment();
  }

  v1::Payment rerouted(v1::ResolveAttempt::Event event, std::uint32_t attempt = 1) {
    auto command = resolve_attempt(id_, event, 0, attempt);
    command.mutable_resolve_attempt()->set_may_reroute(true);
    return w_.run(command).payment();
  }

  v1::Payment now() const { return w_.payment(id_); }

  std::int64_t held() const { return w_.account("world").debits_pending(); }

  std::int64_t moved() const { return w_.account("shop").balance(); }

  std::size_t open_attempts(const std::string& link = "") const {
    v1::Question question;
    question.mutable_open_attempts()->set_link(link);
    return static_cast<std::size_t>(w_.ask(question).open_attempts().data_size());
  }

  bool is_balanced() const {
    v1::Question question;
    question.mutable_summary();
    const v1::Outcome told = w_.ask(question);
    const auto& totals = told.summary().totals();
    return std::ranges::all_of(totals, &v1::LedgerTotals::in_balance);
  }

  std::vector<std::string> timeline() const {
    std::vector<std::string> all;
    const v1::Payment payment = now();
    for (const v1::PaymentEvent& each : payment.timeline())
      all.push_back(each.what());
    return all;
  }

  world w_;
  const std::string id_ = payment_id_of("k");
};

// R1: what must be remembered before a byte leaves is committed before it leaves.
TEST_F(CardPayments, HoldTheAmountAndHaveTheirNumbersBeforeTheyAreSent) {
  const auto sent = send();
  EXPECT_EQ(sent.state(), v1::Payment::AUTHORIZING);
  ASSERT_EQ(sent.attempts_size(), 1);
  EXPECT_EQ(sent.attempts(0).state(), v1::Attempt::SENT);
  EXPECT_EQ(sent.attempts(0).stan(), 1u);
  EXPECT_EQ(sent.attempts(0).rrn(), "000000000001");
  EXPECT_EQ(held(), 2'500);
  EXPECT_EQ(open_attempts("acme"), 1u);
  EXPECT_EQ(open_attempts("other"), 0u);
}

TEST_F(CardPayments, AreSentOnceHoweverOftenThatIsAsked) {
  send();
  EXPECT_EQ(send("other").attempts_size(), 1);
  EXPECT_EQ(held(), 2'500);
}

// Whoever does not know that it was done asks once more, when the acquirer has declined it since.
TEST_F(CardPayments, AreNotSentAgainByWhatAskedForTheAttemptBefore) {
  auto command = send_attempt(id_, "acme");
  command.mutable_send_attempt()->set_attempt(1);
  w_.run(command);
  rerouted(heard::DECLINED);
  EXPECT_TRUE(w_.run(command).replayed());
  EXPECT_EQ(now().attempts_size(), 1);
  command.mutable_send_attempt()->set_attempt(2);
  EXPECT_EQ(w_.run(command).payment().attempts_size(), 2);
}

TEST_F(CardPayments, AreDeclinedWithoutBeingSentIfTheAmountCannotBeHeld) {
  auto command = create_payment("poor", "alice", "shop", 999'999, true);
  command.mutable_create_payment()->set_card("411111******1111");
  const std::string id = w_.run(command).payment().id();
  const auto declined = w_.run(send_attempt(id)).payment();
  EXPECT_EQ(declined.state(), v1::Payment::DECLINED);
  EXPECT_EQ(declined.attempts_size(), 0);
  EXPECT_EQ(declined.decline_code(), "exceeds_credits");
}

TEST_F(CardPayments, AreAuthorisedByAnApprovalAndThenCaptured) {
  send();
  EXPECT_EQ(resolve(heard::APPROVED, 2'500).state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(open_attempts(), 0u);
  EXPECT_EQ(w_.capture(id_, "c").payment().captured(), 2'500);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(moved(), 2'500);
}

TEST_F(CardPayments, AreAuthorisedForLessByAPartialApproval) {
  send();
  EXPECT_EQ(resolve(heard::PARTIALLY_APPROVED, 1'000).state(), v1::Payment::PARTIALLY_AUTHORIZED);
  EXPECT_EQ(held(), 1'000);
  EXPECT_EQ(w_.capture(id_, "c", 1'001).error().code(), "amount_exceeds_authorized");
  EXPECT_EQ(w_.capture(id_, "d").payment().captured(), 1'000);
  EXPECT_EQ(moved(), 1'000);
  EXPECT_TRUE(is_balanced());
}

// Whatever it calls itself: an approval of another amount is none of this payment.
TEST_F(CardPayments, AreReversedIfMoreIsApprovedThanWasAskedFor) {
  send();
  EXPECT_EQ(resolve(heard::APPROVED, 9'999).state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_EQ(held(), 2'500);
}

TEST_F(CardPayments, ReleaseTheAmountWhenTheyAreDeclined) {
  send();
  EXPECT_EQ(resolve(heard::DECLINED).state(), v1::Payment::DECLINED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(open_attempts(), 0u);
}

TEST_F(CardPayments, FailWhenTheyWereProvenNotSent) {
  send();
  EXPECT_EQ(resolve(heard::NOT_SENT).state(), v1::Payment::FAILED);
  EXPECT_EQ(held(), 0);
}

// R3: a second route only after a definite decline, proven not sent, or an accepted reversal.
TEST_F(CardPayments, HaveAnotherAttemptOnlyWhenTheOneBeforeCameToNothing) {
  send();
  rerouted(heard::IN_DOUBT);
  EXPECT_EQ(send("other").attempts_size(), 1) << "it is in doubt";
  rerouted(heard::REVERSAL_ACCEPTED);
  EXPECT_EQ(send("other").attempts_size(), 2);
  rerouted(heard::DECLINED, 2);
  EXPECT_EQ(send("third").attempts_size(), 3);
  rerouted(heard::NOT_SENT, 3);
  EXPECT_EQ(send("acme").attempts_size(), 4);
  resolve(heard::APPROVED, 2'500, 4);
  EXPECT_EQ(send("other").attempts_size(), 4) << "it is approved";
  EXPECT_EQ(held(), 2'500);
  EXPECT_TRUE(is_balanced());
}

// Two links may lead to one acquirer: what a terminal sends has one number, whatever the link.
TEST_F(CardPayments, GiveNoTwoAttemptsTheSameNumber) {
  send();
  rerouted(heard::NOT_SENT);
  EXPECT_EQ(send("other").attempts(1).stan(), 2u);
  rerouted(heard::NOT_SENT, 2);
  const auto third = send();
  EXPECT_EQ(third.attempts(2).stan(), 3u);
  EXPECT_EQ(third.attempts(2).rrn(), "000000000003");
}

TEST_F(CardPayments, HaveOnlySoManyAttempts) {
  for (std::uint32_t i = 1; i <= attempts_max; ++i) {
    send();
    rerouted(heard::NOT_SENT, i);
  }
  EXPECT_EQ(w_.run(send_attempt(id_)).error().code(), "attempts_exhausted");
}

// R2: time alone never makes it paid or not paid.
TEST_F(CardPayments, AreInDoubtWhenNoAnswerComesInTimeAndHoldTheAmountUntilTheReversalIsAccepted) {
  send();
  w_.let_pass(29s);
  EXPECT_EQ(now().state(), v1::Payment::AUTHORIZING);
  w_.let_pass(2s);
  EXPECT_EQ(now().state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_EQ(held(), 2'500);
  EXPECT_EQ(open_attempts("acme"), 1u);
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(moved(), 0);
  EXPECT_EQ(open_attempts(), 0u);
}

TEST_F(CardPayments, InDoubtAreNotPaidByALateApproval) {
  send();
  resolve(heard::IN_DOUBT);
  const auto late = resolve(heard::APPROVED, 2'500);
  EXPECT_EQ(late.state(), v1::Payment::IN_DOUBT);
  EXPECT_TRUE(late.attempts(0).late_approval());
  const v1::Error refused = w_.capture(id_, "c").error();
  EXPECT_EQ(refused.code(), "payment_in_doubt");
  EXPECT_EQ(refused.retry(), v1::Error::AFTER_REVERSAL);
  EXPECT_EQ(w_.cancel(id_, "v").error().code(), "payment_in_doubt");
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
}

TEST_F(CardPayments, NobodyReversesGoIntoSuspenseWhereTheAmountStaysHeld) {
  send();
  resolve(heard::IN_DOUBT);
  w_.let_pass(25h);
  EXPECT_EQ(now().state(), v1::Payment::EXCEPTION);
  EXPECT_EQ(held(), 2'500);
  EXPECT_EQ(w_.account("shop").credits_pending(), 0);
  EXPECT_EQ(open_attempts(), 1u) << "the reversal is owed still";
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
  EXPECT_TRUE(is_balanced());
}

TEST_F(CardPayments, VoidedAfterAnApprovalFreeTheAmountAtOnceAndOweAReversal) {
  send();
  resolve(heard::APPROVED, 2'500);
  EXPECT_EQ(w_.cancel(id_, "v").payment().state(), v1::Payment::VOIDED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(open_attempts(), 1u);
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::VOIDED);
  EXPECT_EQ(open_attempts(), 0u);
}

TEST_F(CardPayments, ExpireWhenNobodyCapturesThemAndOweAReversal) {
  send();
  resolve(heard::APPROVED, 2'500);
  w_.let_pass(8 * 24h);
  EXPECT_EQ(now().state(), v1::Payment::EXPIRED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(open_attempts(), 1u);
}

TEST_F(CardPayments, ExpireWhenTheyAreNeverSent) {
  w_.let_pass(25h);
  EXPECT_EQ(now().state(), v1::Payment::EXPIRED);
  EXPECT_EQ(send().attempts_size(), 0);
}

TEST_F(CardPayments, CapturedDoNotExpire) {
  send();
  resolve(heard::APPROVED, 2'500);
  w_.capture(id_, "c");
  w_.let_pass(30 * 24h);
  EXPECT_EQ(now().state(), v1::Payment::CAPTURED);
}

// R5: a deadline is an instant of the log: before it nothing is written.
TEST_F(CardPayments, LeaveNoTraceInTheLogWhileNothingIsDue) {
  send();
  const auto entries = w_.log().size();
  EXPECT_TRUE(w_.let_pass(1s).replayed());
  EXPECT_EQ(w_.log().size(), entries);
}

// The clock of whoever asks is not the log's.
TEST_F(CardPayments, AreNotInDoubtBecauseSomebodysClockIsAhead) {
  send();
  w_.run(pass_time(~std::uint64_t{0}));
  EXPECT_EQ(now().state(), v1::Payment::AUTHORIZING);
}

TEST_F(CardPayments, SayTheSameToARetryWhileNobodyKnows) {
  send();
  resolve(heard::IN_DOUBT);
  EXPECT_EQ(w_.run(create_card_payment("k", 2'500, true)).payment().state(), v1::Payment::IN_DOUBT);
  resolve(heard::REVERSAL_ACCEPTED);
  EXPECT_EQ(w_.run(create_card_payment("k", 2'500, true)).payment().state(), v1::Payment::REVERSED);
}

// What only the machine finds by itself would take a captured payment back at the acquirer.
TEST_F(CardPayments, RefuseToBeCancelledOrGivenUpFromOutside) {
  send();
  resolve(heard::APPROVED, 2'500);
  w_.capture(id_, "c");
  for (const auto what : {heard::CANCELLED, heard::REVERSAL_EXHAUSTED, heard::DECIDED_TAKEN_BACK,
                          heard::DECIDED_WAS_PAID})
    EXPECT_EQ(w_.run(resolve_attempt(id_, what)).error().code(), "command_malformed");
}

// The entry that a frozen answer names does not move when its attempt goes on.
TEST_F(CardPayments, AnswerARetryWithTheEntryOfThatTime) {
  send();
  const auto index = w_.run(resolve_attempt(id_, heard::APPROVED, 2'500)).index();
  w_.cancel(id_, "v");
  resolve(heard::REVERSAL_ACCEPTED);
  EXPECT_EQ(w_.run(create_card_payment("k", 2'500, true)).index(), index);
}

TEST_F(CardPayments, TellWhatHappenedToThem) {
  auto command = send_attempt(id_);
  command.set_by("node1/payments/w1#3");
  w_.run(command);
  w_.let_pass(31s);
  resolve(heard::APPROVED, 2'500);
  resolve(heard::REVERSAL_ACCEPTED);
  EXPECT_THAT(timeline(),
              ElementsAre("created", "sent", "in_doubt", "late_approval", "reversal_accepted"));
  EXPECT_EQ(now().timeline(1).by(), "node1/payments/w1#3");
  EXPECT_EQ(now().timeline(1).attempt(), 1u);
  EXPECT_EQ(now().timeline(2).detail(), "no answer in time");
  EXPECT_LT(now().timeline(2).index(), now().timeline(4).index());
}

TEST_F(CardPayments, ShowNoMoreOfTheCardThanItsFirstSixAndLastFourDigits) {
  for (const char* card : {"4111111111111111", "41111********111", "411111*****1111x", "4111"}) {
    auto command = create_payment("bad", "world", "shop", 1);
    command.mutable_create_payment()->set_card(card);
    EXPECT_EQ(w_.run(command).error().code(), "card_invalid") << card;
  }
}

TEST_F(CardPayments, RefuseWhatIsNoAttemptOfTheirs) {
  EXPECT_EQ(w_.run(resolve_attempt(id_, heard::DECLINED)).error().code(), "attempt_not_found");
  EXPECT_EQ(w_.run(send_attempt("pay_0")).error().code(), "payment_not_found");
  EXPECT_EQ(w_.run(send_attempt(id_, "")).error().code(), "link_invalid");
  EXPECT_EQ(w_.run(send_attempt(id_, "acme", 0)).error().code(), "timeout_invalid");
  EXPECT_EQ(w_.run(send_attempt(payment_id_of("fund-alice"))).error().code(),
            "payment_not_by_card");
}

// One entry, one wait for the disk less; and nobody is left with an approval that nobody captures.
TEST(CapturedAtOnce, AnApprovalInFullIsCapturedInTheSameEntryIfThatIsAskedFor) {
  for (const bool is_manual : {false, true})
    for (const std::int64_t approved : {100, 60}) {
      world w;
      const std::string id = w.run(create_card_payment("k", 100, is_manual)).payment().id();
      w.run(send_attempt(id));
      auto resolve = resolve_attempt(id, v1::ResolveAttempt::APPROVED, approved);
      resolve.mutable_resolve_attempt()->set_then_capture(true);
      const auto told = w.run(resolve).payment();
      const bool is_captured = !is_manual && approved == 100;
      EXPECT_EQ(told.captured(), is_captured ? 100 : 0);
      EXPECT_EQ(told.state(), is_captured      ? v1::Payment::CAPTURED
                              : approved == 60 ? v1::Payment::PARTIALLY_AUTHORIZED
                                               : v1::Payment::AUTHORIZED);
      EXPECT_EQ(w.account("shop").balance(), told.captured());
    }
}

} // namespace
} // namespace ducat::payment::test
