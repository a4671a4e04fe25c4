#include <ducat/device/saf_core.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ducat::device {
namespace {

using namespace std::chrono_literals;

/// A store whose clock the test moves. Its waits have no jitter unless told so.
class saf_world {
public:
  explicit saf_world(saf_options options = {}) : core_{steady(options), 7} {}

  saf_core& core() { return core_; }

  bool add(unsigned id, std::string key = "a", duration age = {}, std::uint32_t sendings = 0) {
    return core_.add({.id = {id}, .key = std::move(key), .age = age, .sendings = sendings}, now_);
  }

  /// Returns what is sent now, such as "1 2r": an r is a repeat.
  std::string sent() {
    std::string all;
    for (const auto& each : core_.take_sendings(now_))
      all += (all.empty() ? "" : " ") + to_string(each.id) + (each.is_repeat ? "r" : "");
    return all;
  }

  std::string exhausted() {
    std::string all;
    for (const auto& each : core_.take_exhausted(now_))
      all += (all.empty() ? "" : " ") + to_string(each.id) + ":" + std::string{to_string(each.why)};
    return all;
  }

  void answered(unsigned id) { core_.answered({id}); }

  void unanswered(unsigned id) { core_.unanswered({id}, now_); }

  void not_sent(unsigned id) { core_.not_sent({id}, now_); }

  void pass(duration by) { now_ += by; }

  time_point now() const { return now_; }

private:
  static saf_options steady(saf_options options) {
    options.backoff.jitter_percent = 0;
    return options;
  }

  saf_core core_;
  time_point now_{1h};
};

TEST(SafCore, SendsOneOfAKeyAtATimeInTheOrderInWhichTheyCame) {
  saf_world saf;
  saf.add(1);
  saf.add(2);
  saf.add(3);
  EXPECT_EQ(saf.sent(), "1");
  EXPECT_EQ(saf.sent(), "");
  saf.answered(1);
  EXPECT_EQ(saf.sent(), "2");
  saf.answered(2);
  EXPECT_EQ(saf.sent(), "3");
}

TEST(SafCore, AnUnansweredItemHoldsUpItsKeyAndNoOther) {
  saf_world saf;
  saf.add(1, "a");
  saf.add(2, "a");
  saf.add(3, "b");
  EXPECT_EQ(saf.sent(), "1 3");
  saf.unanswered(1);
  EXPECT_EQ(saf.sent(), "");
  saf.pass(1s);
  EXPECT_EQ(saf.sent(), "1r");
  saf.answered(1);
  EXPECT_EQ(saf.sent(), "2");
}

TEST(SafCore, NoMoreKeysAreUnderWayThanTheWindow) {
  saf_world saf;
  for (unsigned id = 1; id <= 40; ++id)
    saf.add(id, std::to_string(id));
  EXPECT_EQ(saf.core().take_sendings(saf.now()).size(), 32U);
  EXPECT_EQ(saf.sent(), "");
  saf.answered(5);
  EXPECT_EQ(saf.sent(), "33");
  EXPECT_EQ(saf.core().under_way(), 32U);
}

TEST(SafCore, FromTheSecondSendingOnItIsARepeat) {
  saf_world saf;
  saf.add(1);
  EXPECT_EQ(saf.sent(), "1");
  saf.unanswered(1);
  saf.pass(1s);
  EXPECT_EQ(saf.sent(), "1r");
  iso8583::message stored{"0420"};
  stored.set(11, "000001");
  const auto first = as_sent(stored, {.id = {1}, .number = 1, .is_repeat = false});
  EXPECT_EQ(first, stored);
  const auto second = as_sent(stored, {.id = {1}, .number = 2, .is_repeat = true});
  EXPECT_EQ(second.mti(), "0421");
  EXPECT_EQ(second.fields(), stored.fields());
}

TEST(SafCore, WhatWasNotSentIsNoSending) {
  saf_options options;
  options.tries_max = 2;
  saf_world saf{options};
  saf.add(1);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(saf.sent(), "1");
    saf.not_sent(1);
    saf.pass(1min);
  }
  EXPECT_EQ(saf.exhausted(), "");
}

