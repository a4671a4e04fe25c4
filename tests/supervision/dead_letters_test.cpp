#include <ducat/dead_letters.hpp>

#include <caf/make_message.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace ducat {
namespace {

using ::testing::ElementsAre;

dead_letter letter(int number, dead_letter_cause cause = dead_letter_cause::poison) {
  dead_letter made;
  made.path = "pool";
  made.cause = cause;
  made.crashes = 3;
  made.last_crash = {exit_kind::crashed, "boom"};
  made.body = caf::make_message(number);
  made.key = 7;
  return made;
}

std::vector<std::uint64_t> ids(const dead_letters& letters) {
  std::vector<std::uint64_t> all;
  for (const dead_letter& each : letters.list())
    all.push_back(each.id);
  return all;
}

TEST(DeadLetters, GivesEachLetterAnIdAndAText) {
  dead_letters letters;
  EXPECT_EQ(letters.add(letter(42)), 1u);
  EXPECT_EQ(letters.add(letter(43)), 2u);
  const auto found = letters.find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, 1u);
  EXPECT_EQ(found->text, "(42)");
}

TEST(DeadLetters, KeepsWhatItWasGiven) {
  dead_letters letters;
  letters.add(letter(42));
  const auto found = letters.find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path, "pool");
  EXPECT_EQ(found->cause, dead_letter_cause::poison);
  EXPECT_EQ(found->crashes, 3u);
  EXPECT_EQ(found->last_crash.detail, "boom");
  EXPECT_EQ(found->body.get_as<int>(0), 42);
  EXPECT_EQ(found->key, 7u);
}

TEST(DeadLetters, DescribesMessagesAsItIsTold) {
  dead_letters letters;
  letters.describe_with([](const caf::message&) { return "a payment"; });
  letters.add(letter(42));
  EXPECT_EQ(letters.find(1)->text, "a payment");
}

TEST(DeadLetters, ListsThemOldestFirst) {
  dead_letters letters;
  for (int i = 0; i < 3; ++i)
    letters.add(letter(i));
  EXPECT_THAT(ids(letters), ElementsAre(1, 2, 3));
}

TEST(DeadLetters, AreTakenOnce) {
  dead_letters letters;
  letters.add(letter(42));
  const auto taken = letters.take(1);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->body.get_as<int>(0), 42);
  EXPECT_FALSE(letters.find(1));
  ASSERT_FALSE(letters.take(1));
  EXPECT_EQ(letters.take(1).error().code, errc::not_found);
}

TEST(DeadLetters, ArePutBackInTheirPlace) {
  dead_letters letters;
  for (int i = 0; i < 3; ++i)
    letters.add(letter(i));
  letters.put_back(letters.take(2).value());
  EXPECT_THAT(ids(letters), ElementsAre(1, 2, 3));
  EXPECT_EQ(letters.count(dead_letter_cause::poison), 3u);
}

TEST(DeadLetters, NeverUseAnIdTwice) {
  dead_letters letters;
  letters.add(letter(1));
  std::ignore = letters.take(1);
  EXPECT_EQ(letters.add(letter(2)), 2u);
}

TEST(DeadLetters, ForgetTheOldestWhenThereAreTooMany) {
  dead_letters letters{2};
  for (int i = 0; i < 3; ++i)
    letters.add(letter(i));
  EXPECT_THAT(ids(letters), ElementsAre(2, 3));
  EXPECT_EQ(letters.forgotten(), 1u);
}

TEST(DeadLetters, AreCountedByCauseAlsoOnceTheyAreGone) {
  dead_letters letters{2};
  for (int i = 0; i < 3; ++i)
    letters.add(letter(i));
  letters.add(letter(3, dead_letter_cause::undelivered));
  std::ignore = letters.take(4);
  EXPECT_EQ(letters.count(dead_letter_cause::poison), 3u);
  EXPECT_EQ(letters.count(dead_letter_cause::undelivered), 1u);
}

TEST(DeadLetters, TakeLettersFromManyThreads) {
  dead_letters letters;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&letters] {
      for (int i = 0; i < 1'000; ++i)
        letters.add(letter(i));
    });
  for (std::thread& each : writers)
    each.join();
  const auto all = ids(letters);
  ASSERT_EQ(all.size(), 4'000u);
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(all.back(), 4'000u);
}

} // namespace
} // namespace ducat
