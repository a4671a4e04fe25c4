/// Attempts in the words of ISO 8583, and what the answers mean.

#include <ducat/acquiring/messages.hpp>
#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ducat::acquiring {
namespace {

using payment::attempt_event;

const profile shop{.terminal = "TERM0001", .merchant = "MERCHANT0000001"};

payment::attempt_record attempt() {
  payment::attempt_record made;
  made.id = "att_1";
  made.link = "acme";
  made.stan = 42;
  made.number = 7;
  made.amount = 2'500;
  made.sent_at = {1'775'001'600'000'000'000}; // 2026-04-01 00:00:00 UTC
  return made;
}

payment::authorize_attempt asked() {
  payment::authorize_attempt what;
  what.attempt = attempt();
  what.currency = "EUR";
  what.card = payment::pan::parse("4111111111111111").value();
  return what;
}

std::string field(const iso8583::message& of, int number) {
  return std::string{of.find(number).value_or("none")};
}

iso8583::message answered(const std::string& code) {
  iso8583::message answer{"0210"};
  answer.set(39, code);
  return answer;
}

attempt_event event_of(const iso8583::message& answer) {
  return answer_of(answer, asked(), shop).what;
}

iso8583::message late_answer(const std::string& code) {
  iso8583::message answer = answered(code);
  answer.set(4, "000000002500");
  answer.set(11, "000042");
  answer.set(37, "000000000007");
  answer.set(38, "A1B2C3");
  return answer;
}

// The configuration may say something else by now.
TEST(LateApproval, MayAnswerEitherKindOfRequest) {
  for (const char* mti : {"0110", "0210"}) {
    auto answer = late_answer("00");
    answer.set_mti(mti);
    EXPECT_TRUE(late_approval_in(answer)) << mti;
  }
}

TEST(LateApproval, SaysOfWhichAttemptItIs) {
  const auto heard = late_approval_in(late_answer("00"));
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->number, 7u);
  EXPECT_EQ(heard->stan, 42u);
  EXPECT_EQ(heard->amount, 2'500);
  EXPECT_EQ(heard->approval_code, "A1B2C3");
}

// Each of them has the acquirer hold money.
TEST(LateApproval, IsOneOfWhateverKind) {
  for (const char* code : {"00", "08", "10", "11", "16"})
    EXPECT_TRUE(late_approval_in(late_answer(code))) << code;
  for (const char* code : {"05", "09", "51", "68", "91", "94"})
    EXPECT_FALSE(late_approval_in(late_answer(code))) << code;
}

TEST(LateApproval, IsNoneIfItDoesNotSayOfWhat) {
  for (const int missing : {11, 37, 39}) {
    auto answer = late_answer("00");
    answer.set(missing, missing == 39 ? "05" : "000000000000");
    EXPECT_FALSE(late_approval_in(answer)) << missing;
  }
  auto of_a_reversal = late_answer("00");
  of_a_reversal.set_mti("0430");
  EXPECT_FALSE(late_approval_in(of_a_reversal));
  auto strange = late_answer("00");
  strange.set(37, "ABCDEF123456");
  EXPECT_FALSE(late_approval_in(strange));
}

TEST(Request, HasTheNumbersThatTheLogGaveTheAttempt) {
  const auto message = request_of(asked(), shop).value();
  EXPECT_EQ(message.mti(), "0200");
  EXPECT_EQ(field(message, 2), "4111111111111111");
  EXPECT_EQ(field(message, 4), "000000002500");
  EXPECT_EQ(field(message, 7), "0401000000");
  EXPECT_EQ(field(message, 11), "000042");
  EXPECT_EQ(field(message, 37), "000000000007");
  EXPECT_EQ(field(message, 41), "TERM0001");
  EXPECT_EQ(field(message, 49), "978");
}

TEST(Request, CanBeWrittenInEveryDialectThatComesWithDucat) {
  for (const iso8583::dialect& each : iso8583::shipped_dialects()) {
    auto message = request_of(asked(), shop).value();
    message.set_tpdu(std::string(each.tpdu.bytes, '\0'));
    EXPECT_TRUE(iso8583::encode(each, message)) << each.name;
  }
}

// A crash loses the card: nobody can send the attempt again.
TEST(Request, CannotBeMadeWithoutTheCard) {
  auto what = asked();
  what.card.reset();
  EXPECT_EQ(request_of(what, shop).error().code, errc::invalid_argument);
}

TEST(Reversal, NamesTheRequestAndHoldsNoCardNumber) {
  const auto message = reversal_of({.attempt = attempt(), .currency = "EUR"}, shop).value();
  EXPECT_EQ(message.mti(), "0420");
  EXPECT_FALSE(message.has(2));
  EXPECT_EQ(field(message, 37), "000000000007");
  EXPECT_EQ(field(message, 90), "0200"
                                "000042"
                                "0401000000"
                                "00000000000"
                                "00000000000");
}

TEST(Reversal, SaysThatItIsARepeat) {
  const auto message =
      reversal_of({.attempt = attempt(), .currency = "EUR", .is_repeat = true}, shop).value();
  EXPECT_EQ(message.mti(), "0421");
}

// With the numbers of the first one the host would take it for a repeat, and do nothing.
TEST(Reversal, AfterALateApprovalIsAnotherMessageAboutTheSameOriginal) {
  payment::reverse_attempt what{.attempt = attempt(), .currency = "EUR"};
  const auto first = reversal_of(what, shop).value();
  what.attempt.is_reversed_again = true;
  what.attempt.reversal_number = 9;
  what.attempt.reversal_at = {1'775'088'000'000'000'000}; // A day later.
  const auto second = reversal_of(what, shop).value();
  EXPECT_EQ(field(second, 11), "000009");
  EXPECT_EQ(field(second, 7), "0402000000");
  EXPECT_EQ(field(second, 90), field(first, 90));
  EXPECT_EQ(field(second, 37), field(first, 37));
}

TEST(Answer, ApprovesInFull) {
  auto answer = answered("00");
  answer.set(38, "A12345");
  answer.set(4, "000000002500");
  answer.set(49, "978");
  const auto told = answer_of(answer, asked(), shop);
  EXPECT_EQ(told.what, attempt_event::approved);
  EXPECT_EQ(told.amount, 2'500);
  EXPECT_EQ(told.approval_code, "A12345");
}

TEST(Answer, ThatRepeatsNoAmountApprovesWhatWasAskedFor) {
  EXPECT_EQ(event_of(answered("00")), attempt_event::approved);
}

TEST(Answer, ApprovesLess) {
  auto answer = answered("10");
  answer.set(4, "000000001000");
  const auto told = answer_of(answer, asked(), shop);
  EXPECT_EQ(told.what, attempt_event::partially_approved);
  EXPECT_EQ(told.amount, 1'000);
}

TEST(Answer, ThatApprovesSomethingElseIsAConflict) {
  auto more = answered("10");
  more.set(4, "000000009999");
  EXPECT_EQ(event_of(more), attempt_event::conflicted);
  auto less = answered("00");
  less.set(4, "000000001000");
  EXPECT_EQ(event_of(less), attempt_event::conflicted);
  auto nothing = answered("10");
  nothing.set(4, "000000000000");
  EXPECT_EQ(event_of(nothing), attempt_event::conflicted);
  auto dollars = answered("00");
  dollars.set(49, "840");
  EXPECT_EQ(event_of(dollars), attempt_event::conflicted);
}

TEST(Answer, DeclinesAndSaysWhetherAnotherAcquirerMayApprove) {
  const auto poor = answer_of(answered("51"), asked(), shop);
  EXPECT_EQ(poor.what, attempt_event::declined);
  EXPECT_FALSE(poor.may_reroute);
  EXPECT_TRUE(answer_of(answered("91"), asked(), shop).may_reroute);
}

// What says nothing is not taken for a decline.
TEST(Answer, WithoutAResponseCodeLeavesItInDoubt) {
  EXPECT_EQ(event_of(iso8583::message{"0210"}), attempt_event::in_doubt);
}

// These are approvals of another kind, or no decision at all.
TEST(Answer, ThatIsNoDefiniteDeclineLeavesItInDoubt) {
  for (const char* code : {"08", "09", "11", "16", "68", "94"})
    EXPECT_EQ(event_of(answered(code)), attempt_event::in_doubt) << code;
}

TEST(Answer, ThatApprovesLessButDoesNotSayHowMuchIsAConflict) {
  EXPECT_EQ(event_of(answered("10")), attempt_event::conflicted);
}

attempt_event after_reversal(const char* code, std::chrono::seconds since_sent) {
  const payment::reverse_attempt asked{
      .attempt = attempt(), .currency = "EUR", .since_sent = since_sent};
  return answer_to_reversal(answered(code), asked).what;
}

TEST(Answer, ToAReversalAcceptsIt) {
  EXPECT_EQ(after_reversal("00", {}), attempt_event::reversal_accepted);
  for (const char* code : {"96", "12", "05"})
    EXPECT_EQ(after_reversal(code, request_lifetime), attempt_event::in_doubt) << code;
}

// The reversal may overtake the request: it would be approved after that.
TEST(Answer, ThatThereIsNothingToReverseIsBelievedOnlyWhenTheRequestCannotArriveAnyMore) {
  for (const char* code : {"21", "25"}) {
    EXPECT_EQ(after_reversal(code, request_lifetime - std::chrono::seconds{1}),
              attempt_event::in_doubt);
    EXPECT_EQ(after_reversal(code, request_lifetime), attempt_event::reversal_accepted);
  }
}

TEST(Profile, IsRefusedIfItCannotBePutInAMessage) {
  EXPECT_TRUE(check(shop));
  auto wrong = shop;
  wrong.terminal = "T";
  EXPECT_FALSE(check(wrong));
  wrong = shop;
  wrong.merchant = "M";
  EXPECT_FALSE(check(wrong));
  wrong = shop;
  wrong.mti = "0400";
  EXPECT_FALSE(check(wrong));
  wrong = shop;
  wrong.processing_code = "00000x";
  EXPECT_FALSE(check(wrong));
}

} // namespace
} // namespace ducat::acquiring
