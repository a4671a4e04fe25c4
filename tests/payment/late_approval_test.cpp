/// Approvals that come when nobody waits for them any more: what they do to the attempt, and that
/// they do nothing to the payment and its money.

#include "payment_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using ::testing::ElementsAre;
using heard = v1::ResolveAttempt;

class LateApprovals : public ::testing::Test {
protected:
  LateApprovals() {
    w_.run(create_card_payment("k", 2'500, true));
    w_.run(send_attempt(id_));
  }

  v1::Payment resolve(v1::ResolveAttempt::Event event, std::uint32_t attempt = 1,
                      bool may_reroute = false) {
    auto command = resolve_attempt(id_, event, 0, attempt);
    command.mutable_resolve_attempt()->set_may_reroute(may_reroute);
    return w_.run(command).payment();
  }

  v1::Payment reversed(bool may_reroute = false) {
    resolve(heard::IN_DOUBT);
    return resolve(heard::REVERSAL_ACCEPTED, 1, may_reroute);
  }

  v1::Outcome approve_late(std::int64_t amount = 2'500) {
    return w_.run(late_approval(1, 1, amount));
  }

  v1::Payment now() const { return w_.payment(id_); }

  std::int64_t held() const { return w_.account("world").debits_pending(); }

  int open_attempts() const {
    v1::Question question;
    question.mutable_open_attempts();
    return w_.ask(question).open_attempts().data_size();
  }

  std::uint64_t next_deadline() const {
    v1::Question question;
    question.mutable_open_attempts();
    return w_.ask(question).open_attempts().next_deadline_ns();
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

TEST_F(LateApprovals, OfAnAttemptThatIsBeingReversedAreNotedOnceAndChangeNothing) {
  resolve(heard::IN_DOUBT);
  const auto noted = approve_late();
  EXPECT_EQ(noted.payment().state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(noted.payment().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_TRUE(noted.payment().attempts(0).late_approval());
  EXPECT_EQ(noted.payment().attempts(0).approved_amount(), 2'500);
  EXPECT_FALSE(now().attempts(0).reversed_again());
  EXPECT_TRUE(approve_late().replayed());
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
}

// Whoever has committed it may do so again, not knowing that it was done; since then it was voided.
TEST_F(LateApprovals, AreNoneIfTheSameCameInTime) {
  const auto approval = resolve_attempt(id_, heard::APPROVED, 2'500, 1);
  EXPECT_EQ(w_.run(approval).payment().state(), v1::Payment::AUTHORIZED);
  w_.cancel(id_, "v");
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_TRUE(w_.run(approval).replayed());
  EXPECT_TRUE(approve_late().replayed());
  EXPECT_FALSE(now().attempts(0).late_approval());
  resolve(heard::REVERSAL_ACCEPTED);
  EXPECT_TRUE(w_.run(approval).replayed());
  EXPECT_THAT(timeline(), ElementsAre("created", "sent", "approved", "voided", "cancelled",
                                      "reversal_accepted"));
}

TEST_F(LateApprovals, AreNoneIfTheSameCameInTimeForAnotherAmount) {
  const auto conflict = resolve_attempt(id_, heard::APPROVED, 9'999, 1);
  EXPECT_EQ(w_.run(conflict).payment().state(), v1::Payment::IN_DOUBT);
  EXPECT_TRUE(w_.run(conflict).replayed());
  EXPECT_TRUE(approve_late().replayed());
  EXPECT_FALSE(now().attempts(0).late_approval());
}

// The link told whoever asked that it does not know, or it would not be late.
TEST_F(LateApprovals, OfAnAttemptWithoutAnOutcomeAreADoubtAndNoApproval) {
  EXPECT_EQ(approve_late().payment().state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_EQ(held(), 2'500);
  EXPECT_EQ(w_.capture(id_, "c").error().code(), "payment_in_doubt");
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
}

TEST_F(LateApprovals, AfterTheReversalWasAcceptedOweAnotherAndHoldNothing) {
  reversed();
  const auto late = approve_late();
  EXPECT_EQ(late.payment().state(), v1::Payment::REVERSED);
  EXPECT_EQ(late.payment().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_TRUE(late.payment().attempts(0).reversed_again());
  EXPECT_EQ(open_attempts(), 1);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(w_.capture(id_, "c").error().code(), "payment_not_authorized");
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(open_attempts(), 0);
  EXPECT_EQ(next_deadline(), 0u);
  EXPECT_THAT(timeline(),
              ElementsAre("created", "sent", "in_doubt", "reversal_accepted", "late_approval",
                          "reversed_again", "other_reversal_accepted"));
}

TEST_F(LateApprovals, AreReversedAgainAsOftenAsTheyCome) {
  reversed();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(approve_late().replayed());
    EXPECT_TRUE(approve_late().replayed()) << "it is being reversed";
    resolve(heard::REVERSAL_ACCEPTED);
    EXPECT_EQ(open_attempts(), 0);
  }
}

// Whoever looks for what is open finds it, and the acquirer is asked still.
TEST_F(LateApprovals, NobodyReversesAreAnExceptionOfTheAttemptAfterADay) {
  reversed();
  approve_late();
  w_.let_pass(23h);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSING);
  w_.let_pass(2h);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::EXCEPTION);
  EXPECT_EQ(now().state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(open_attempts(), 1);
  EXPECT_EQ(timeline().back(), "other_reversal_exhausted");
  resolve(heard::REVERSAL_ACCEPTED);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSED);
  EXPECT_EQ(open_attempts(), 0);
}

// R3: two attempts of one payment are never both good at an acquirer.
TEST_F(LateApprovals, KeepAPaymentFromBeingSentAgainUntilTheyAreReversed) {
  reversed(true);
  approve_late();
  EXPECT_EQ(w_.run(send_attempt(id_, "other")).error().code(), "payment_in_doubt");
  EXPECT_EQ(w_.run(give_up_payment(id_, "x")).error().code(), "payment_in_doubt");
  resolve(heard::REVERSAL_ACCEPTED);
  EXPECT_EQ(w_.run(send_attempt(id_, "other")).payment().attempts_size(), 2);
}

TEST_F(LateApprovals, OfAnEarlierAttemptDoNothingToTheOneThatPays) {
  reversed(true);
  w_.run(send_attempt(id_, "other"));
  w_.run(resolve_attempt(id_, heard::APPROVED, 2'500, 2));
  approve_late();
  EXPECT_EQ(now().state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_EQ(now().attempts(1).state(), v1::Attempt::APPROVED);
  EXPECT_EQ(now().timeline().rbegin()->attempt(), 1u);
  EXPECT_EQ(w_.capture(id_, "c").payment().captured(), 2'500);
  EXPECT_EQ(open_attempts(), 1);
  resolve(heard::REVERSAL_ACCEPTED, 1);
  EXPECT_EQ(now().state(), v1::Payment::CAPTURED);
  EXPECT_EQ(open_attempts(), 0);
}

// Both deadlines are of one payment, and each has its own effect.
TEST_F(LateApprovals, LeaveThePaymentItsOwnDeadline) {
  reversed(true);
  approve_late();
  w_.let_pass(25h);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::EXCEPTION);
  EXPECT_EQ(now().state(), v1::Payment::EXPIRED);
}

TEST_F(LateApprovals, OfNothingThatWasSentAreRefused) {
  EXPECT_EQ(w_.run(late_approval(2, 1, 1)).error().code(), "attempt_not_found");
  EXPECT_EQ(w_.run(late_approval(1, 2, 1)).error().code(), "attempt_not_found");
  EXPECT_EQ(w_.run(late_approval(1, 1, 1, "other")).error().code(), "attempt_not_found");
  EXPECT_EQ(w_.run(late_approval(1, 1, -1)).error().code(), "command_malformed");
}

TEST_F(LateApprovals, OfADeclinedOrApprovedAttemptChangeNothing) {
  w_.run(resolve_attempt(id_, heard::APPROVED, 2'500));
  EXPECT_TRUE(approve_late().replayed());
  EXPECT_EQ(now().state(), v1::Payment::AUTHORIZED);
}

} // namespace
} // namespace ducat::payment::test
