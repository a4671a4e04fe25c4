/// What a terminal is told of what its request has come to.

#include "gateway/answers.hpp"
#include "gateway/messages.hpp"

#include <ducat/v1/machine.pb.h>

#include <gtest/gtest.h>

#include <string>

namespace ducat::gateway::test {
namespace {

v1::Outcome outcome(v1::Payment::State state, bool manual = false) {
  v1::Outcome made;
  auto& shown = *made.mutable_payment();
  shown.set_state(state);
  shown.set_amount(100);
  shown.set_capture_method(manual ? v1::MANUAL : v1::AUTOMATIC);
  if (state == v1::Payment::CAPTURED)
    shown.set_captured(100);
  return made;
}

v1::Outcome refused(const std::string& code) {
  v1::Outcome made;
  made.mutable_error()->set_code(code);
  return made;
}

v1::Attempt& attempt(v1::Outcome& of) {
  v1::Attempt& made = *of.mutable_payment()->add_attempts();
  made.set_amount(100);
  return made;
}

verdict on(const v1::Outcome& what, bool partial = false) {
  auto profile = profile_of();
  profile.partial = partial;
  return verdict_on(request_kind::payment, what, profile);
}

std::string code_on(const v1::Outcome& what) {
  const verdict says = on(what);
  return says.what == verdict::kind::answer ? says.code : "no answer";
}

TEST(TerminalAnswer, IsAnApprovalWithItsCodeOnlyWhenTheMoneyIsThere) {
  auto captured = outcome(v1::Payment::CAPTURED);
  attempt(captured).set_approval_code("A1B2C3");
  EXPECT_EQ(on(captured), (verdict{.code = "00", .approval_code = "A1B2C3"}));
  EXPECT_EQ(code_on(outcome(v1::Payment::AUTHORIZED, true)), "00");
  EXPECT_EQ(on(outcome(v1::Payment::AUTHORIZED)).what, verdict::kind::take_back)
      << "it was to be captured";
}

TEST(TerminalAnswer, IsTheAcquirersDeclineUnlessThatSaysYes) {
  auto declined = outcome(v1::Payment::DECLINED);
  for (const auto& [why, code] :
       {std::pair{"51", "51"}, std::pair{"exceeds_credits", "51"}, std::pair{"00", "05"},
        std::pair{"10", "05"}, std::pair{"11", "05"}, std::pair{"", "05"}, std::pair{"N7", "N7"}}) {
    declined.mutable_payment()->set_decline_code(why);
    EXPECT_EQ(code_on(declined), code) << why;
  }
}

// R2: what is in doubt is never approved, and the log says so before the terminal is told.
TEST(TerminalAnswer, OfWhatNobodyKnowsIsNoneBeforeItIsGivenUp) {
  for (const auto state : {v1::Payment::CREATED, v1::Payment::AUTHORIZING, v1::Payment::IN_DOUBT,
                           v1::Payment::EXCEPTION})
    EXPECT_EQ(on(outcome(state)).what, verdict::kind::take_back) << state;
}

TEST(TerminalAnswer, IsADeclineOfWhatCameToNothing) {
  EXPECT_EQ(code_on(outcome(v1::Payment::FAILED)), "91");
  EXPECT_EQ(code_on(outcome(v1::Payment::REVERSED)), "68");
  EXPECT_EQ(code_on(outcome(v1::Payment::VOIDED)), "21");
  EXPECT_EQ(code_on(outcome(v1::Payment::EXPIRED)), "21");
}

// The creation of a payment is answered as then; that it was taken back is of now.
TEST(TerminalAnswer, IsNeverAnApprovalOfWhatWasTakenBack) {
  auto reversed = outcome(v1::Payment::CAPTURED);
  reversed.mutable_payment()->set_taken_back(true);
  EXPECT_EQ(code_on(reversed), "91");
  attempt(reversed);
  EXPECT_EQ(code_on(reversed), "68");
}

TEST(TerminalAnswer, IsNoApprovalOfWhatWasTakenBackWhileItWasOnItsWay) {
  EXPECT_EQ(verdict_on_taken_back({.code = "00", .approval_code = "A1"}), (verdict{.code = "68"}));
  EXPECT_EQ(verdict_on_taken_back({.code = "10", .amount = 60}), (verdict{.code = "68"}));
  EXPECT_EQ(verdict_on_taken_back({.code = "51"}), (verdict{.code = "51"}));
}

TEST(TerminalAnswer, IsForLessOnlyToATerminalThatUnderstandsThat) {
  auto partly = outcome(v1::Payment::PARTIALLY_AUTHORIZED);
  partly.mutable_payment()->set_authorized(60);
  attempt(partly).set_approved_amount(60);
  EXPECT_EQ(on(partly).what, verdict::kind::take_back);
  EXPECT_EQ(on(partly, true).what, verdict::kind::capture);
  partly.mutable_payment()->set_capture_method(v1::MANUAL);
  EXPECT_EQ(on(partly, true), (verdict{.code = "10", .amount = 60}));
  partly.mutable_payment()->set_capture_method(v1::AUTOMATIC);
  partly.mutable_payment()->set_state(v1::Payment::CAPTURED);
  partly.mutable_payment()->set_captured(60);
  EXPECT_EQ(on(partly, true), (verdict{.code = "10", .amount = 60}));
  partly.mutable_payment()->set_taken_back(true);
  EXPECT_EQ(code_on(partly), "51");
}

TEST(TerminalAnswer, OfARefusalSaysWhoseFaultItIs) {
  EXPECT_EQ(code_on(refused("payment_reversed_ahead")), "21");
  EXPECT_EQ(code_on(refused("idempotency_key_reused")), "94");
  EXPECT_EQ(code_on(refused("account_not_found")), "96");
  const auto on_reversal = [](const char* why) {
    return verdict_on(request_kind::reversal, refused(why), profile_of()).code;
  };
  EXPECT_EQ(on_reversal("reversal_not_covered"), "51");
  EXPECT_EQ(on_reversal("payment_refunded"), "21");
  EXPECT_EQ(on_reversal("payment_not_found"), "25");
}

TEST(TerminalAnswer, ToAReversalIsAcceptanceWhateverItFound) {
  v1::Outcome done;
  done.mutable_reversal()->set_effect(v1::Reversal::AHEAD);
  EXPECT_EQ(verdict_on(request_kind::reversal, done, profile_of()).code, "00");
}

TEST(TerminalAnswer, AfterGivingUpIsADeclineOrSilence) {
  v1::Outcome ahead;
  ahead.mutable_reversal()->set_effect(v1::Reversal::AHEAD);
  EXPECT_EQ(verdict_on_given_up(ahead, profile_of()).code, "91");
  EXPECT_EQ(verdict_on_given_up(outcome(v1::Payment::DECLINED), profile_of()).code, "05");
  EXPECT_EQ(verdict_on_given_up(refused("reversal_not_covered"), profile_of()).what,
            verdict::kind::silence)
      << "it stands: a decline would be a lie";
  EXPECT_EQ(verdict_on_given_up(outcome(v1::Payment::IN_DOUBT), profile_of()).what,
            verdict::kind::silence);
}

TEST(TerminalAnswer, EchoesWhatNamesTheRequestAndNothingOfTheCard) {
  auto request = payment(7);
  request.set(35, "4111111111111111=30121010000000000");
  const message made = completed(answer_to(request), {.code = "10", .amount = 60});
  EXPECT_EQ(made.mti(), "0210");
  for (const int field : {7, 11, 37, 41, 49})
    EXPECT_EQ(made.find(field), request.find(field)) << field;
  EXPECT_EQ(text_of(made, 4), "000000000060");
  EXPECT_FALSE(made.has(2) || made.has(35));
  EXPECT_EQ(answer_to(payment(7, 1, "0201")).mti(), "0210");
  EXPECT_EQ(answer_to(reversal(payment(7), 8, "0421")).mti(), "0430");
}

TEST(TerminalAnswer, TurnsTheAddressesOfATpdu) {
  auto request = payment(7);
  request.set_tpdu("\x60\x01\x02\x03\x04");
  EXPECT_EQ(answer_to(request).tpdu(), "\x60\x03\x04\x01\x02");
}

TEST(TerminalAnswer, ToAReconciliationTellsOurTotalsWhenTheyDiffer) {
  v1::Outcome done;
  auto& totals = *done.mutable_terminal_totals();
  totals.set_debits(2);
  totals.set_debit_amount(350);
  totals.set_debit_reversals(1);
  totals.set_debit_reversal_amount(100);
  const auto request = reconciliation(7, 1, 99);
  const auto answer = [&] {
    return completed(answer_to(request),
                     verdict_on(request_kind::reconciliation, done, profile_of()));
  };
  const message differs = answer();
  EXPECT_EQ(text_of(differs, 39), "00");
  EXPECT_EQ(text_of(differs, 66), "2");
  EXPECT_EQ(text_of(differs, 76), "0000000002");
  EXPECT_EQ(text_of(differs, 77), "0000000001");
  EXPECT_EQ(text_of(differs, 88), "0000000000000350");
  EXPECT_EQ(text_of(differs, 97), "D0000000000000250");
  totals.set_in_balance(true);
  const message same = answer();
  EXPECT_EQ(text_of(same, 66), "1");
  EXPECT_EQ(same.find(88), request.find(88));
}

TEST(TerminalRoster, KnowsItsTerminals) {
  auto any = profile_of("");
  const auto made = roster::make({profile_of()}, any).value();
  EXPECT_EQ(made.find("TERM0001")->id, "TERM0001");
  EXPECT_EQ(made.find("OTHER001")->id, "OTHER001");
  EXPECT_FALSE(made.find("a b c d "));
  EXPECT_FALSE(roster::make({profile_of()}).value().find("OTHER001"));
}

TEST(TerminalRoster, RefusesProfilesThatCannotPay) {
  const auto refuses = [](auto change) {
    auto profile = profile_of();
    change(profile);
    const auto made = roster::make({profile});
    return !made && made.error().code == errc::invalid_argument;
  };
  EXPECT_TRUE(refuses([](auto& p) { p.id = "TERM1"; }));
  EXPECT_TRUE(refuses([](auto& p) { p.id = "TERM 001"; }));
  EXPECT_TRUE(refuses([](auto& p) { p.currency = "XXQ"; }));
  EXPECT_TRUE(refuses([](auto& p) { p.to = "world"; }));
  EXPECT_TRUE(refuses([](auto& p) { p.to = ""; }));
  EXPECT_TRUE(refuses([](auto& p) { p.merchant = "short"; }));
  EXPECT_FALSE(roster::make({profile_of(), profile_of()}));
}

} // namespace
} // namespace ducat::gateway::test
