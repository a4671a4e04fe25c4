#include "device/link_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ducat::device::test {
namespace {

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

// The listener has to hear of it: a day ends with a cut-over.
TEST(LinkCore, ACutOverOfTheHostIsAcceptedAndTold) {
  link_world link;
  link.sign_on();
  EXPECT_EQ(link.receive(network_request("201", 5, {})),
            "write 0810/201; unmatched request 0800/201");
  EXPECT_EQ(link.own().find(39), "00");
}

// There is no key that could be changed: to accept it would be a lie.
TEST(LinkCore, AKeyChangeIsAnsweredNotSupported) {
  link_world link;
  link.sign_on();
  link.receive(network_request("161", 5, {}));
  EXPECT_EQ(link.own().find(39), "40");
}

TEST(LinkCore, WhatElseTheHostAsksIsToldAndNotAnswered) {
  link_world link;
  link.sign_on();
  EXPECT_EQ(link.receive(network_request("001", 5, {})), "unmatched request 0800/001");
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

TEST(LinkCore, ANewConnectionHasMissedNoEchoes) {
  link_world link;
  link.sign_on();
  link.pass(50s);
  link.disconnected();
  link.pass(500ms);
  link.connected();
  link.own_answer();
  EXPECT_EQ(link.core().figures().echoes_missed, 0U);
  link.pass(40s);
  EXPECT_EQ(link.state(), link_state::signed_on);
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

TEST(LinkCore, DrainingDoesNotWaitForAnEcho) {
  link_world link;
  link.sign_on();
  EXPECT_EQ(link.pass(30s), "write 0800/301");
  EXPECT_EQ(link.drain(), "signed_on > draining (asked for); write 0800/002");
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
