#include "device/link_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace ducat::device::test {
namespace {

// ---- every state, every event -------------------------------------------------------------------

struct starting_point {
  std::string name;
  std::function<void(link_world&)> reach;
};

const std::vector<starting_point>& starting_points() {
  static const std::vector<starting_point> all{
      {"down", [](link_world&) {}},
      {"down, connecting", [](link_world& link) { link.resume(); }},
      {"connected",
       [](link_world& link) {
         link.resume();
         link.connected();
       }},
      {"signed_on", [](link_world& link) { link.sign_on(); }},
      {"signed_on, 1 under way",
       [](link_world& link) {
         link.sign_on();
         link.request(1);
       }},
      {"suspect, 1 under way",
       [](link_world& link) {
         link.sign_on();
         link.pass(40s);
         link.request(1);
         link.pass(10s);
       }},
      {"failed",
       [](link_world& link) {
         link.resume();
         link.disconnected();
       }},
      {"failed, connecting",
       [](link_world& link) {
         link.resume();
         link.disconnected();
         link.pass(500ms);
       }},
      {"draining, 1 under way",
       [](link_world& link) {
         link.sign_on();
         link.request(1);
         link.drain();
       }},
      {"draining, signing off",
       [](link_world& link) {
         link.sign_on();
         link.drain();
       }},
  };
  return all;
}

struct named_event {
  std::string name;
  std::function<std::string(link_world&)> happen;
};

const std::vector<named_event>& events() {
  static const std::vector<named_event> all{
      {"resume", [](link_world& link) { return link.resume(); }},
      {"drain", [](link_world& link) { return link.drain(); }},
      {"connected", [](link_world& link) { return link.connected(); }},
      {"disconnected", [](link_world& link) { return link.disconnected(); }},
      {"garbled", [](link_world& link) { return link.garbled(); }},
      {"stream lost", [](link_world& link) { return link.garbled(true); }},
      {"own answer 00", [](link_world& link) { return link.own_answer(); }},
      {"own answer 91", [](link_world& link) { return link.own_answer("91"); }},
      {"answer to 1", [](link_world& link) { return link.answer_request(1); }},
      {"echo asked", [](link_world& link) { return link.receive(network_request("301", 5, {})); }},
      {"payment 2", [](link_world& link) { return link.request(2); }},
      {"reversal 2", [](link_world& link) { return link.request(2, "0420"); }},
      {"10 s", [](link_world& link) { return link.pass(10s); }},
  };
  return all;
}

std::string transcript() {
  std::string all;
  for (const starting_point& from : starting_points()) {
    all += "\n== " + from.name + "\n";
    for (const named_event& event : events()) {
      link_world link;
      from.reach(link);
      const std::string done = event.happen(link);
      all += event.name + ": " + (done.empty() ? "-" : done) + "\n";
    }
  }
  return all;
}

TEST(LinkCore, DoesInEachStateAtEachEventWhatTheTableSays) {
  EXPECT_EQ(transcript(), R"(
== down
resume: connect 1
drain: -
connected: -
disconnected: -
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: -

== down, connecting
resume: -
drain: close 1
connected: down > connected (connected); write 0800/001
disconnected: down > failed (reset)
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: close 1; down > failed (no connection in time)

== connected
resume: -
drain: close 1; connected > down (drained)
connected: -
disconnected: connected > failed (reset)
garbled: -
stream lost: close 1; connected > failed (unreadable: truncated)
own answer 00: connected > signed_on (the sign-on was accepted)
own answer 91: close 1; connected > failed (the sign-on was refused: 91)
answer to 1: unmatched unexpected 0210
echo asked: write 0810/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: close 1; connected > failed (the sign-on was not answered)

== signed_on
resume: -
drain: signed_on > draining (asked for); write 0800/002
connected: -
disconnected: signed_on > failed (reset)
garbled: -
stream lost: close 1; signed_on > failed (unreadable: truncated)
own answer 00: unmatched unexpected 0810/001
own answer 91: unmatched unexpected 0810/001
answer to 1: unmatched unexpected 0210
echo asked: write 0810/301
payment 2: write 0200
reversal 2: write 0420
10 s: -

== signed_on, 1 under way
resume: -
drain: signed_on > draining (asked for)
connected: -
disconnected: signed_on > failed (reset); answer 1 unknown disconnected: reset
garbled: answer 1 unknown garbled: truncated
stream lost: close 1; signed_on > failed (unreadable: truncated); answer 1 unknown garbled: unreadable: truncated
own answer 00: unmatched unexpected 0810/001
own answer 91: unmatched unexpected 0810/001
answer to 1: answer 1 answered 0210
echo asked: write 0810/301
payment 2: write 0200
reversal 2: write 0420
10 s: -

== suspect, 1 under way
resume: -
drain: suspect > draining (asked for)
connected: -
disconnected: suspect > failed (reset); answer 1 unknown disconnected: reset
garbled: answer 1 unknown garbled: truncated
stream lost: close 1; suspect > failed (unreadable: truncated); answer 1 unknown garbled: unreadable: truncated
own answer 00: suspect > signed_on (it answers again)
own answer 91: close 1; suspect > failed (3 echoes missed); answer 1 unknown disconnected: 3 echoes missed
answer to 1: answer 1 answered 0210; suspect > signed_on (it answers again)
echo asked: write 0810/301
payment 2: not_sent suspect
reversal 2: write 0420
10 s: close 1; suspect > failed (3 echoes missed); answer 1 unknown disconnected: 3 echoes missed

== failed
resume: -
drain: failed > down (drained)
connected: -
disconnected: -
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: connect 2

== failed, connecting
resume: -
drain: close 2; failed > down (drained)
connected: failed > connected (connected); write 0800/001
disconnected: -
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: close 2

== draining, 1 under way
resume: draining > signed_on (resumed)
drain: -
connected: -
disconnected: draining > down (reset); answer 1 unknown disconnected: reset
garbled: answer 1 unknown garbled: truncated; write 0800/002
stream lost: close 1; draining > down (unreadable: truncated); answer 1 unknown garbled: unreadable: truncated
own answer 00: unmatched unexpected 0810/001
own answer 91: unmatched unexpected 0810/001
answer to 1: answer 1 answered 0210; write 0800/002
echo asked: write 0810/301
payment 2: not_sent draining
reversal 2: not_sent draining
10 s: -

== draining, signing off
resume: -
drain: -
connected: -
disconnected: draining > down (reset)
garbled: -
stream lost: close 1; draining > down (unreadable: truncated)
own answer 00: close 1; draining > down (signed off)
own answer 91: close 1; draining > down (signed off)
answer to 1: unmatched unexpected 0210
echo asked: write 0810/301
payment 2: not_sent draining
reversal 2: not_sent draining
10 s: close 1; draining > down (the sign-off was not answered)
)");
}

// ---- sign-on and echoes -------------------------------------------------------------------------

TEST(LinkCore, TakesPaymentsOnlyAfterTheSignOnWasAccepted) {
  link_world link;
  link.resume();
  link.connected();
  EXPECT_EQ(link.request(1), "not_sent not_signed_on");
  link.own_answer();
  EXPECT_EQ(link.request(1), "write 0200");
}

TEST(LinkCore, SendsEchoesOnlyWhenTheHostIsSilent) {
  link_world link;
  link.sign_on();
  for (unsigned number = 1; number <= 10; ++number) {
    EXPECT_EQ(link.pass(20s), "");
    link.request(number);
    link.answer_request(number);
  }
  EXPECT_EQ(link.pass(29s), "");
  EXPECT_EQ(link.pass(1s), "write 0800/301");
  EXPECT_EQ(link.own_answer(), "");
  EXPECT_EQ(link.pass(29s), "");
  EXPECT_EQ(link.pass(1s), "write 0800/301");
}

TEST(LinkCore, AskingUsIsNoAnswer) {
  link_world link;
  link.sign_on();
  link.pass(29s);
  link.receive(network_request("301", 5, {}));
  EXPECT_EQ(link.pass(1s), "write 0800/301");
}

TEST(LinkCore, TwoMissedEchoesSuspectAndThreeFail) {
  link_world link;
  link.sign_on();
  EXPECT_EQ(link.pass(30s), "write 0800/301");
  EXPECT_EQ(link.pass(10s), "write 0800/301");
  EXPECT_EQ(link.pass(10s), "signed_on > suspect (2 echoes missed); write 0800/301");
  EXPECT_EQ(link.pass(10s), "close 1; suspect > failed (3 echoes missed)");
}

TEST(LinkCore, AnAnsweredEchoClearsTheMissedOnes) {
  link_world link;
  link.sign_on();
  link.pass(50s);
  EXPECT_EQ(link.state(), link_state::suspect);
  EXPECT_EQ(link.own_answer(), "suspect > signed_on (it answers again)");
  EXPECT_EQ(link.pass(30s), "write 0800/301");
  EXPECT_EQ(link.pass(10s), "write 0800/301");
  EXPECT_EQ(link.core().figures().echoes_missed, 1U);
}

TEST(LinkCore, ItsOwnTraceNumbersStayInTheirRangeAndDiffer) {
  link_options options;
  options.network_stans = {.first = 900'000, .last = 900'004};
  link_world link{options};
  link.resume();
  link.connected();
  std::vector<std::string> stans;
  for (int i = 0; i < 6; ++i) {
    stans.push_back(link.own_stan());
    link.own_answer();
    link.pass(30s);
  }
  EXPECT_EQ(stans.front(), stans.back());
  std::ranges::sort(stans);
  stans.erase(std::unique(stans.begin(), stans.end()), stans.end());
  EXPECT_EQ(stans, (std::vector<std::string>{"900000", "900001", "900002", "900003", "900004"}));
}

TEST(LinkCore, ItsOwnMessagesHaveTheFieldsThatTheHostWants) {
  link_options options;
  options.network_fields = {{33, "12345"}, {41, "NODE0001"}};
  link_world link{options};
  link.resume();
  link.connected();
  EXPECT_EQ(link.own().find(33), "12345");
  EXPECT_EQ(link.own().find(41), "NODE0001");
}

// ---- connecting ---------------------------------------------------------------------------------

TEST(LinkCore, WaitsTwiceAsLongAfterEachConnectionThatFailed) {
  link_options options;
  options.backoff = {.initial = 500ms, .max = 3s, .jitter_percent = 0};
  link_world link{options};
  link.resume();
  for (const auto wait : {500ms, 1000ms, 2000ms, 3000ms, 3000ms}) {
    link.disconnected();
    EXPECT_EQ(link.pass(wait - 1ms), "");
    EXPECT_EQ(link.pass(1ms).substr(0, 7), "connect");
  }
  link.connected();
  link.own_answer();
  link.disconnected();
  EXPECT_EQ(link.pass(500ms).substr(0, 7), "connect")
      << "a sign-on makes the next wait short again";
}

TEST(LinkCore, JitterMakesAWaitShorterByUpToItsShare) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    link_options options;
    options.backoff = {.initial = 1000ms, .max = 3s, .jitter_percent = 20};
    link_world link{options, seed};
    link.resume();
    link.disconnected();
    EXPECT_EQ(link.pass(799ms), "") << seed;
    EXPECT_EQ(link.pass(201ms), "connect 2") << seed;
  }
}

