#include "supervision/mailbox_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

namespace ducat::supervision {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::uint64_t> take_all(mailbox_core& box) {
  std::vector<std::uint64_t> taken;
  while (const auto next = box.next())
    taken.push_back(*next);
  return taken;
}

mailbox_core with_three(mailbox_spec spec) {
  mailbox_core box{spec};
  for (int i = 0; i < 3; ++i)
    box.add();
  return box;
}

TEST(MailboxCore, GivesOneMessageAtATimeInOrder) {
  auto box = with_three({.fate = mailbox_fate::keep});
  EXPECT_EQ(box.next(), 1u);
  EXPECT_EQ(box.next(), std::nullopt);
  box.answered(1);
  EXPECT_EQ(box.next(), 2u);
}

TEST(MailboxCore, GivesAsManyAsMayBeInHand) {
  auto box = with_three({.fate = mailbox_fate::keep, .in_hand_max = 2});
  EXPECT_THAT(take_all(box), ElementsAre(1, 2));
}

TEST(MailboxCore, TakesNoMoreThanItsCapacity) {
  mailbox_core box{{.fate = mailbox_fate::keep, .capacity = 2}};
  EXPECT_TRUE(box.add());
  EXPECT_TRUE(box.add());
  EXPECT_FALSE(box.add());
  box.next();
  EXPECT_TRUE(box.add());
}

TEST(MailboxCore, GivesTheNextLifeWhatWasInHandFirst) {
  auto box = with_three({.fate = mailbox_fate::keep, .in_hand_max = 2});
  take_all(box);
  EXPECT_THAT(box.life_over(true), IsEmpty());
  EXPECT_THAT(take_all(box), ElementsAre(1, 2));
}

TEST(MailboxCore, GivesUpWhatWasInHandIfOnlyTheRestIsKept) {
  auto box = with_three({.fate = mailbox_fate::keep_rest});
  box.next();
  const auto lost = box.life_over(true);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].message, 1u);
  EXPECT_TRUE(lost[0].was_in_hand);
  EXPECT_FALSE(lost[0].is_poison);
  EXPECT_EQ(box.next(), 2u);
}

TEST(MailboxCore, QuarantinesAMessageThatWasInHandAtTooManyCrashes) { // X5
  auto box = with_three({.fate = mailbox_fate::keep, .poison_after = 3});
  for (int crash = 1; crash < 3; ++crash) {
    EXPECT_EQ(box.next(), 1u);
    EXPECT_THAT(box.life_over(true), IsEmpty());
  }
  box.next();
  const auto lost = box.life_over(true);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].crashes, 3u);
  EXPECT_TRUE(lost[0].is_poison);
  EXPECT_EQ(box.next(), 2u);
}

TEST(MailboxCore, BlamesNoMessageForAnEndThatWasNoCrash) {
  auto box = with_three({.fate = mailbox_fate::keep, .poison_after = 1});
  box.next();
  EXPECT_THAT(box.life_over(false), IsEmpty());
  EXPECT_EQ(box.next(), 1u);
}

TEST(MailboxCore, SaysAtTheEndWhatWasEverInHand) {
  auto box = with_three({.fate = mailbox_fate::keep});
  box.next();
  box.life_over(true);
  const auto left = box.close();
  ASSERT_EQ(left.size(), 3u);
  EXPECT_TRUE(left[0].was_in_hand);
  EXPECT_EQ(left[0].crashes, 1u);
  EXPECT_FALSE(left[1].was_in_hand);
  EXPECT_EQ(box.next(), std::nullopt);
}

/// Whatever happens, each message is answered, given up or still there, once, and in order.
TEST(MailboxCore, LosesAndDoublesNothing) {
  const char* const given = std::getenv("DUCAT_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : 20251125;
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (const auto fate : {mailbox_fate::keep, mailbox_fate::keep_rest}) {
    mailbox_core box{{.fate = fate, .capacity = 20, .in_hand_max = 3, .poison_after = 2}};
    std::set<std::uint64_t> open;
    std::vector<std::uint64_t> hand;
    const auto close = [&](std::uint64_t message) { ASSERT_EQ(open.erase(message), 1u); };
    for (int step = 0; step < 20'000; ++step) {
      switch (random() % 5) {
      case 0:
      case 1:
        if (const auto message = box.add())
          open.insert(*message);
        break;
      case 2:
        if (const auto message = box.next()) {
          ASSERT_TRUE(open.contains(*message));
          ASSERT_TRUE(hand.empty() || hand.back() < *message);
          hand.push_back(*message);
        }
        break;
      case 3:
        if (!hand.empty()) {
          const auto done = hand.begin() + static_cast<std::ptrdiff_t>(random() % hand.size());
          box.answered(*done);
          close(*done);
          hand.erase(done);
        }
        break;
      default:
        if (random() % 8 == 0) {
          for (const auto& lost : box.life_over(random() % 2 == 0))
            close(lost.message);
          hand.clear();
        }
      }
      ASSERT_LE(hand.size(), 3u);
    }
    for (const auto& left : box.close())
      close(left.message);
    EXPECT_THAT(open, IsEmpty());
  }
}

} // namespace
} // namespace ducat::supervision
