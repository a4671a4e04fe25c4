/// What becomes of the messages of a child that ends, with real actors. (X4, X5)

#include "supervision/test_children.hpp"

#include <ducat/dead_letters.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>
#include <ducat/router.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What all lives of a child have been given; they live on one thread.
using diary = std::shared_ptr<std::vector<int>>;

/// Answers twice what it is given. 13: crashes with it, as often as it is told to. 99: never
/// answers.
caf::behavior touchy(caf::event_based_actor* self, const diary& seen,
                     const std::shared_ptr<int>& crashes) {
  return {[=](int value) -> caf::result<int> {
    seen->push_back(value);
    if (value == 13 && (*crashes)-- > 0)
      throw std::runtime_error("boom");
    if (value == 99)
      return self->make_response_promise<int>();
    return value * 2;
  }};
}

class MailboxTest : public ::testing::Test {
protected:
  using answer = std::shared_ptr<std::optional<result<int>>>;

  void begin(mailbox_spec mailbox, std::uint32_t restarts_max = 9) {
    tree_ = std::make_unique<virtual_tree>(supervisor_spec{
        .flags = {.restarts_max = restarts_max},
        .children = {{.id = "a", .start = start(touchy, seen_, crashes_), .mailbox = mailbox}}});
  }

  answer ask(int value) { return tree_->system().ask<int>(tree_->find("a").current(), value); }

  void run() { tree_->system().run(); }

  diary seen_ = std::make_shared<std::vector<int>>();
  std::shared_ptr<int> crashes_ = std::make_shared<int>(1);
  std::unique_ptr<virtual_tree> tree_;
};

TEST_F(MailboxTest, IsDroppedWithItsMessagesByDefault) { // OTP
  begin({});
  const answer first = ask(13);
  const answer second = ask(2);
  run();
  EXPECT_EQ((*first)->error().code, errc::outcome_unknown);
  EXPECT_EQ((*second)->error().code, errc::outcome_unknown);
  EXPECT_THAT(*seen_, ElementsAre(13));
}

TEST_F(MailboxTest, IsKeptWithTheMessageThatWasInHand) {
  begin({.fate = mailbox_fate::keep});
  const answer first = ask(13);
  const answer second = ask(2);
  run();
  EXPECT_EQ((*first)->value(), 26);
  EXPECT_EQ((*second)->value(), 4);
  EXPECT_THAT(*seen_, ElementsAre(13, 13, 2));
  EXPECT_EQ(tree_->find("a").incarnation(), 2u);
}

TEST_F(MailboxTest, IsKeptWithoutTheMessageThatWasInHand) {
  begin({.fate = mailbox_fate::keep_rest});
  const answer first = ask(13);
  const answer second = ask(2);
  run();
  EXPECT_EQ((*first)->error().code, errc::outcome_unknown);
  EXPECT_EQ((*second)->value(), 4);
  EXPECT_THAT(*seen_, ElementsAre(13, 2));
  EXPECT_THAT(tree_->letters().list(), IsEmpty()); // Its sender knows.
}

TEST_F(MailboxTest, QuarantinesPoison) { // X5
  *crashes_ = 1'000;
  begin({.fate = mailbox_fate::keep, .poison_after = 3});
  const answer first = ask(13);
  const answer second = ask(2);
  run();
  EXPECT_THAT(*seen_, ElementsAre(13, 13, 13, 2));
  EXPECT_EQ((*first)->error().code, errc::outcome_unknown);
  EXPECT_THAT((*first)->error().message, HasSubstr("dead letter 1"));
  EXPECT_EQ((*second)->value(), 4);
  const auto letters = tree_->letters().list();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].cause, dead_letter_cause::poison);
  EXPECT_EQ(letters[0].crashes, 3u);
  EXPECT_EQ(letters[0].path, "a");
  EXPECT_EQ(letters[0].last_crash, (exit_reason{exit_kind::crashed, "boom"}));
  EXPECT_EQ(letters[0].body.get_as<int>(0), 13);
}

TEST_F(MailboxTest, GivesTheNextLifeEachMessageOnceAndInOrder) {
  begin({.fate = mailbox_fate::keep, .in_hand_max = 3});
  const answer silent = ask(99);
  const answer first = ask(13);
  const answer second = ask(2);
  const answer third = ask(3);
  run();
  EXPECT_THAT(*seen_, ElementsAre(99, 13, 99, 13, 2, 3));
  EXPECT_FALSE(silent->has_value());
  EXPECT_EQ((*third)->value(), 6);
}

TEST_F(MailboxTest, PassesOnTheErrorOfAnotherActorAsAnAnswer) {
  const auto relay = [](caf::event_based_actor*) -> caf::behavior {
    return {[](int value) -> caf::result<int> {
      if (value == 1)
        return to_caf(exit_reason{exit_kind::crashed, "somebody else"});
      return value == 2 ? caf::error{caf::sec::request_receiver_down} : to_caf(error{errc::io, ""});
    }};
  };
  tree_ = std::make_unique<virtual_tree>(supervisor_spec{
      .flags = {},
      .children = {{.id = "a", .start = start(relay), .mailbox = {.fate = mailbox_fate::keep}}}});
  const answer crash = ask(1);
  const answer down = ask(2);
  const answer own = ask(3);
  run();
  EXPECT_EQ((*crash)->error().code, errc::outcome_unknown);
  EXPECT_EQ((*down)->error().code, errc::outcome_unknown);
  EXPECT_EQ((*own)->error().code, errc::io);
}