TEST(SafCore, WhatTheLogSaysWasSentIsARepeat) {
  saf_world saf;
  saf.add(1, "a", {}, 1);
  EXPECT_EQ(saf.sent(), "1r");
}

TEST(SafCore, WaitsTwiceAsLongEachTime) {
  saf_options options;
  options.backoff = {.initial = 1s, .max = 3s, .jitter_percent = 0};
  saf_world saf{options};
  saf.add(1);
  saf.sent();
  for (const auto wait : {1s, 2s, 3s, 3s}) {
    saf.unanswered(1);
    EXPECT_EQ(saf.core().wake_at(), saf.now() + wait);
    saf.pass(wait - 1ms);
    EXPECT_EQ(saf.sent(), "");
    saf.pass(1ms);
    EXPECT_EQ(saf.sent(), "1r");
  }
}

TEST(SafCore, AGoodLinkEndsTheWaits) {
  saf_world saf;
  saf.add(1, "a");
  saf.add(2, "b");
  saf.sent();
  saf.not_sent(1);
  saf.not_sent(2);
  saf.core().hurry(saf.now());
  EXPECT_EQ(saf.sent(), "1 2");
}

TEST(SafCore, AnItemSentTooOftenIsExhaustedAndStaysListed) {
  saf_options options;
  options.tries_max = 2;
  saf_world saf{options};
  saf.add(1);
  saf.add(2);
  saf.sent();
  saf.unanswered(1);
  saf.pass(1s);
  EXPECT_EQ(saf.sent(), "1r");
  saf.unanswered(1);
  EXPECT_EQ(saf.exhausted(), "1:tries");
  EXPECT_EQ(saf.exhausted(), "") << "it is told once";
  saf.pass(1h);
  EXPECT_EQ(saf.sent(), "") << "what comes after it may rest on it";
  EXPECT_EQ(saf.core().state_of({1}), saf_state::exhausted);
  EXPECT_EQ(saf.core().size(), 2U);
}

TEST(SafCore, AnItemThatIsTooOldIsExhausted) {
  saf_world saf;
  saf.add(1, "a", 23h);
  saf.add(2, "a");
  EXPECT_EQ(saf.sent(), "1");
  saf.pass(1h);
  EXPECT_EQ(saf.exhausted(), "") << "it may be answered yet";
  saf.unanswered(1);
  EXPECT_EQ(saf.sent(), "");
  EXPECT_EQ(saf.exhausted(), "1:age");
  EXPECT_EQ(saf.core().wake_at(), saf.now() + 23h);
  saf.pass(23h);
  EXPECT_EQ(saf.exhausted(), "2:age") << "also behind another";
}

TEST(SafCore, ADiscardedItemLetsTheNextOneGo) {
  saf_options options;
  options.tries_max = 1;
  saf_world saf{options};
  saf.add(1);
  saf.add(2);
  saf.sent();
  EXPECT_FALSE(saf.core().discard({1})) << "it is under way";
  saf.unanswered(1);
  EXPECT_TRUE(saf.core().discard({1}));
  EXPECT_EQ(saf.sent(), "2");
  EXPECT_FALSE(saf.core().discard({7}));
}

TEST(SafCore, WhatStandsBehindIsDiscardedWithoutTheFirstBeingSentSooner) {
  saf_world saf;
  saf.add(1);
  saf.add(2, "a", 24h);
  EXPECT_EQ(saf.sent(), "1");
  saf.unanswered(1);
  EXPECT_EQ(saf.exhausted(), "2:age");
  EXPECT_TRUE(saf.core().discard({2}));
  EXPECT_EQ(saf.sent(), "");
  saf.pass(1s);
  EXPECT_EQ(saf.sent(), "1r");
}