TEST(LinkCore, NewsOfAnOldConnectionAreNone) {
  link_world link;
  link.sign_on();
  link.disconnected();
  link.pass(500ms);
  link.connected();
  link.own_answer();
  link.core().disconnected(1, "reset", link.now());
  link.core().garbled(1, "truncated", true, link.now());
  link.core().connected(1, link.now());
  EXPECT_EQ(link.done(), "");
}

// ---- outcomes -----------------------------------------------------------------------------------

TEST(LinkCore, AnAnswerIsTakenWhateverItSays) {
  link_world link;
  link.sign_on();
  link.request(1);
  EXPECT_EQ(link.receive(answer_to(request_message(1), "51")), "answer 1 answered 0210");
}

TEST(LinkCore, NoAnswerInTimeIsUnknown) {
  link_world link;
  link.sign_on();
  link.request(1);
  EXPECT_EQ(link.pass(24s), "");
  EXPECT_EQ(link.pass(1s), "answer 1 unknown timeout");
}

TEST(LinkCore, ADeadlineBeforeTheTimeoutCounts) {
  link_world link;
  link.sign_on();
  link.request(1, "0200", 3s);
  EXPECT_EQ(link.pass(3s), "answer 1 unknown timeout");
  EXPECT_EQ(link.request(2, "0200", 0s), "not_sent deadline_passed");
}

