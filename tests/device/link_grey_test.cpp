/// A link that answers echoes but no requests.

#include "device/link_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ducat::device::test {
namespace {

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

TEST(LinkGrey, ALinkThatAnswersEchoesButNoRequestsIsSuspect) {
  link_world link;
  link.sign_on();
  link.pass(5s);
  link.request(1);
  link.request(2);
  EXPECT_EQ(pass_with_echoes(link, 29s), "answer 1 unknown timeout; answer 2 unknown timeout; ");
  EXPECT_EQ(pass_with_echoes(link, 1s), "signed_on > suspect (no request was answered for 30 s); ");
  EXPECT_EQ(link.request(3), "not_sent suspect");
}

TEST(LinkGrey, OneRequestThatTimesOutIsNoSilence) {
  link_world link;
  link.sign_on();
  link.request(1);
  pass_with_echoes(link, 2min);
  EXPECT_EQ(link.state(), link_state::signed_on);
}

TEST(LinkGrey, SilenceBeginsWithTheFirstRequestThatIsNotAnswered) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.answer_request(1);
  pass_with_echoes(link, 1h);
  link.request(2);
  link.request(3);
  pass_with_echoes(link, 29s);
  EXPECT_EQ(link.state(), link_state::signed_on);
  pass_with_echoes(link, 1s);
  EXPECT_EQ(link.state(), link_state::suspect);
}

TEST(LinkGrey, AnAnswerEndsTheSilence) {
  link_world link;
  link.sign_on();
  link.request(1);
  pass_with_echoes(link, 25s);
  link.request(2);
  link.answer_request(2);
  link.request(3);
  pass_with_echoes(link, 1min);
  EXPECT_EQ(link.state(), link_state::signed_on);
}

TEST(LinkGrey, OnlyTheLastRequestsCount) {
  link_world link;
  link.sign_on();
  unsigned number = 1;
  for (int round = 0; round < 5; ++round) {
    link.request(number++);
    pass_with_echoes(link, 25s);
    for (int good = 0; good < 20; ++good) {
      link.request(number);
      link.answer_request(number++);
    }
  }
  EXPECT_EQ(link.state(), link_state::signed_on);
}

TEST(LinkGrey, ThePauseBeginsAgainAtEachTimeout) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 40s);
  link.request(3, "0420");
  link.request(4, "0420");
  pass_with_echoes(link, 25s);
  pass_with_echoes(link, 59s);
  EXPECT_EQ(link.state(), link_state::suspect);
  pass_with_echoes(link, 1s);
  EXPECT_EQ(link.state(), link_state::signed_on);
}

TEST(LinkGrey, TooManyTimeoutsAmongAnswersSuspect) {
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

TEST(LinkGrey, AnAnsweredReversalBringsASuspectLinkBack) {
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

TEST(LinkGrey, AnAnswerToWhatWasSentBeforeDoesNotBringItBack) {
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

TEST(LinkGrey, AfterThePauseItTakesOnePaymentAtATime) {
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

TEST(LinkGrey, APaymentOnTrialThatTimesOutSuspectsAtOnce) {
  link_world link;
  link.sign_on();
  link.request(1);
  link.request(2);
  pass_with_echoes(link, 90s);
  link.request(3);
  EXPECT_EQ(pass_with_echoes(link, 25s),
            "answer 3 unknown timeout; signed_on > suspect (the request on trial timed out); ");
}

TEST(LinkGrey, ANewConnectionIsNotSuspect) {
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
  EXPECT_EQ(pass_with_echoes(link, 2min), "");
  EXPECT_EQ(link.request(3), "write 0200");
  EXPECT_EQ(link.request(4), "write 0200") << "nor is it on trial";
}

} // namespace
} // namespace ducat::device::test