TEST_F(MailboxTest, WaitsForAChildThatIsStopped) {
  begin({.fate = mailbox_fate::keep});
  tree_->system().ask<change_reply>(tree_->root(), terminate_child("a"));
  run();
  const answer waiting = ask(2);
  run();
  EXPECT_FALSE(waiting->has_value());
  EXPECT_EQ(tree_->find("a").incarnation(), 0u);
  tree_->system().ask<change_reply>(tree_->root(), restart_child("a"));
  run();
  EXPECT_EQ((*waiting)->value(), 4);
}

TEST_F(MailboxTest, IsNotCrashedInPlaceOfItsChild) {
  begin({.fate = mailbox_fate::keep});
  tree_->take_events();
  ASSERT_TRUE(inject(tree_->find("a"), fault_kind::crash, 0ms));
  run();
  EXPECT_EQ(tree_->take_events().front(), "down a#1 crashed: injected fault at a");
}

TEST_F(MailboxTest, RefusesMoreThanItsCapacity) {
  begin({.fate = mailbox_fate::keep, .capacity = 1});
  const answer in_hand = ask(99);
  run();
  const answer waits = ask(2);
  const answer refused = ask(3);
  run();
  EXPECT_FALSE(in_hand->has_value());
  EXPECT_FALSE(waits->has_value());
  EXPECT_EQ((*refused)->error().code, errc::overloaded);
}

TEST_F(MailboxTest, LeavesDeadLettersWhenItsSupervisorGivesUp) { // X4, Kameo's on_undelivered
  *crashes_ = 1'000;
  begin({.fate = mailbox_fate::keep, .poison_after = 99}, 1);
  const answer first = ask(13);
  const answer second = ask(2);
  run();
  EXPECT_EQ((*first)->error().code, errc::outcome_unknown);
  EXPECT_EQ((*second)->error().code, errc::unavailable); // No life ever had it.
  const auto letters = tree_->letters().list();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].cause, dead_letter_cause::undelivered);
  EXPECT_EQ(letters[0].body.get_as<int>(0), 2);
}

TEST_F(MailboxTest, LeavesDeadLettersWhenItsChildIsDeleted) {
  begin({.fate = mailbox_fate::keep});
  tree_->system().ask<change_reply>(tree_->root(), terminate_child("a"));
  run();
  const answer waiting = ask(2);
  run();
  tree_->system().ask<change_reply>(tree_->root(), delete_child("a"));
  run();
  EXPECT_EQ((*waiting)->error().code, errc::unavailable);
  EXPECT_EQ(tree_->letters().count(dead_letter_cause::undelivered), 1u);
  EXPECT_FALSE(tree_->find("a").current());
}

TEST_F(MailboxTest, GivesNoLifeAMessageWhoseDeadlineHasPassed) {
  begin({.fate = mailbox_fate::keep});
  tree_->system().ask<change_reply>(tree_->root(), terminate_child("a"));
  run();
  const auto late = tree_->system().ask<int>(tree_->find("a").current(),
                                             make_routed(tree_->system().now() + 1s, 2));
  const auto timely = tree_->system().ask<int>(tree_->find("a").current(),
                                               make_routed(tree_->system().now() + 9s, 3));
  run();
  tree_->system().advance(2s);
  tree_->system().ask<change_reply>(tree_->root(), restart_child("a"));
  run();
  EXPECT_EQ((*late)->error().code, errc::deadline_exceeded);
  EXPECT_EQ((*timely)->value(), 6);
  EXPECT_THAT(*seen_, ElementsAre(3));
}

TEST_F(MailboxTest, KeepsMessagesThatNobodyWaitsFor) {
  begin({.fate = mailbox_fate::keep});
  for (const int value : {13, 2, 3})
    caf::anon_send(tree_->find("a").current(), value);
  run();
  EXPECT_THAT(*seen_, ElementsAre(13, 13, 2, 3));
}

TEST_F(MailboxTest, IsDroppedFromTheNextLifeOnIfTheSpecSaysSo) { // S50
  begin({.fate = mailbox_fate::keep});
  tree_->system().ask<change_reply>(
      tree_->root(),
      change_specs({.flags = {.restarts_max = 9},
                    .children = {{.id = "a", .start = start(touchy, seen_, crashes_)}}}));
  run();
  const answer kept = ask(13);
  run();
  EXPECT_EQ((*kept)->error().code, errc::outcome_unknown);
  EXPECT_EQ(tree_->find("a").current(), tree_->find("a").own());
}

} // namespace
} // namespace ducat
