#include "alerts/outbox.hpp"

#include <gtest/gtest.h>

namespace ducat::alerts {
namespace {

using namespace std::chrono_literals;

log_time after(duration time) {
  return {static_cast<std::uint64_t>(time.count())};
}

TEST(Outbox, PostsOneAfterTheOther) {
  outbox box;
  EXPECT_FALSE(box.next(after(0s)));
  EXPECT_FALSE(box.put("a"));
  EXPECT_FALSE(box.put("b"));
  EXPECT_EQ(box.next(after(0s))->body, "a");
  EXPECT_FALSE(box.next(after(0s))) << "one is under way";
  box.heard(true, after(0s));
  EXPECT_EQ(box.next(after(0s))->body, "b");
  box.heard(true, after(0s));
  EXPECT_EQ(box.waiting(), 0u);
}

TEST(Outbox, TriesLaterAndLaterWithTheSameId) {
  outbox box;
  box.put("a");
  const auto first = box.next(after(0s));
  box.heard(false, after(0s));
  EXPECT_FALSE(box.next(after(999ms)));
  EXPECT_EQ(box.next(after(1s))->id, first->id);
  box.heard(false, after(1s));
  EXPECT_FALSE(box.next(after(2999ms)));
  ASSERT_TRUE(box.next(after(3s)));
  duration now = 3s;
  for (int i = 0; i < 20; ++i) {
    box.heard(false, after(now));
    now += 60s;
    ASSERT_TRUE(box.next(after(now))) << "never more than a minute";
  }
  box.heard(true, after(now));
  box.put("b");
  EXPECT_TRUE(box.next(after(now))) << "the next one has no pause";
}

TEST(Outbox, GivesTheOldestUpWhenTooManyWait) {
  outbox box;
  for (int i = 0; i < 1'000; ++i)
    EXPECT_FALSE(box.put(std::to_string(i)));
  const auto under_way = box.next(after(0s));
  EXPECT_EQ(under_way->body, "0");
  EXPECT_TRUE(box.put("1000"));
  EXPECT_EQ(box.waiting(), 1'000u);
  box.heard(true, after(0s));
  EXPECT_EQ(box.waiting(), 1'000u) << "that one was given up already: no other goes with it";
  EXPECT_EQ(box.next(after(0s))->body, "1");
}

} // namespace
} // namespace ducat::alerts