TEST(SafCore, AnExhaustedItemIsNotSentWhenItComesToBeTheFirst) {
  saf_world saf;
  saf.add(1, "a", 24h);
  saf.add(2, "a", 24h);
  EXPECT_EQ(saf.exhausted(), "1:age 2:age");
  EXPECT_TRUE(saf.core().discard({1}));
  EXPECT_EQ(saf.sent(), "");
}

TEST(SafCore, ARetriedItemStillWaitsForTheOneBeforeIt) {
  saf_world saf;
  saf.add(1, "a", 24h);
  saf.add(2, "a", 24h);
  saf.exhausted();
  EXPECT_TRUE(saf.core().retry({2}, saf.now()));
  EXPECT_EQ(saf.sent(), "");
  EXPECT_TRUE(saf.core().discard({1}));
  EXPECT_EQ(saf.sent(), "2");
}

TEST(SafCore, ARetriedItemIsSentAgainAsOftenAsANewOne) {
  saf_options options;
  options.tries_max = 2;
  saf_world saf{options};
  saf.add(1, "a", {}, 2);
  EXPECT_EQ(saf.exhausted(), "1:tries");
  EXPECT_TRUE(saf.core().retry({1}, saf.now()));
  EXPECT_EQ(saf.sent(), "1r");
  saf.unanswered(1);
  saf.pass(1s);
  EXPECT_EQ(saf.sent(), "1r");
  saf.unanswered(1);
  EXPECT_EQ(saf.exhausted(), "1:tries");
}

TEST(SafCore, ARetriedItemIsARepeat) {
  saf_options options;
  options.tries_max = 1;
  saf_world saf{options};
  saf.add(1);
  saf.sent();
  saf.unanswered(1);
  saf.exhausted();
  EXPECT_TRUE(saf.core().retry({1}, saf.now()));
  EXPECT_EQ(saf.sent(), "1r");
  saf.unanswered(1);
  EXPECT_EQ(saf.exhausted(), "1:tries");
}

TEST(SafCore, AnItemThatWasSettledElsewhereIsListedNoMoreAndLetsTheNextOneGo) {
  saf_world saf;
  saf.add(1);
  saf.add(2);
  saf.add(3, "b");
  EXPECT_TRUE(saf.core().withdraw({1}));
  EXPECT_FALSE(saf.core().withdraw({1}));
  EXPECT_EQ(saf.sent(), "2 3");
  EXPECT_FALSE(saf.core().withdraw({2})) << "it is under way";
  saf.unanswered(2);
  EXPECT_TRUE(saf.core().withdraw({2}));
  saf.pass(25h);
  EXPECT_EQ(saf.exhausted(), "") << "nothing is left that could be too old";
  EXPECT_EQ(saf.core().size(), 1u);
}

TEST(SafCore, AnExhaustedItemThatWasSettledElsewhereIsNotTold) {
  saf_world saf{{.tries_max = 1}};
  saf.add(1);
  saf.sent();
  saf.unanswered(1);
  EXPECT_TRUE(saf.core().withdraw({1}));
  EXPECT_EQ(saf.exhausted(), "");
}

TEST(SafCore, TheSameItemIsNotTakenTwice) {
  saf_world saf;
  EXPECT_TRUE(saf.add(1));
  EXPECT_FALSE(saf.add(1, "b"));
  EXPECT_EQ(saf.sent(), "1");
  EXPECT_FALSE(saf.add(1));
  saf.answered(1);
  EXPECT_EQ(saf.core().size(), 0U);
}

TEST(SafCore, NewsOfWhatIsNotUnderWayAreNone) {
  saf_world saf;
  saf.add(1);
  saf.answered(1);
  saf.unanswered(1);
  saf.not_sent(1);
  saf.answered(2);
  EXPECT_EQ(saf.core().size(), 1U);
  EXPECT_EQ(saf.core().under_way(), 0U);
  EXPECT_EQ(saf.sent(), "1");
}

} // namespace
} // namespace ducat::device
