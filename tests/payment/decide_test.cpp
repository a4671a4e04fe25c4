/// A payment that nobody reverses in time: somebody says what became of it.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using decision = v1::DecidePayment;

class Exceptions : public ::testing::Test {
protected:
  void make(v1::SendAttempt::Asked asked) {
    w_.run(create_card_payment("k", 2'500));
    w_.run(send_attempt(id_, "acme", 30'000, asked));
    w_.run(resolve_attempt(id_, v1::ResolveAttempt::IN_DOUBT));
    w_.let_pass(25h);
  }

  v1::Outcome decide(decision::Decision what, const std::string& key = "d",
                     const std::string& reason = "asked the bank") {
    auto command = decide_payment(id_, key, what, reason);
    command.set_by("carla");
    return w_.run(command);
  }

  int listed() const {
    v1::Question question;
    question.mutable_exceptions();
    return w_.ask(question).exceptions().data_size();
  }

  int open() const {
    v1::Question question;
    question.mutable_open_attempts();
    return w_.ask(question).open_attempts().data_size();
  }

  world w_;
  const std::string id_ = payment_id_of("k");
};

TEST_F(Exceptions, AreListedUntilSomebodyDecides) {
  make(v1::SendAttempt::FINANCIAL);
  EXPECT_EQ(w_.payment(id_).state(), v1::Payment::EXCEPTION);
  EXPECT_EQ(listed(), 1);
  decide(decision::TAKEN_BACK);
  EXPECT_EQ(listed(), 0);
}

TEST_F(Exceptions, ThatWereTakenBackReleaseTheAmount) {
  make(v1::SendAttempt::FINANCIAL);
  const auto done = decide(decision::TAKEN_BACK).payment();
  EXPECT_EQ(done.state(), v1::Payment::REVERSED);
  EXPECT_EQ(done.attempts(0).state(), v1::Attempt::REVERSED);
  EXPECT_EQ(w_.account("world").debits_pending(), 0);
  EXPECT_EQ(w_.account("shop").balance(), 0);
  EXPECT_EQ(open(), 0) << "nobody asks for the reversal any more";
}

TEST_F(Exceptions, ThatWerePaidGoToThePayee) {
  make(v1::SendAttempt::FINANCIAL);
  const auto done = decide(decision::WAS_PAID).payment();
  EXPECT_EQ(done.state(), v1::Payment::CAPTURED);
  EXPECT_EQ(done.captured(), 2'500);
  EXPECT_EQ(done.attempts(0).state(), v1::Attempt::APPROVED);
  EXPECT_EQ(w_.account("world").debits_pending(), 0);
  EXPECT_EQ(w_.account("shop").balance(), 2'500);
  EXPECT_EQ(open(), 0);
  EXPECT_EQ(done.advices_size(), 0);
  EXPECT_EQ(w_.refund(id_, "r").payment().refunded(), 2'500);
}

// The acquirer has only authorised it: it is to know of the capture.
TEST_F(Exceptions, ThatWerePaidOweTheCaptureOfAnAuthorisation) {
  make(v1::SendAttempt::AUTHORIZATION);
  ASSERT_EQ(decide(decision::WAS_PAID).payment().advices_size(), 1);
  EXPECT_EQ(w_.payment(id_).advices(0).kind(), v1::Advice::CAPTURE);
}

TEST_F(Exceptions, RememberWhoDecidedAndWhy) {
  make(v1::SendAttempt::FINANCIAL);
  decide(decision::WAS_PAID);
  const auto payment = w_.payment(id_);
  const v1::PaymentEvent& last = *payment.timeline().rbegin();
  EXPECT_EQ(last.what(), "decided_was_paid");
  EXPECT_EQ(last.by(), "carla");
  EXPECT_EQ(last.detail(), "asked the bank");
}

TEST_F(Exceptions, AreDecidedOnceAndARetryIsAnsweredTheSame) {
  make(v1::SendAttempt::FINANCIAL);
  decide(decision::TAKEN_BACK);
  EXPECT_TRUE(decide(decision::TAKEN_BACK).replayed());
  EXPECT_EQ(decide(decision::WAS_PAID).error().code(), "idempotency_key_reused");
  EXPECT_EQ(decide(decision::WAS_PAID, "d2").error().code(), "payment_not_in_exception");
  EXPECT_EQ(w_.account("shop").balance(), 0);
}

// R2: nobody decides about what may still be reversed or approved.
TEST_F(Exceptions, AreTheOnlyPaymentsThatSomebodyDecidesAbout) {
  w_.run(create_card_payment("k", 2'500));
  EXPECT_EQ(decide(decision::WAS_PAID).error().code(), "payment_not_in_exception");
  w_.run(send_attempt(id_));
  w_.run(resolve_attempt(id_, v1::ResolveAttempt::IN_DOUBT));
  EXPECT_EQ(decide(decision::TAKEN_BACK).error().code(), "payment_not_in_exception");
}

TEST_F(Exceptions, NeedAKnownDecisionAndAReason) {
  make(v1::SendAttempt::FINANCIAL);
  EXPECT_EQ(decide(decision::UNSPECIFIED).error().code(), "decision_unknown");
  EXPECT_EQ(decide(decision::TAKEN_BACK, "d", "").error().code(), "reason_invalid");
  EXPECT_EQ(decide(decision::TAKEN_BACK, "d", std::string(256, 'x')).error().code(),
            "reason_invalid");
  EXPECT_EQ(decide(decision::TAKEN_BACK, "").error().code(), "idempotency_key_missing");
}

// A reversal was on its way when somebody decided: the money stays where it is, and all can see it.
TEST_F(Exceptions, ThatWerePaidSayWhenTheAcquirerTakesThemBackAfterAll) {
  make(v1::SendAttempt::FINANCIAL);
  decide(decision::WAS_PAID);
  w_.run(resolve_attempt(id_, v1::ResolveAttempt::REVERSAL_ACCEPTED));
  const auto payment = w_.payment(id_);
  EXPECT_EQ(payment.timeline().rbegin()->what(), "late_reversal");
  EXPECT_EQ(payment.state(), v1::Payment::CAPTURED);
  EXPECT_TRUE(w_.run(resolve_attempt(id_, v1::ResolveAttempt::REVERSAL_ACCEPTED)).replayed());
}

TEST_F(Exceptions, ThatTheAcquirerReversesBeforeSomebodyDecidesAreReversed) {
  make(v1::SendAttempt::FINANCIAL);
  w_.run(resolve_attempt(id_, v1::ResolveAttempt::REVERSAL_ACCEPTED));
  EXPECT_EQ(decide(decision::WAS_PAID).error().code(), "payment_not_in_exception");
}

} // namespace
} // namespace ducat::payment::test
