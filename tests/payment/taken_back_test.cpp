/// Payments that a terminal takes back, or somebody decides about, when the acquirer is told of
/// them by advices: what the payer has paid in the end is nothing, on both sides.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using heard = v1::ResolveAttempt;

class TakenBack : public ::testing::Test {
protected:
  /// What the acquirer would have captured after all that it is told.
  std::int64_t charged() const {
    const v1::Payment now = w_.payment(id_);
    const v1::Attempt& attempt = *now.attempts().rbegin();
    const bool stands = attempt.state() == v1::Attempt::APPROVED;
    std::int64_t sum =
        stands && attempt.asked() == v1::Attempt::FINANCIAL ? attempt.approved_amount() : 0;
    for (const v1::Advice& each : now.advices())
      sum += each.kind() == v1::Advice::REFUND ? -each.amount() : each.amount();
    return sum;
  }

  void approve(v1::SendAttempt::Asked asked, bool manual) {
    w_.run(create_terminal_payment("k", 1'000, manual));
    w_.run(send_attempt(id_, "acme", 30'000, asked));
    w_.run(resolve_attempt(id_, heard::APPROVED, 1'000));
  }

  void become_an_exception(v1::SendAttempt::Asked asked) {
    w_.run(create_terminal_payment("k", 1'000, false));
    w_.run(send_attempt(id_, "acme", 30'000, asked));
    w_.run(resolve_attempt(id_, heard::IN_DOUBT));
    w_.run(reverse_payment("r", "k"));
    w_.let_pass(25h);
  }

  int exceptions() const {
    v1::Question question;
    question.mutable_exceptions();
    return w_.ask(question).exceptions().data_size();
  }

  std::int64_t shop() const { return w_.account("shop").balance(); }

  world w_;
  const std::string id_ = payment_id_of("k");
};

TEST_F(TakenBack, ACaptureThatIsToldAlreadyIsFollowedByARefundAndNotByAReversal) {
  approve(v1::SendAttempt::AUTHORIZATION, false);
  w_.capture(id_, "");
  EXPECT_EQ(charged(), 1'000);
  const auto done = w_.run(reverse_payment("r", "k")).payment();
  EXPECT_EQ(done.state(), v1::Payment::REVERSED);
  EXPECT_EQ(done.attempts(0).state(), v1::Attempt::APPROVED);
  EXPECT_EQ(charged(), 0);
  EXPECT_EQ(shop(), 0);
}

TEST_F(TakenBack, WhatWasCapturedForLessIsRefundedOnce) {
  approve(v1::SendAttempt::FINANCIAL, true);
  w_.run(capture_payment(id_, "c", 600));
  EXPECT_EQ(charged(), 600);
  w_.run(reverse_payment("r", "k"));
  EXPECT_EQ(charged(), 0);
  EXPECT_EQ(shop(), 0);
}

TEST_F(TakenBack, WhatTheAcquirerHasCapturedAtOnceAndInFullIsReversed) {
  approve(v1::SendAttempt::FINANCIAL, false);
  w_.capture(id_, "");
  const auto done = w_.run(reverse_payment("r", "k")).payment();
  EXPECT_EQ(done.attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_EQ(charged(), 0);
}

/// How the acquirer was asked.
class PaidAllTheSame : public TakenBack,
                       public ::testing::WithParamInterface<v1::SendAttempt::Asked> {};

TEST_P(PaidAllTheSame, IsRefundedWhenSomebodySaysSo) {
  become_an_exception(GetParam());
  ASSERT_EQ(w_.payment(id_).state(), v1::Payment::EXCEPTION);
  const auto done = w_.run(decide_payment(id_, "d", v1::DecidePayment::WAS_PAID)).payment();
  EXPECT_EQ(done.state(), v1::Payment::REVERSED) << "its terminal was told that nobody has paid";
  EXPECT_EQ(charged(), 0);
  EXPECT_EQ(shop(), 0);
  EXPECT_EQ(exceptions(), 0);
}

INSTANTIATE_TEST_SUITE_P(AskedFor, PaidAllTheSame,
                         ::testing::Values(v1::SendAttempt::FINANCIAL,
                                           v1::SendAttempt::AUTHORIZATION));

TEST_F(TakenBack, AReversalThatNobodyAcceptsIsAnExceptionAlsoOfAPaymentThatWasGivenUp) {
  approve(v1::SendAttempt::FINANCIAL, true);
  w_.run(void_payment(id_, "v"));
  w_.let_pass(25h);
  EXPECT_EQ(w_.payment(id_).state(), v1::Payment::VOIDED);
  EXPECT_EQ(exceptions(), 1);
  EXPECT_EQ(w_.run(decide_payment(id_, "d", v1::DecidePayment::WAS_PAID)).error().code(),
            "payment_not_in_exception");
  const auto done = w_.run(decide_payment(id_, "e", v1::DecidePayment::TAKEN_BACK)).payment();
  EXPECT_EQ(done.state(), v1::Payment::VOIDED);
  EXPECT_EQ(done.attempts(0).state(), v1::Attempt::REVERSED);
  EXPECT_EQ(exceptions(), 0);
}

TEST_F(TakenBack, ARefundWaitsForTheDecisionAboutACaptureThatNobodyAcknowledged) {
  approve(v1::SendAttempt::AUTHORIZATION, false);
  w_.capture(id_, "");
  w_.run(resolve_advice(id_, 1, v1::ResolveAdvice::EXHAUSTED, "too old"));
  w_.run(refund_payment(id_, "f", 400));
  v1::Question owed;
  owed.mutable_owed()->set_link("acme");
  EXPECT_EQ(w_.ask(owed).owed().advices_size(), 0);
  w_.run(resolve_advice(id_, 1, v1::ResolveAdvice::RETRIED, "they are back"));
  EXPECT_EQ(w_.ask(owed).owed().advices_size(), 2);
}

// The host would take it for a repeat of the first one, and do nothing.
TEST_F(TakenBack, TheReversalAfterALateApprovalHasANumberOfItsOwn) {
  w_.run(create_card_payment("k", 1'000));
  w_.run(send_attempt(id_, "acme"));
  w_.run(resolve_attempt(id_, heard::IN_DOUBT));
  w_.run(resolve_attempt(id_, heard::REVERSAL_ACCEPTED));
  const auto attempt = w_.payment(id_).attempts(0);
  const auto late = w_.run(late_approval(std::stoull(attempt.rrn()), attempt.stan(), 1'000));
  const auto& again = late.payment().attempts(0);
  EXPECT_TRUE(again.reversed_again());
  EXPECT_GT(again.reversal_number(), std::stoull(attempt.rrn()));
  EXPECT_GE(again.reversal_at_ns(), attempt.sent_at_ns());
}

// It says nothing of what came after it: the acquirer holds the amount until the second one is
// accepted.
TEST_F(TakenBack, TheAcceptanceOfTheFirstReversalDoesNotEndTheSecondOne) {
  w_.run(create_card_payment("k", 1'000));
  w_.run(send_attempt(id_, "acme"));
  w_.run(resolve_attempt(id_, heard::IN_DOUBT));
  v1::Command accepted = resolve_attempt(id_, heard::REVERSAL_ACCEPTED);
  accepted.mutable_resolve_attempt()->set_reversal(0);
  w_.run(accepted);
  const auto attempt = w_.payment(id_).attempts(0);
  const auto late = w_.run(late_approval(std::stoull(attempt.rrn()), attempt.stan(), 1'000));
  EXPECT_TRUE(w_.run(accepted).replayed());
  EXPECT_EQ(w_.payment(id_).attempts(0).state(), v1::Attempt::REVERSING);
  accepted.mutable_resolve_attempt()->set_reversal(late.payment().attempts(0).reversal_number());
  EXPECT_FALSE(w_.run(accepted).replayed());
  EXPECT_EQ(w_.payment(id_).attempts(0).state(), v1::Attempt::REVERSED);
}

} // namespace
} // namespace ducat::payment::test