TEST(LinkCore, WhatCouldNotBeWrittenWasNotSent) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.core().unwritable({1}, "field 2, byte 4: bad_character");
  EXPECT_EQ(link.done(), "answer 1 not_sent malformed: field 2, byte 4: bad_character");
  EXPECT_EQ(link.request(1), "write 0200") << "nothing is kept of it";
}

TEST(LinkCore, AGarbledMessageAmongManyTellsOfNone) {
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

TEST(LinkCore, TakesNoMoreThanTheWindow) {
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

TEST(LinkCore, RefusesWhatNobodyCouldFindTheAnswerOf) {
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

TEST(LinkCore, RefusesARequestWhoseAnswerCouldBeThatOfAnother) {
  link_world link;
  link.sign_on();
  link.request(1);
  EXPECT_EQ(link.request(1), "not_sent duplicate");
  const auto refused = link.core().request(
      {.id = {2}, .what = request_message(1), .deadline = link.now() + 1h}, link.now());
  EXPECT_EQ(refused->why, not_sent_reason::duplicate);
  EXPECT_EQ(link.request(3), "write 0200");
}

TEST(LinkCore, TheSameTraceNumberAtTwoTerminalsIsTwoRequests) {
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

TEST(LinkCore, AnAnswerThatFitsTwoRequestsIsNobodys) {
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

TEST(LinkCore, AnAnswerThatEchoesSomethingElseBelongsToAnother) {
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

TEST(LinkCore, AnAnswerNeedNotEchoWhatIsNotRequired) {
  link_world link;
  link.sign_on();
  link.request(1);
  iso8583::message answer{"0210"};
  answer.set(11, stan_of(1));
  EXPECT_EQ(link.receive(answer), "answer 1 answered 0210");
}

TEST(LinkCore, ARepeatIsAnsweredAsTheFirstSending) {
  link_world link;
  link.sign_on();
  EXPECT_EQ(link.request(1, "0421"), "write 0421");
  EXPECT_EQ(link.answer_request(1, "0420"), "answer 1 answered 0430");
}

TEST(LinkCore, TheKeyIsAnOption) {
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

// ---- late, twice, unknown -----------------------------------------------------------------------

TEST(LinkCore, ALateAnswerIsToldWithItsRequestForADay) {
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

TEST(LinkCore, ALateAnswerOfAnOldConnectionIsToldToo) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.disconnected();
  link.core().received(1, answer_to(request_message(1)), link.now());
  EXPECT_EQ(link.done(), "unmatched late 0210 of 1");
}

TEST(LinkCore, ASecondAnswerIsADuplicate) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.answer_request(1);
  EXPECT_EQ(link.answer_request(1), "unmatched duplicate 0210 of 1");
}

TEST(LinkCore, ForgetsTheOldestFirst) {
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
TEST(LinkCore, AnAnswerThatAlsoFitsALateRequestIsNobodys) {
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

TEST(LinkCore, AnAnswerToARepeatIsNotAmbiguous) {
  link_world link;
  link.sign_on();
  link.request(1, "0420");
  link.pass(25s);
  link.request(1, "0421");
  EXPECT_EQ(link.answer_request(1, "0420"), "answer 1 answered 0430");
}

// ---- grey failure -------------------------------------------------------------------------------

/// Echoes are answered, requests are not. Returns what was done but for echoes.
std::string pass_with_echoes(link_world& link, duration by) {
  std::string all;
  for (const time_point end = link.now() + by; link.now() < end;) {
    std::string done = link.pass(1s);
    const std::string echo = "write 0800/301";
    if (done.ends_with(echo)) {
      done.resize(done.size() - std::min(done.size(), echo.size() + (done == echo ? 0 : 2)));
      done += link.own_answer();
    }
    all += done.empty() ? "" : done + "; ";
  }
  return all;
}

TEST(LinkCore, ALinkThatAnswersEchoesButNoRequestsIsSuspect) {
  link_world link;
  link.sign_on();
  link.pass(5s);
  link.request(1);
  link.request(2);
  EXPECT_EQ(pass_with_echoes(link, 29s), "answer 1 unknown timeout; answer 2 unknown timeout; ");
  EXPECT_EQ(pass_with_echoes(link, 1s), "signed_on > suspect (no request was answered for 30 s); ");
  EXPECT_EQ(link.request(3), "not_sent suspect");
}

TEST(LinkCore, OneRequestThatTimesOutIsNoSilence) {
  link_world link;
  link.sign_on();
  link.request(1);
  pass_with_echoes(link, 2min);
  EXPECT_EQ(link.state(), link_state::signed_on);
}

TEST(LinkCore, TooManyTimeoutsAmongAnswersSuspect) {
  link_world link;
  link.sign_on();
  for (unsigned number = 1; number <= 15; ++number) {
    link.request(number);
    link.answer_request(number);
  }
  for (unsigned number = 16; number <= 19; ++number)
    link.request(number);
  link.request(20, "0200", 26s);
  link.pass(1s);
  link.request(21);
  link.pass(2s);
  link.answer_request(21);
  EXPECT_NE(link.pass(22s).find("signed_on > suspect (5 of the last 20 requests timed out)"),
            std::string::npos);
}

TEST(LinkCore, AnsweredReversalBringsASuspectLinkBack) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 30s);
  EXPECT_EQ(link.request(3, "0420"), "write 0420");
  EXPECT_EQ(link.answer_request(3, "0420"),
            "answer 3 answered 0430; suspect > signed_on (a request was answered)");
  EXPECT_EQ(link.request(4), "write 0200");
  EXPECT_EQ(link.request(5), "write 0200") << "it is not on trial";
}

TEST(LinkCore, AnAnswerToWhatWasSentBeforeDoesNotBringItBack) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 10s);
  link.request(3);
  pass_with_echoes(link, 20s);
  EXPECT_EQ(link.answer_request(3), "answer 3 answered 0210");
  EXPECT_EQ(link.state(), link_state::suspect);
}

TEST(LinkCore, AfterThePauseItTakesOnePaymentAtATime) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 30s);
  EXPECT_EQ(pass_with_echoes(link, 59s), "");
  EXPECT_EQ(pass_with_echoes(link, 1s),
            "suspect > signed_on (the pause is over: one request at a time); ");
  EXPECT_EQ(link.request(3), "write 0200");
  EXPECT_EQ(link.request(4), "not_sent suspect");
  EXPECT_EQ(link.answer_request(3), "answer 3 answered 0210");
  EXPECT_EQ(link.request(4), "write 0200");
  EXPECT_EQ(link.request(5), "write 0200");
}

TEST(LinkCore, APaymentOnTrialThatTimesOutSuspectsAtOnce) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 90s);
  link.request(3);
  EXPECT_EQ(pass_with_echoes(link, 25s),
            "answer 3 unknown timeout; signed_on > suspect (the request on trial timed out); ");
}

