/// Advices: what is done here is owed to the acquirer from the same entry on, until it has
/// acknowledged it.

#include "payment_world.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ducat::payment::test {
namespace {

using namespace ducat::testing;
using ::testing::ElementsAre;
using what_of = v1::ResolveAdvice;

class Advices : public ::testing::Test {
protected:
  /// Pays 2,500 by card, up to the approval.
  std::string authorize(v1::SendAttempt::Asked asked, const std::string& key = "k",
                        std::int64_t approved = 2'500) {
    const std::string id = payment_id_of(key);
    w_.run(create_card_payment(key, 2'500, true));
    w_.run(send_attempt(id, "acme", 30'000, asked));
    w_.run(resolve_attempt(id, v1::ResolveAttempt::APPROVED, approved));
    return id;
  }

  v1::Owed owed(const std::string& link = "acme", std::uint32_t limit = 0) const {
    v1::Question question;
    question.mutable_owed()->set_link(link);
    question.mutable_owed()->set_limit(limit);
    return w_.ask(question).owed();
  }

  v1::Outcome tell(const std::string& id, what_of::Event event, std::uint32_t advice = 1,
                   const std::string& why = "") {
    return w_.run(resolve_advice(id, advice, event, why));
  }

  std::vector<std::string> timeline(const std::string& id) const {
    std::vector<std::string> all;
    const v1::Payment payment = w_.payment(id);
    for (const v1::PaymentEvent& each : payment.timeline())
      all.push_back(each.what());
    return all;
  }

  v1::ListExceptionsReply exceptions() const {
    v1::Question question;
    question.mutable_exceptions();
    return w_.ask(question).exceptions();
  }

  world w_;
};

TEST_F(Advices, TellOfTheCaptureOfWhatWasOnlyAuthorised) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  EXPECT_EQ(owed().advices_size(), 0);
  w_.capture(id, "c", 2'000);
  ASSERT_EQ(owed().advices_size(), 1);
  const v1::OwedAdvice told = owed().advices(0);
  EXPECT_EQ(told.advice().kind(), v1::Advice::CAPTURE);
  EXPECT_EQ(told.advice().amount(), 2'000);
  EXPECT_EQ(told.original().stan(), 1u);
  EXPECT_EQ(told.advice().stan(), 2u) << "no two messages have one number";
  EXPECT_EQ(told.currency(), "EUR");
  EXPECT_EQ(owed("other").advices_size(), 0);
}

// A 0200 has captured all of it.
TEST_F(Advices, AreNoneOfACaptureThatTheAcquirerMadeItself) {
  const std::string id = authorize(v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c");
  EXPECT_EQ(owed().advices_size(), 0);
}

TEST_F(Advices, GiveBackWhatTheAcquirerHasCapturedAndWeHaveNot) {
  const std::string id = authorize(v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c", 2'000);
  ASSERT_EQ(owed().advices_size(), 1);
  EXPECT_EQ(owed().advices(0).advice().kind(), v1::Advice::REFUND);
  EXPECT_EQ(owed().advices(0).advice().amount(), 500);
}

TEST_F(Advices, TellOfEachRefundInOrder) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  w_.refund(id, "r1", 700);
  w_.refund(id, "r2", 300);
  ASSERT_EQ(owed().advices_size(), 3);
  EXPECT_EQ(owed().advices(1).advice().amount(), 700);
  EXPECT_EQ(owed().advices(2).advice().amount(), 300);
  EXPECT_EQ(owed("acme", 2).advices_size(), 2);
}

TEST_F(Advices, AreNoneOfARefundThatThePayeeCannotAfford) {
  const std::string id = authorize(v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c");
  w_.pay_to_the_end("away", "shop", "bob", 2'000);
  EXPECT_EQ(w_.refund(id, "r").refund().state(), v1::Refund::DECLINED);
  EXPECT_EQ(owed().advices_size(), 0);
}

// Logs of before there were advices say nothing of what was asked for.
TEST_F(Advices, AreNoneOfPaymentsThatAnOlderVersionSent) {
  const std::string id = authorize(v1::SendAttempt::UNSPECIFIED);
  w_.capture(id, "c", 2'000);
  w_.refund(id, "r");
  EXPECT_EQ(owed().advices_size(), 0);
  EXPECT_EQ(w_.payment(id).advices_size(), 0);
}

TEST_F(Advices, AreNoneOfPaymentsWithoutACard) {
  w_.refund(payment_id_of("fund-alice"), "r", 10);
  EXPECT_EQ(owed("").advices_size(), 0);
}

TEST_F(Advices, AreOwedUntilTheyAreAcknowledgedAndAreInTheTimeline) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  tell(id, what_of::ACKNOWLEDGED);
  EXPECT_EQ(owed().advices_size(), 0);
  EXPECT_EQ(w_.payment(id).advices(0).state(), v1::Advice::ACKNOWLEDGED);
  EXPECT_NE(w_.payment(id).advices(0).resolved_at_ns(), 0u);
  EXPECT_THAT(timeline(id), ElementsAre("created", "sent", "approved", "captured", "capture_owed",
                                        "capture_acknowledged"));
}

TEST_F(Advices, AreAcknowledgedOnce) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  tell(id, what_of::ACKNOWLEDGED);
  const auto entries = w_.log().size();
  EXPECT_TRUE(tell(id, what_of::ACKNOWLEDGED).replayed());
  EXPECT_TRUE(tell(id, what_of::EXHAUSTED).replayed());
  EXPECT_EQ(w_.log().size(), entries);
}

// Nothing is dropped: it is listed until somebody decides.
TEST_F(Advices, ThatAreExhaustedAreExceptionsAndStay) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  tell(id, what_of::EXHAUSTED, 1, "sent too often");
  EXPECT_EQ(owed().advices_size(), 0) << "it is not sent any more";
  ASSERT_EQ(exceptions().data_size(), 1);
  EXPECT_EQ(exceptions().data(0).kind(), v1::Exception::ADVICE);
  EXPECT_EQ(exceptions().data(0).payment_id(), id);
  EXPECT_EQ(exceptions().data(0).amount(), 2'500);
}

TEST_F(Advices, ThatAreExhaustedAreSentAgainOrSettledBySomebodyWhoSaysWhy) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  EXPECT_EQ(tell(id, what_of::RETRIED, 1, "why").error().code(), "advice_not_exhausted");
  tell(id, what_of::EXHAUSTED);
  EXPECT_EQ(tell(id, what_of::RETRIED).error().code(), "reason_invalid");
  const auto before = w_.payment(id).advices(0).since_ns();
  tell(id, what_of::RETRIED, 1, "the bank was away");
  ASSERT_EQ(owed().advices_size(), 1);
  EXPECT_GT(owed().advices(0).advice().since_ns(), before) << "it is as old as a new one";
  tell(id, what_of::EXHAUSTED);
  tell(id, what_of::SETTLED, 1, "by telephone");
  EXPECT_EQ(owed().advices_size(), 0);
  EXPECT_EQ(exceptions().data_size(), 0);
  EXPECT_EQ(w_.payment(id).advices(0).reason(), "by telephone");
}

TEST_F(Advices, ThatAreAcknowledgedAfterAllAreNoExceptions) {
  const std::string id = authorize(v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  tell(id, what_of::EXHAUSTED);
  tell(id, what_of::ACKNOWLEDGED);
  EXPECT_EQ(exceptions().data_size(), 0);
}

TEST_F(Advices, RefuseWhatIsNoAdvice) {
  const std::string id = authorize(v1::SendAttempt::FINANCIAL);
  EXPECT_EQ(tell(id, what_of::ACKNOWLEDGED).error().code(), "advice_not_found");
  EXPECT_EQ(tell("pay_0", what_of::ACKNOWLEDGED).error().code(), "payment_not_found");
  w_.capture(id, "c", 1);
  EXPECT_EQ(tell(id, what_of::UNSPECIFIED).error().code(), "command_malformed");
  EXPECT_EQ(
      w_.run(send_attempt(id, "acme", 1, static_cast<v1::SendAttempt::Asked>(7))).error().code(),
      "command_malformed");
}

TEST_F(Advices, OwedListsReversalsToo) {
  const std::string id = authorize(v1::SendAttempt::FINANCIAL);
  w_.cancel(id, "v");
  ASSERT_EQ(owed().reversals_size(), 1);
  EXPECT_EQ(owed().reversals(0).payment_id(), id);
  EXPECT_EQ(owed("other").reversals_size(), 0);
}

} // namespace
} // namespace ducat::payment::test
