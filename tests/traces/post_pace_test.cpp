/// What becomes of posted spans: the rules of OTLP/HTTP.

#include "traces/post_pace.hpp"

#include <gtest/gtest.h>

namespace ducat::traces {
namespace {

log_time at_s(std::uint64_t seconds) {
  return {(1'000 + seconds) * 1'000'000'000};
}

/// Posts, and hears of it at once.
void post(post_pace& pace, fate what, std::uint64_t when_s, std::uint64_t retry_after_s = 0) {
  ASSERT_TRUE(pace.may_post(at_s(when_s)));
  pace.posted();
  EXPECT_FALSE(pace.may_post(at_s(when_s + 1'000))) << "one is under way";
  pace.heard(what, retry_after_s, at_s(when_s));
}

TEST(FateOf, OnlySomeAnswersSayThatItMayBeTakenLater) {
  for (const std::uint32_t status : {200u, 202u, 204u})
    EXPECT_EQ(fate_of(status), fate::sent) << status;
  for (const std::uint32_t status : {0u, 429u, 502u, 503u, 504u})
    EXPECT_EQ(fate_of(status), fate::again) << status;
  for (const std::uint32_t status : {100u, 301u, 400u, 401u, 404u, 413u, 500u, 501u, 505u})
    EXPECT_EQ(fate_of(status), fate::dropped) << status;
}

TEST(PostPace, WhatIsTakenOrRefusedIsFollowedAtOnce) {
  post_pace pace;
  post(pace, fate::sent, 0);
  post(pace, fate::dropped, 0);
  EXPECT_TRUE(pace.may_post(at_s(0)));
}

TEST(PostPace, WaitsTwiceAsLongEachTime) {
  post_pace pace;
  std::uint64_t now = 0;
  for (const std::uint64_t pause : {1, 2, 4, 8, 16, 32, 60, 60}) {
    post(pace, fate::again, now);
    EXPECT_FALSE(pace.may_post({at_s(now + pause).nanoseconds - 1})) << pause;
    now += pause;
    EXPECT_TRUE(pace.may_post(at_s(now))) << pause;
  }
  EXPECT_EQ(pace.failures(), 8u);
  post(pace, fate::sent, now);
  EXPECT_EQ(pace.failures(), 0u);
  post(pace, fate::again, now);
  EXPECT_TRUE(pace.may_post(at_s(now + 1))) << "it begins again";
}

TEST(PostPace, WaitsAsLongAsItIsAskedToButNotForEver) {
  post_pace pace;
  post(pace, fate::again, 0, 30);
  EXPECT_FALSE(pace.may_post(at_s(29)));
  post(pace, fate::again, 30, 1'000'000'000'000);
  EXPECT_FALSE(pace.may_post(at_s(89)));
  EXPECT_TRUE(pace.may_post(at_s(90)));
}

} // namespace
} // namespace ducat::traces