TEST(LinkCore, ANewConnectionIsNotSuspect) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 30s);
  link.disconnected();
  link.pass(500ms);
  link.connected();
  link.own_answer();
  EXPECT_EQ(link.state(), link_state::signed_on);
}

// ---- draining -----------------------------------------------------------------------------------

TEST(LinkCore, DrainingWaitsForWhatIsUnderWayThenSignsOff) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  EXPECT_EQ(link.drain(), "signed_on > draining (asked for)");
  EXPECT_EQ(link.request(3), "not_sent draining");
  EXPECT_EQ(link.answer_request(1), "answer 1 answered 0210");
  EXPECT_EQ(link.pass(25s), "answer 2 unknown timeout; write 0800/002");
  EXPECT_EQ(link.own_answer(), "close 1; draining > down (signed off)");
  EXPECT_EQ(link.pass(1h), "") << "it stays down";
}

TEST(LinkCore, ResumedWhileSigningOffItComesBack) {
  link_world link;
  link.sign_on();
  link.drain();
  link.resume();
  EXPECT_EQ(link.own_answer(), "close 1; draining > down (signed off); connect 2");
}

TEST(LinkCore, ResumedWhileSuspectItIsStillSuspect) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.pass(50s);
  link.request(2, "0420");
  link.drain();
  EXPECT_EQ(link.resume(), "draining > suspect (resumed)");
}

} // namespace
} // namespace ducat::device::test
