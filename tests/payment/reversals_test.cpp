/// What a terminal takes back: whatever has become of the payment, it is not paid in the end.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using heard = v1::ResolveAttempt;

class Reversals : public ::testing::Test {
protected:
  v1::Payment create(bool manual = false) {
    return w_.run(create_terminal_payment("k", 2'500, manual)).payment();
  }

  v1::Payment send(const std::string& link = "acme") {
    return w_.run(send_attempt(id_, link)).payment();
  }

  v1::Payment resolve(v1::ResolveAttempt::Event event, std::int64_t amount = 0) {
    return w_.run(resolve_attempt(id_, event, amount)).payment();
  }

  v1::Outcome reverse(const std::string& key = "r", const std::string& original = "k") {
    return w_.run(reverse_payment(key, original));
  }

  void pay() {
    create();
    send();
    resolve(heard::APPROVED, 2'500);
    w_.capture(id_, "");
  }

  v1::Payment now() const { return w_.payment(id_); }

  std::int64_t held() const { return w_.account("world").debits_pending(); }

  std::int64_t moved() const { return w_.account("shop").balance(); }

  bool owes_a_reversal() const {
    v1::Question question;
    question.mutable_open_attempts();
    return w_.ask(question).open_attempts().data_size() == 1 &&
           now().attempts().rbegin()->state() == v1::Attempt::REVERSING;
  }

  world w_;
  const std::string id_ = payment_id_of("k");
};

TEST_F(Reversals, OfACapturedPaymentGiveTheMoneyBackAndOweTheAcquirerAReversal) {
  pay();
  ASSERT_EQ(moved(), 2'500);
  const auto done = reverse();
  EXPECT_EQ(done.reversal().effect(), v1::Reversal::TAKEN_BACK);
  EXPECT_EQ(done.payment().state(), v1::Payment::REVERSED);
  EXPECT_EQ(done.payment().captured(), 0);
  EXPECT_TRUE(done.payment().taken_back());
  EXPECT_EQ(moved(), 0);
  EXPECT_EQ(w_.account("world").balance(), -10'000) << "what alice was given";
  EXPECT_TRUE(owes_a_reversal());
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_FALSE(owes_a_reversal());
  EXPECT_EQ(held(), 0);
}

TEST_F(Reversals, OfAnAuthorisedPaymentReleaseItAndOweTheAcquirerAReversal) {
  create(true);
  send();
  resolve(heard::APPROVED, 2'500);
  EXPECT_EQ(reverse().payment().state(), v1::Payment::VOIDED);
  EXPECT_EQ(held(), 0);
  EXPECT_TRUE(owes_a_reversal());
  EXPECT_EQ(w_.capture(id_, "c").error().code(), "payment_not_authorized");
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::VOIDED);
}

TEST_F(Reversals, OfAPartialApprovalReleaseWhatIsHeld) {
  create();
  send();
  resolve(heard::PARTIALLY_APPROVED, 1'000);
  ASSERT_EQ(held(), 1'000);
  EXPECT_EQ(reverse().payment().state(), v1::Payment::VOIDED);
  EXPECT_EQ(held(), 0);
  EXPECT_TRUE(owes_a_reversal());
}

// R2: that it is no longer wanted does not say what the acquirer has done.
TEST_F(Reversals, OfASentPaymentPutItInDoubtAndALateApprovalDoesNotPayIt) {
  create();
  send();
  EXPECT_EQ(reverse().payment().state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(held(), 2'500);
  EXPECT_TRUE(owes_a_reversal());
  EXPECT_EQ(resolve(heard::APPROVED, 2'500).state(), v1::Payment::IN_DOUBT);
  EXPECT_TRUE(w_.capture(id_, "").replayed()) << "nothing is captured";
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(moved(), 0);
}

// R1, R3: what was not sent is not sent any more.
TEST_F(Reversals, OfAPaymentThatWasNotSentKeepItFromBeingSent) {
  create();
  EXPECT_EQ(reverse().payment().state(), v1::Payment::VOIDED);
  EXPECT_EQ(send().attempts_size(), 0);
  EXPECT_EQ(held(), 0);
}

// R3: an accepted reversal allows another attempt, but nobody wants it any more.
TEST_F(Reversals, OfAPaymentInDoubtKeepItFromAnotherAttempt) {
  create();
  send();
  resolve(heard::IN_DOUBT);
  EXPECT_EQ(reverse().payment().state(), v1::Payment::IN_DOUBT);
  auto accepted = resolve_attempt(id_, heard::REVERSAL_ACCEPTED);
  accepted.mutable_resolve_attempt()->set_may_reroute(true);
  EXPECT_EQ(w_.run(accepted).payment().state(), v1::Payment::REVERSED);
  EXPECT_EQ(send("other").attempts_size(), 1);
  EXPECT_EQ(held(), 0);
}

TEST_F(Reversals, OfWhatCameToNothingAreAcceptedAndLeaveNoTrace) {
  create();
  send();
  resolve(heard::DECLINED);
  const auto entries = w_.log().size();
  EXPECT_EQ(reverse().reversal().effect(), v1::Reversal::NOTHING_STANDS);
  EXPECT_EQ(reverse("r2").payment().state(), v1::Payment::DECLINED);
  EXPECT_EQ(w_.log().size(), entries);
}

// A reversal may overtake its request.
TEST_F(Reversals, OfAPaymentThatHasNotComeRefuseItWhenItComes) {
  EXPECT_EQ(reverse().reversal().effect(), v1::Reversal::AHEAD);
  const auto entries = w_.log().size();
  EXPECT_EQ(w_.run(create_terminal_payment("k", 2'500)).error().code(), "payment_reversed_ahead");
  EXPECT_EQ(w_.run(record_advice("k", 2'500)).error().code(), "payment_reversed_ahead");
  EXPECT_EQ(reverse("r2").reversal().effect(), v1::Reversal::AHEAD);
  EXPECT_EQ(w_.log().size(), entries);
}

TEST_F(Reversals, HaveOneEffectHoweverOftenTheyCome) {
  pay();
  reverse();
  const auto entries = w_.log().size();
  const auto again = reverse();
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.reversal().effect(), v1::Reversal::TAKEN_BACK);
  EXPECT_EQ(reverse("r2").reversal().effect(), v1::Reversal::TAKEN_BACK);
  EXPECT_EQ(w_.log().size(), entries);
  EXPECT_EQ(moved(), 0);
}

TEST_F(Reversals, AreRefusedWhileThePayeeDoesNotHaveTheMoney) {
  pay();
  w_.pay_to_the_end("spent", "shop", "bob", 2'000);
  EXPECT_EQ(reverse().error().code(), "reversal_not_covered");
  EXPECT_EQ(now().state(), v1::Payment::CAPTURED);
  w_.pay_to_the_end("earned", "alice", "shop", 2'000);
  EXPECT_EQ(reverse().reversal().effect(), v1::Reversal::TAKEN_BACK) << "the same key, later";
}

TEST_F(Reversals, AreRefusedWhenAPartWasRefunded) {
  pay();
  w_.refund(id_, "f", 1);
  EXPECT_EQ(reverse().error().code(), "payment_refunded");
}

TEST_F(Reversals, TakeBackNobodyElsesPayment) {
  pay();
  EXPECT_EQ(w_.run(reverse_payment("r", "k", "TERM0002")).error().code(), "payment_not_found");
  EXPECT_EQ(w_.run(reverse_payment("r", "fund-alice", "TERM0001")).error().code(),
            "payment_not_found");
  EXPECT_EQ(now().state(), v1::Payment::CAPTURED);
}

TEST_F(Reversals, HaveKeysOfTheirOwn) {
  pay();
  EXPECT_EQ(reverse("k").error().code(), "idempotency_key_reused");
  EXPECT_EQ(reverse("").error().code(), "idempotency_key_missing");
  EXPECT_EQ(reverse("r", "").error().code(), "idempotency_key_missing");
  reverse();
  EXPECT_EQ(reverse("r", "other").error().code(), "idempotency_key_reused");
  EXPECT_EQ(w_.run(create_terminal_payment("r", 1)).error().code(), "idempotency_key_reused");
}

TEST_F(Reversals, OfACapturedPaymentThatNobodyAcceptsMoveNoMoneyAgain) {
  pay();
  reverse();
  w_.let_pass(25h);
  EXPECT_EQ(now().attempts(0).state(), v1::Attempt::EXCEPTION);
  EXPECT_EQ(now().state(), v1::Payment::REVERSED);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(resolve(heard::REVERSAL_ACCEPTED).state(), v1::Payment::REVERSED);
}

TEST_F(Reversals, AnswerTheCreationAsThenAndSayThatItWasTakenBack) {
  pay();
  reverse();
  const auto again = w_.run(create_terminal_payment("k", 2'500)).payment();
  EXPECT_EQ(again.state(), v1::Payment::CAPTURED);
  EXPECT_TRUE(again.taken_back());
}

TEST_F(Reversals, AreInTheTimeline) {
  pay();
  reverse();
  const auto payment = now();
  EXPECT_TRUE(std::ranges::any_of(payment.timeline(),
                                  [](const auto& each) { return each.what() == "taken_back"; }));
}

} // namespace
} // namespace ducat::payment::test
