/// What becomes of requests, and which answer is whose.

#include "device/link_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ducat::device::test {
namespace {

// ---- outcomes -----------------------------------------------------------------------------------

TEST(LinkRequests, AnAnswerIsTakenWhateverItSays) {
  link_world link;
  link.sign_on();
  link.request(1);
  EXPECT_EQ(link.receive(answer_to(request_message(1), "51")), "answer 1 answered 0210");
}

TEST(LinkRequests, NoAnswerInTimeIsUnknown) {
  link_world link;
  link.sign_on();
  link.request(1);
  EXPECT_EQ(link.pass(24s), "");
  EXPECT_EQ(link.pass(1s), "answer 1 unknown timeout");
}

TEST(LinkRequests, ADeadlineBeforeTheTimeoutCounts) {
  link_world link;
  link.sign_on();
  link.request(1, "0200", 3s);
  EXPECT_EQ(link.pass(3s), "answer 1 unknown timeout");
  EXPECT_EQ(link.request(2, "0200", 0s), "not_sent deadline_passed");
}

TEST(LinkRequests, WhatCouldNotBeWrittenWasNotSent) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.core().unwritable({1}, "field 2, byte 4: bad_character");
  EXPECT_EQ(link.done(), "answer 1 not_sent malformed: field 2, byte 4: bad_character");
  EXPECT_EQ(link.request(1), "write 0200") << "nothing is kept of it";
}

TEST(LinkRequests, AGarbledMessageAmongManyTellsOfNone) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  EXPECT_EQ(link.garbled(), "");
  EXPECT_EQ(link.garbled(), "");
  EXPECT_EQ(link.garbled(), "close 1; signed_on > failed (unreadable: truncated); "
                            "answer 1 unknown garbled: unreadable: truncated; "
                            "answer 2 unknown garbled: unreadable: truncated");
}

TEST(LinkRequests, TakesNoMoreThanTheWindow) {
  link_options options;
  options.in_flight_max = 2;
  link_world link{options};
  link.sign_on();
  EXPECT_EQ(link.request(1), "write 0200");
  EXPECT_EQ(link.request(2, "0420"), "write 0420");
  EXPECT_EQ(link.request(3), "not_sent overloaded");
  EXPECT_EQ(link.request(4, "0420"), "not_sent overloaded");
  link.answer_request(1);
  EXPECT_EQ(link.request(3), "write 0200");
}

TEST(LinkRequests, RefusesWhatNobodyCouldFindTheAnswerOf) {
  link_world link;
  link.sign_on();
  const auto refused = [&](iso8583::message what) {
    return link.core().request({.id = {1}, .what = std::move(what), .deadline = link.now() + 1h},
                               link.now());
  };
  auto traceless = request_message(1);
  traceless.erase(11);
  EXPECT_EQ(refused(traceless)->why, not_sent_reason::malformed);
  EXPECT_EQ(refused(request_message(1, "0240"))->why, not_sent_reason::malformed);
  EXPECT_EQ(refused(request_message(1, "0210"))->why, not_sent_reason::malformed);
  EXPECT_EQ(refused(request_message(1, "0800"))->why, not_sent_reason::malformed);
  EXPECT_EQ(link.done(), "");
}

// ---- which answer belongs to which request ------------------------------------------------------

TEST(LinkRequests, RefusesARequestWhoseAnswerCouldBeThatOfAnother) {
  link_world link;
  link.sign_on();
  link.request(1);
  EXPECT_EQ(link.request(1), "not_sent duplicate");
  const auto refused = link.core().request(
      {.id = {2}, .what = request_message(1), .deadline = link.now() + 1h}, link.now());
  EXPECT_EQ(refused->why, not_sent_reason::duplicate);
  EXPECT_EQ(link.request(3), "write 0200");
}

TEST(LinkRequests, TheSameTraceNumberAtTwoTerminalsIsTwoRequests) {
  link_world link;
  link.sign_on();
  auto other = request_message(1);
  other.set(41, "TERM0002");
  link.request(1);
  EXPECT_FALSE(
      link.core().request({.id = {2}, .what = other, .deadline = link.now() + 1h}, link.now()));
  link.done();
  EXPECT_EQ(link.receive(answer_to(other)), "answer 2 answered 0210");
  EXPECT_EQ(link.answer_request(1), "answer 1 answered 0210");
}

TEST(LinkRequests, AnAnswerThatFitsTwoRequestsIsNobodys) {
  link_world link;
  link.sign_on();
  auto other = request_message(1);
  other.set(41, "TERM0002");
  link.request(1);
  EXPECT_FALSE(
      link.core().request({.id = {2}, .what = other, .deadline = link.now() + 1h}, link.now()));
  link.done();
  auto answer = answer_to(other);
  answer.erase(41);
  EXPECT_EQ(link.receive(answer), "unmatched ambiguous 0210");
  EXPECT_EQ(link.core().figures().in_flight, 2U);
}

TEST(LinkRequests, AnAnswerThatEchoesSomethingElseBelongsToAnother) {
  link_world link;
  link.sign_on();
  link.request(1);
  for (const int field : {7, 37, 41}) {
    auto foreign = answer_to(request_message(1));
    foreign.set(field, "0");
    EXPECT_EQ(link.receive(foreign), "unmatched unexpected 0210") << field;
  }
  auto foreign = answer_to(request_message(1));
  foreign.set_mti("0110");
  EXPECT_EQ(link.receive(foreign), "unmatched unexpected 0110");
  foreign.set_mti("0230");
  EXPECT_EQ(link.receive(foreign), "unmatched unexpected 0230");
}

