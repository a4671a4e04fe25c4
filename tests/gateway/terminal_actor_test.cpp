/// Terminals against a node: what they are told, what is in the log, and what the acquirer will pay
/// for agree, whatever crashes in between.

#include "gateway/gateway_world.hpp"

#include <ducat/iso8583/mti.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace ducat::gateway::test {
namespace {

std::string key_of_payment(int stan) {
  return "iso:2:TERM0001:1129013000:" + six_digits(stan);
}

constexpr const char* child = "iso8583/terminals/TERM0001";

TEST(Terminal, IsPaidOverAnAcquirer) {
  gateway_node node;
  const message answer = node.ask(payment(1));
  EXPECT_EQ(answer.mti(), "0210");
  EXPECT_EQ(text_of(answer, 39), "00");
  EXPECT_EQ(text_of(answer, 38), "A1");
  EXPECT_EQ(node.show(key_of_payment(1)).state(), v1::Payment::CAPTURED);
  EXPECT_EQ(node.show(key_of_payment(1)).terminal(), "TERM0001");
  EXPECT_EQ(node.show(key_of_payment(1)).timeline(0).by(), child);
  EXPECT_EQ(node.balance("shop"), 100);
  EXPECT_EQ(node.acme().total(), 100);
}

TEST(Terminal, HoldsWhatIsOnlyToBeAuthorised) {
  gateway_node node;
  EXPECT_EQ(node.code(payment(1, 100, "0100")), "00");
  EXPECT_EQ(node.show("iso:1:TERM0001:1129013000:000001").state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(node.balance("shop"), 0);
}

TEST(Terminal, IsToldTheAcquirersDecline) {
  gateway_node node;
  node.acme().next(habit::decline);
  EXPECT_EQ(node.code(payment(1)), "51");
}

TEST(Terminal, IsAnsweredARepeatAsTheFirstTimeAndNothingIsPaidTwice) {
  gateway_node node;
  const message first = node.ask(payment(1));
  const message again = node.ask(payment(1, 100, "0201"));
  EXPECT_EQ(again, first);
  EXPECT_EQ(node.code(payment(1, 101)), "94");
  EXPECT_EQ(node.acme().attempts(), 1u);
  EXPECT_EQ(node.balance("shop"), 100);
}

// Never 00 for something in doubt.
TEST(Terminal, IsDeclinedWhatIsInDoubtWhichIsTakenBack) {
  gateway_node node;
  node.acme().next(habit::approve_in_silence);
  EXPECT_EQ(node.code(payment(1)), "68");
  node.wait_until_settled();
  EXPECT_EQ(node.show(key_of_payment(1)).state(), v1::Payment::REVERSED);
  EXPECT_EQ(node.acme().total(), 0);
  EXPECT_EQ(node.code(payment(1, 100, "0201")), "68");
}

TEST(Terminal, IsDeclinedAfterItsPatienceAndThenTheLogHasGivenThePaymentUp) {
  gateway_node node{{.is_mute = true, .answer_timeout = 50ms}};
  EXPECT_EQ(node.code(payment(1)), "68");
  EXPECT_TRUE(node.show(key_of_payment(1)).taken_back());
  node.wait_until_settled();
  EXPECT_EQ(node.show(key_of_payment(1)).state(), v1::Payment::REVERSED);
  EXPECT_EQ(node.acme().total(), 0);
}

// What can be neither confirmed nor given up is not declined either: the terminal will reverse it.
TEST(Terminal, IsToldNothingWhileTheLogDoesNotAnswer) {
  gateway_node node{{.is_cut_off = true}};
  const message all[] = {payment(1), payment(2, 100, "0220"), reversal(payment(1), 3),
                         reconciliation(4, 0, 0)};
  for (const message& each : all)
    node.send(each);
  terminal_figures now;
  while (now.unanswered + now.approved + now.refused < 4)
    now = node.figures();
  for (const message& each : all)
    EXPECT_FALSE(node.is_answered(each)) << each;
  EXPECT_EQ(now.unanswered, 4u);
}

TEST(Terminal, IsToldThatNobodyCouldBeAsked) {
  gateway_node node;
  node.acme().next(habit::be_away);
  EXPECT_EQ(node.code(payment(1)), "91");
}

TEST(Terminal, IsNotApprovedForLessUnlessItUnderstandsThat) {
  gateway_node node;
  node.acme().next(habit::approve_less);
  EXPECT_EQ(node.code(payment(1)), "51");
  node.wait_until_settled();
  EXPECT_EQ(node.acme().total(), 0);
  EXPECT_EQ(node.balance("shop"), 0);
}

TEST(Terminal, IsApprovedForLessIfItUnderstandsThat) {
  gateway_node node{{.partial = true}};
  node.acme().next(habit::approve_less);
  const message answer = node.ask(payment(1));
  EXPECT_EQ(text_of(answer, 39), "10");
  EXPECT_EQ(text_of(answer, 4), "000000000050");
  EXPECT_EQ(node.balance("shop"), 50);
  EXPECT_EQ(node.acme().total(), 50);
  EXPECT_EQ(node.ask(payment(1, 100, "0201")), answer);
}

TEST(Terminal, TakesAPaymentBackHereAndAtTheAcquirer) {
  gateway_node node;
  node.ask(payment(1));
  EXPECT_EQ(node.code(reversal(payment(1), 2)), "00");
  EXPECT_EQ(node.balance("shop"), 0);
  node.wait_until_settled();
  EXPECT_EQ(node.acme().total(), 0);
  EXPECT_EQ(node.code(reversal(payment(1), 2, "0421")), "00");
  EXPECT_EQ(node.code(payment(1, 100, "0201")), "68") << "it is not paid any more";
}

// A reversal may overtake its request.
TEST(Terminal, IsDeclinedWhatItHasTakenBackBefore) {
  gateway_node node;
  EXPECT_EQ(node.code(reversal(payment(1), 2)), "00");
  EXPECT_EQ(node.code(payment(1)), "21");
  EXPECT_EQ(node.acme().attempts(), 0u);
}

TEST(Terminal, TakesBackWhatIsUnderWay) {
  gateway_node node{{.is_mute = true}};
  node.send(payment(1));
  while (node.acme().attempts() == 0)
    std::this_thread::yield();
  EXPECT_EQ(node.code(reversal(payment(1), 2)), "00");
  node.wait_until_settled();
  EXPECT_EQ(node.show(key_of_payment(1)).state(), v1::Payment::REVERSED);
  EXPECT_EQ(node.acme().total(), 0);
}

TEST(Terminal, TellsOfWhatItHasApprovedByItself) {
  gateway_node node;
  EXPECT_EQ(node.code(payment(1, 100, "0220")), "00");
  EXPECT_EQ(node.code(payment(1, 100, "0221")), "00");
  EXPECT_EQ(node.balance("shop"), 100);
  EXPECT_EQ(node.acme().attempts(), 0u);
  EXPECT_EQ(node.figures().state, terminal_state::saf_mode);
}

TEST(Terminal, ReconcilesAlsoAfterTheNodeHasStartedAgain) {
  gateway_node node;
  node.ask(payment(1));
  node.ask(payment(2, 250));
  node.ask(reversal(payment(1), 3));
  node.restart();
  const message differs = node.ask_until_answered(reconciliation(4, 2, 350));
  EXPECT_EQ(text_of(differs, 66), "2");
  EXPECT_EQ(text_of(differs, 97), "D0000000000000250");
  EXPECT_EQ(text_of(node.ask(reconciliation(5, 1, 250)), 66), "1");
  EXPECT_EQ(text_of(node.ask(reconciliation(5, 1, 250, "0501")), 66), "1") << "a repeat";
  EXPECT_EQ(text_of(node.ask(reconciliation(6, 0, 0)), 66), "1");
}

/// So many payments at a time, and how many there are.
struct counted_room {
  std::atomic<int> most{0};
  std::atomic<int> inside{0};

  static payment_door door(const std::shared_ptr<counted_room>& of) {
    return [of](const std::string& to) -> std::shared_ptr<void> {
      EXPECT_EQ(to, "shop");
      if (of->inside >= of->most)
        return nullptr;
      ++of->inside;
      return {of.get(), [of](void*) { --of->inside; }};
    };
  }
};

TEST(Terminal, IsDeclinedAPaymentForWhichThereIsNoRoomAndNothingIsDone) {
  const auto room = std::make_shared<counted_room>();
  gateway_node node{{.door = counted_room::door(room)}};
  EXPECT_EQ(node.code(payment(1)), "91");
  EXPECT_EQ(node.code(payment(2, 100, "0100")), "91");
  EXPECT_EQ(node.acme().attempts(), 0u);
  EXPECT_EQ(node.figures().refused, 2u);
  room->most = 1;
  EXPECT_EQ(node.code(payment(1)), "00") << "its number is free";
  EXPECT_EQ(node.balance("shop"), 100);
}

TEST(Terminal, IsNeverDeclinedAnythingElseForWantOfRoom) {
  const auto room = std::make_shared<counted_room>();
  room->most = 1;
  gateway_node node{{.door = counted_room::door(room)}};
  EXPECT_EQ(node.code(payment(1)), "00");
  node.figures(); // Asked after the answer: the payment has left.
  EXPECT_EQ(room->inside, 0);
  room->most = 0;
  EXPECT_EQ(node.code(payment(1, 100, "0201")), "00") << "a repeat";
  EXPECT_EQ(node.code(payment(1)), "00") << "one that does not say so";
  EXPECT_EQ(node.code(payment(2, 250, "0220")), "00") << "an advice";
  EXPECT_EQ(node.code(reconciliation(3, 2, 350)), "00");
  EXPECT_EQ(node.code(reversal(payment(1), 4)), "00");
  EXPECT_EQ(node.code(network(5, "301")), "00");
  EXPECT_EQ(node.balance("shop"), 250);
}

TEST(Terminal, KeepsTheRoomUntilItsPaymentIsAnswered) {
  const auto room = std::make_shared<counted_room>();
  room->most = 1;
  gateway_node node{{.is_mute = true, .door = counted_room::door(room)}};
  node.ask(network(9, "301")); // While its child is started the second may overtake the first.
  node.send(payment(1));
  EXPECT_EQ(node.code(payment(2)), "91");
  EXPECT_EQ(room->inside, 1);
}

// The room of what is under way is not lost with the life that it was under way in.
TEST(Terminal, GivesTheRoomBackWhenItCrashes) {
  const auto room = std::make_shared<counted_room>();
  room->most = 1;
  gateway_node node{{.door = counted_room::door(room)}};
  ASSERT_TRUE(arm_fault("gateway.before_answer", {}));
  EXPECT_EQ(text_of(node.ask_until_answered(payment(1)), 39), "00");
  node.figures(); // A repeat that came too late for the first answer is under way.
  while (room->inside != 0)
    std::this_thread::yield();
  EXPECT_EQ(node.code(payment(2)), "00");
}

TEST(Terminal, HasAChildFromTheFirstTimeThatItSpeaks) {
  gateway_node node;
  EXPECT_EQ(node.get().find(child).incarnation(), 0u);
  EXPECT_EQ(node.code(network(1, "301")), "00");
  EXPECT_EQ(node.get().find(child).incarnation(), 1u);
  EXPECT_EQ(node.figures().state, terminal_state::ready);
  EXPECT_EQ(node.get().find("iso8583/terminals/TERM0002").incarnation(), 0u);
}

// An id costs nothing to invent.
TEST(Terminal, HasItsPlaceHoweverManyStrangersThereAre) {
  gateway_node node{{.strangers_max = 1}};
  const auto of_stranger = [](int stan, const char* id) {
    message made = payment(stan);
    made.set(41, id);
    return made;
  };
  EXPECT_EQ(node.code(of_stranger(1, "STRANGE1")), "00");
  EXPECT_EQ(node.code(of_stranger(2, "STRANGE2")), "91");
  EXPECT_EQ(node.code(payment(3)), "00");
  EXPECT_EQ(node.code(of_stranger(4, "STRANGE1")), "00");
}

TEST(Terminal, IsRefusedIfItIsNoneOfOurs) {
  gateway_node node;
  EXPECT_EQ(node.code(numbered("0800", 1, "STRANGER")), "58");
  auto nameless = payment(2);
  nameless.erase(41);
  EXPECT_EQ(node.code(nameless), "30");
  auto sign_on = network(3, "001");
  sign_on.erase(41);
  EXPECT_EQ(node.code(sign_on), "00") << "of the connection";
}

/// Where the terminal's actor or the payment's worker dies.
class TerminalCrash : public ::testing::TestWithParam<const char*> {};

TEST_P(TerminalCrash, LeavesThreeBooksThatAgreeWhenTheTerminalAsksAgain) {
  gateway_node node;
  node.ask(payment(1));
  ASSERT_TRUE(arm_fault(GetParam(), {}));
  const message answer = node.ask_until_answered(payment(2, 250));
  const bool is_approved = text_of(answer, 39) == "00";
  node.wait_until_settled();
  EXPECT_EQ(node.balance("shop"), is_approved ? 350 : 100);
  EXPECT_EQ(node.acme().total(), node.balance("shop"));
  EXPECT_EQ(node.acme().asked_at_most(), 1) << "an attempt was sent twice";
  EXPECT_EQ(text_of(node.ask_until_answered(reversal(payment(2, 250), 3)), 39), "00");
  node.wait_until_settled();
  EXPECT_EQ(node.balance("shop"), 100);
  EXPECT_EQ(node.acme().total(), 100);
}

INSTANTIATE_TEST_SUITE_P(Points, TerminalCrash,
                         ::testing::Values("gateway.before_payment", "gateway.before_answer",
                                           "gateway.after_answer", "payment.before_first_step",
                                           "payment.after_create", "payment.after_send",
                                           "payment.after_answer", "payment.after_resolve",
                                           "payment.after_capture"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

} // namespace
} // namespace ducat::gateway::test
