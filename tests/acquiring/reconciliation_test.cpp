/// Advices and reconciliation in the words of ISO 8583, and what the answers mean.

#include <ducat/acquiring/messages.hpp>
#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ducat::acquiring {
namespace {

const profile shop{.mti = "0100", .terminal = "TERM0001", .merchant = "MERCHANT0000001"};
constexpr log_time first_of_april{1'775'001'600'000'000'000}; // 2026-04-01 00:00:00 UTC
constexpr log_time a_minute_later{1'775'001'660'000'000'000};

payment::send_advice advice(payment::advice_kind kind) {
  payment::send_advice made;
  made.id = "adv_1";
  made.advice.kind = kind;
  made.advice.number = 43;
  made.advice.amount = 2'000;
  made.advice.at = a_minute_later;
  made.original.id = "att_1";
  made.original.stan = 42;
  made.original.number = 7;
  made.original.amount = 2'500;
  made.original.approval_code = "A1B2C3";
  made.original.sent_at = first_of_april;
  made.original.asked = payment::asked_for::authorization;
  made.currency = "EUR";
  return made;
}

payment::compare_totals comparison() {
  payment::compare_totals made;
  made.number = 44;
  made.begun_at = a_minute_later;
  made.currency = "EUR";
  made.ours = {.debits = {3, 750}, .debit_reversals = {1, 250}, .credits = {2, 70}};
  return made;
}

std::string field(const iso8583::message& of, int number) {
  return std::string{of.find(number).value_or("none")};
}

TEST(CaptureAdvice, NamesTheAuthorisationAndHasNumbersOfItsOwn) {
  const auto message = advice_of(advice(payment::advice_kind::capture), shop).value();
  EXPECT_EQ(message.mti(), "0220");
  EXPECT_EQ(field(message, 3), "000000");
  EXPECT_EQ(field(message, 4), "000000002000");
  EXPECT_EQ(field(message, 7), "0401000100");
  EXPECT_EQ(field(message, 11), "000043");
  EXPECT_EQ(field(message, 37), "000000000007");
  EXPECT_EQ(field(message, 38), "A1B2C3");
  EXPECT_EQ(field(message, 90).substr(0, 20), "01000000420401000000");
  EXPECT_EQ(field(message, 2), "none") << "the card number is kept nowhere";
}

TEST(RefundAdvice, HasTheProcessingCodeOfACredit) {
  const auto message = advice_of(advice(payment::advice_kind::refund), shop).value();
  EXPECT_EQ(message.mti(), "0220");
  EXPECT_EQ(field(message, 3), "200000");
}

// What was asked for is in the log: a configuration that has changed since does not count.
TEST(Advice, NamesItsOriginalByTheTypeThatWasSent) {
  auto told = advice(payment::advice_kind::refund);
  told.original.asked = payment::asked_for::financial;
  EXPECT_EQ(field(advice_of(told, shop).value(), 90).substr(0, 4), "0200");
  payment::authorize_attempt asked;
  asked.attempt = told.original;
  asked.currency = "EUR";
  asked.card = payment::pan::parse("4111111111111111").value();
  EXPECT_EQ(request_of(asked, shop).value().mti(), "0200");
}

TEST(Advice, IsARepeatFromTheSecondSendingOnAndElseTheSame) {
  auto told = advice(payment::advice_kind::capture);
  const auto first = advice_of(told, shop).value();
  told.is_repeat = true;
  auto again = advice_of(told, shop).value();
  EXPECT_EQ(again.mti(), "0221");
  again.set_mti("0220");
  EXPECT_EQ(again, first);
}

TEST(Advice, AndReconciliationCanBeWrittenInEveryDialectThatComesWithDucat) {
  for (const iso8583::dialect& each : iso8583::shipped_dialects()) {
    for (auto message : {advice_of(advice(payment::advice_kind::refund), shop).value(),
                         reconciliation_of(comparison(), shop).value()}) {
      message.set_tpdu(std::string(each.tpdu.bytes, '\0'));
      EXPECT_TRUE(iso8583::encode(each, message)) << each.name << ' ' << message.mti();
    }
  }
}

TEST(Advice, IsRefusedIfItCannotBeWritten) {
  auto told = advice(payment::advice_kind::capture);
  told.currency = "XXX";
  EXPECT_FALSE(advice_of(told, shop));
  told = advice(payment::advice_kind::capture);
  told.advice.amount = -1;
  EXPECT_FALSE(advice_of(told, shop));
}

TEST(AnswerToAdvice, AcknowledgesItOnlyWithZeroZero) {
  iso8583::message answer{"0230"};
  EXPECT_FALSE(answer_to_advice(answer).is_acknowledged);
  answer.set(39, "00");
  EXPECT_TRUE(answer_to_advice(answer).is_acknowledged);
  answer.set(39, "94");
  EXPECT_FALSE(answer_to_advice(answer).is_acknowledged);
  EXPECT_EQ(answer_to_advice(answer).response_code, "94");
  EXPECT_TRUE(answer_to_advice(answer).was_sent);
}

TEST(Reconciliation, HasCountsSumsAndTheNetOfBothSides) {
  const auto message = reconciliation_of(comparison(), shop).value();
  EXPECT_EQ(message.mti(), "0500");
  EXPECT_EQ(field(message, 11), "000044");
  EXPECT_EQ(field(message, 41), "TERM0001");
  EXPECT_EQ(field(message, 50), "978");
  EXPECT_EQ(field(message, 74), "0000000002");
  EXPECT_EQ(field(message, 76), "0000000003");
  EXPECT_EQ(field(message, 77), "0000000001");
  EXPECT_EQ(field(message, 86), "0000000000000070");
  EXPECT_EQ(field(message, 88), "0000000000000750");
  EXPECT_EQ(field(message, 89), "0000000000000250");
  EXPECT_EQ(field(message, 97), "D0000000000000430");
}

TEST(AnswerToReconciliation, SaysWhetherItIsInBalance) {
  iso8583::message answer{"0510"};
  answer.set(39, "00");
  EXPECT_FALSE(answer_to_reconciliation(answer).was_compared) << "it has no field 66";
  answer.set(66, "1");
  EXPECT_TRUE(answer_to_reconciliation(answer).is_in_balance);
}

TEST(AnswerToReconciliation, HasTheHostsTotalsIfItIsNot) {
  auto answer = reconciliation_of(comparison(), shop).value();
  answer.set(66, "2");
  const auto heard = answer_to_reconciliation(answer);
  EXPECT_TRUE(heard.was_compared);
  EXPECT_FALSE(heard.is_in_balance);
  EXPECT_EQ(heard.theirs, comparison().ours);
}

// A guess at what the host has would make an exception, or hide one.
TEST(AnswerToReconciliation, IsNoneIfItCannotBeRead) {
  auto answer = reconciliation_of(comparison(), shop).value();
  answer.set(66, "2");
  answer.set(76, "many");
  EXPECT_FALSE(answer_to_reconciliation(answer).was_compared);
  answer.set(66, "3");
  EXPECT_FALSE(answer_to_reconciliation(answer).was_compared);
}

} // namespace
} // namespace ducat::acquiring