TEST(LinkRequests, AnAnswerNeedNotEchoWhatIsNotRequired) {
  link_world link;
  link.sign_on();
  link.request(1);
  iso8583::message answer{"0210"};
  answer.set(11, stan_of(1));
  EXPECT_EQ(link.receive(answer), "answer 1 answered 0210");
}

TEST(LinkRequests, ARepeatIsAnsweredAsTheFirstSending) {
  link_world link;
  link.sign_on();
  EXPECT_EQ(link.request(1, "0421"), "write 0421");
  EXPECT_EQ(link.answer_request(1, "0420"), "answer 1 answered 0430");
}

TEST(LinkRequests, TheKeyIsAnOption) {
  link_options options;
  options.match = {.required = {11, 37}, .if_echoed = {}};
  link_world link{options};
  link.sign_on();
  link.request(1);
  auto answer = answer_to(request_message(1));
  answer.set(41, "OTHER");
  answer.erase(37);
  EXPECT_EQ(link.receive(answer), "unmatched unexpected 0210");
  answer.set(37, std::string{*request_message(1).find(37)});
  EXPECT_EQ(link.receive(answer), "answer 1 answered 0210");
}

TEST(LinkRequests, TheFieldsOfTheKeyAreNotRunTogether) {
  link_options options;
  options.match = {.required = {37, 41}, .if_echoed = {}};
  link_world link{options};
  link.sign_on();
  auto request = request_message(1);
  request.set(37, "12");
  request.set(41, "3");
  EXPECT_FALSE(
      link.core().request({.id = {1}, .what = request, .deadline = link.now() + 1h}, link.now()));
  link.done();
  auto answer = answer_to(request);
  answer.set(37, "1");
  answer.set(41, "23");
  EXPECT_EQ(link.receive(answer), "unmatched unexpected 0210");
}

// ---- late, twice, unknown -----------------------------------------------------------------------

TEST(LinkRequests, ALateAnswerIsToldWithItsRequestForADay) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.disconnected();
  link.pass(500ms);
  link.connected();
  link.own_answer();
  EXPECT_EQ(link.answer_request(1), "unmatched late 0210 of 1");
  link.disconnected();
  link.drain();
  link.pass(24h - 1s);
  EXPECT_EQ(link.answer_request(1), "unmatched late 0210 of 1");
  link.pass(2s);
  EXPECT_EQ(link.answer_request(1), "unmatched unexpected 0210");
}

TEST(LinkRequests, ALateAnswerOfAnOldConnectionIsToldToo) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.disconnected();
  link.core().received(1, answer_to(request_message(1)), link.now());
  EXPECT_EQ(link.done(), "unmatched late 0210 of 1");
}

TEST(LinkRequests, ASecondAnswerIsADuplicate) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.answer_request(1);
  EXPECT_EQ(link.answer_request(1), "unmatched duplicate 0210 of 1");
}

TEST(LinkRequests, ASecondAnswerIsADuplicateForTenMinutes) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.answer_request(1);
  link.drain();
  link.own_answer();
  link.resume();
  link.pass(10min + 1s);
  EXPECT_EQ(link.answer_request(1), "unmatched unexpected 0210");
}

TEST(LinkRequests, ALateAnswerToOneOfTwoSendingsIsNotAmbiguous) {
  link_world link;
  link.sign_on();
  link.request(1, "0420");
  link.pass(25s);
  link.request(1, "0421");
  link.disconnected();
  EXPECT_EQ(link.answer_request(1, "0420"), "unmatched late 0430 of 1");
}

TEST(LinkRequests, ForgetsTheOldestFirst) {
  link_options options;
  options.kept_max = 2;
  link_world link{options};
  link.sign_on();
  for (unsigned number = 1; number <= 3; ++number)
    link.request(number);
  link.pass(25s);
  EXPECT_EQ(link.answer_request(1), "unmatched unexpected 0210");
  EXPECT_EQ(link.answer_request(2), "unmatched late 0210 of 2");
  EXPECT_EQ(link.answer_request(3), "unmatched late 0210 of 3");
}

// A trace number comes again after a million messages. A bare answer could be that of the first.
TEST(LinkRequests, AnAnswerThatAlsoFitsALateRequestIsNobodys) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.pass(25s);
  auto again = request_message(1);
  again.set(37, "R99999999999");
  EXPECT_FALSE(
      link.core().request({.id = {2}, .what = again, .deadline = link.now() + 1h}, link.now()));
  link.done();
  iso8583::message bare{"0210"};
  bare.set(11, stan_of(1));
  EXPECT_EQ(link.receive(bare), "unmatched ambiguous 0210");
  EXPECT_EQ(link.receive(answer_to(again)), "answer 2 answered 0210");
}

TEST(LinkRequests, AnAnswerToARepeatIsNotAmbiguous) {
  link_world link;
  link.sign_on();
  link.request(1, "0420");
  link.pass(25s);
  link.request(1, "0421");
  EXPECT_EQ(link.answer_request(1, "0420"), "answer 1 answered 0430");
}

} // namespace
} // namespace ducat::device::test
