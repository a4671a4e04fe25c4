#include "terminals/terminal.hpp"

#include <ducat/iso8583/mti.hpp>

#include <gtest/gtest.h>

namespace ducat::terminals {

namespace {

using namespace std::chrono_literals;
using iso8583::message;

moment at(duration since_start) {
  return {.steady = time_point{since_start}, .unix_s = 1'795'860'930};
}

std::string text_of(const message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

message answer_to(const message& request, const std::string& code) {
  message made{iso8583::response_to(request.mti()).value()};
  for (const int field : {4, 7, 11, 37, 41, 49})
    made.set(field, text_of(request, field));
  made.set(39, code);
  return made;
}

class Terminal : public ::testing::Test {
protected:
  message pay() {
    return under_test_.pay({.amount_minor = 1'250, .pan = "4111111111111111"}, at(0s));
  }

  terminal under_test_{{.number = 7, .first_stan = 41}};
};

TEST_F(Terminal, SaysAllThatNamesAPayment) {
  const message request = pay();
  EXPECT_EQ(request.mti(), "0200");
  EXPECT_EQ(text_of(request, 4), "000000001250");
  EXPECT_EQ(text_of(request, 7), "1128101530");
  EXPECT_EQ(text_of(request, 11), "000041");
  EXPECT_EQ(text_of(request, 12), "101530");
  EXPECT_EQ(text_of(request, 13), "1128");
  EXPECT_EQ(text_of(request, 37), "000007000041");
  EXPECT_EQ(text_of(request, 41), "T0000007");
  EXPECT_EQ(text_of(request, 49), "978");
}

TEST_F(Terminal, IsFinishedByAnApprovalOfTheAmount) {
  const message request = pay();
  EXPECT_EQ(under_test_.deadline(), at(5s).steady);
  EXPECT_FALSE(under_test_.take(answer_to(request, "00"), at(1s)).reply);
  EXPECT_TRUE(under_test_.is_idle());
  const auto finished = under_test_.take_finished();
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->result, outcome::approved);
  EXPECT_EQ(finished->amount_minor, 1'250);
  EXPECT_EQ(finished->took, 1s);
  EXPECT_FALSE(under_test_.take_finished());
}

TEST_F(Terminal, IsFinishedByADecline) {
  const message request = pay();
  under_test_.take(answer_to(request, "51"), at(1s));
  const auto finished = under_test_.take_finished();
  EXPECT_EQ(finished->result, outcome::declined);
  EXPECT_EQ(finished->code, "51");
}

TEST_F(Terminal, ReversesAnApprovalOfAnotherAmountOrCurrency) {
  for (const int field : {4, 49}) {
    terminal each{{.number = 7}};
    const message request = each.pay({.amount_minor = 1'250, .pan = "4111111111111111"}, at(0s));
    message other = answer_to(request, "00");
    other.set(field, field == 4 ? "000000001251" : "826");
    const auto taken = each.take(other, at(1s));
    ASSERT_TRUE(taken.reply);
    EXPECT_EQ(taken.reply->mti(), "0420");
    EXPECT_EQ(text_of(*taken.reply, 4), "000000001250");
  }
}

TEST_F(Terminal, ReversesWhenNoAnswerComesAndNamesTheOriginal) {
  const message request = pay();
  const message reversal = under_test_.expire(at(5s));
  EXPECT_EQ(reversal.mti(), "0420");
  EXPECT_EQ(text_of(reversal, 11), "000042");
  EXPECT_EQ(text_of(reversal, 37), text_of(request, 37));
  EXPECT_EQ(text_of(reversal, 90), "0200"
                                   "000041"
                                   "1128101530"
                                   "0000000000000000000000");
  EXPECT_EQ(under_test_.deadline(), at(7s).steady);
}

TEST_F(Terminal, RepeatsTheSameReversalAsARepeat) {
  pay();
  message first = under_test_.expire(at(5s));
  const message second = under_test_.expire(at(7s));
  EXPECT_EQ(second.mti(), "0421");
  first.set_mti("0421");
  EXPECT_EQ(second, first);
  EXPECT_EQ(under_test_.expire(at(9s)), first);
}

TEST_F(Terminal, IsReversedByTheAnswerToAnyRepeatAndByNoRefusal) {
  pay();
  under_test_.expire(at(5s));
  const message repeat = under_test_.expire(at(7s));
  under_test_.take(answer_to(repeat, "91"), at(8s));
  EXPECT_FALSE(under_test_.is_idle());
  under_test_.take(answer_to(repeat, "00"), at(9s));
  const auto finished = under_test_.take_finished();
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->result, outcome::reversed);
  EXPECT_EQ(finished->reversals_sent, 2u);
}

TEST_F(Terminal, ALateApprovalChangesNothing) {
  const message request = pay();
  const message reversal = under_test_.expire(at(5s));
  EXPECT_FALSE(under_test_.take(answer_to(request, "00"), at(6s)).reply);
  EXPECT_FALSE(under_test_.is_idle());
  under_test_.take(answer_to(reversal, "00"), at(7s));
  const auto finished = under_test_.take_finished();
  EXPECT_EQ(finished->result, outcome::reversed);
  EXPECT_TRUE(finished->was_late);
}

TEST_F(Terminal, AnswersForAnotherMessageAreStray) {
  const message request = pay();
  for (const int field : {7, 11}) {
    message other = answer_to(request, "00");
    other.set(field, field == 7 ? "1128101531" : "000042");
    EXPECT_TRUE(under_test_.take(other, at(1s)).is_stray);
  }
  message other = answer_to(request, "00");
  other.set_mti("0110");
  EXPECT_TRUE(under_test_.take(other, at(1s)).is_stray);
  EXPECT_FALSE(under_test_.is_idle());
}

TEST_F(Terminal, StansStartAgainBehindTheLastOne) {
  terminal each{{.number = 1, .first_stan = 999'999}};
  const message request = each.pay({.amount_minor = 1, .pan = "4111111111111111"}, at(0s));
  EXPECT_EQ(text_of(request, 11), "999999");
  EXPECT_EQ(text_of(each.expire(at(5s)), 11), "000001");
}

} // namespace

} // namespace ducat::terminals
