/// What a terminal's message leads to.

#include "gateway/messages.hpp"
#include "gateway/terminal_core.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ducat::gateway::test {
namespace {

class TerminalCore : public ::testing::Test {
protected:
  /// Returns the response code of an answer that is given at once.
  std::string code_of(const message& request, bool is_signed_on = true) {
    const reaction made = core_.take(request, {.is_signed_on = is_signed_on});
    return made.answer ? text_of(*made.answer, 39) : made.begin ? "begun" : "waits";
  }

  order begun(const message& request) {
    return core_.take(request, {.is_signed_on = true}).begin.value();
  }

  terminal_state state(bool is_signed_on = true) const {
    return core_.state(true, {.is_signed_on = is_signed_on});
  }

  terminal_core core_{profile_of(), 2};
};

message without(message from, int field) {
  from.erase(field);
  return from;
}

message with(message from, int field, const std::string& text) {
  from.set(field, text);
  return from;
}

TEST_F(TerminalCore, MakesAPaymentOfARequest) {
  const order made = begun(payment(7, 2'500));
  const auto& create = made.command.create_payment();
  EXPECT_EQ(made.key, "iso:2:TERM0001:1129013000:000007");
  EXPECT_EQ(create.idempotency_key(), made.key);
  EXPECT_EQ(create.from(), "world");
  EXPECT_EQ(create.to(), "shop");
  EXPECT_EQ(create.amount(), 2'500);
  EXPECT_EQ(create.currency(), "EUR");
  EXPECT_EQ(create.card(), "411111******1111");
  EXPECT_EQ(create.terminal(), "TERM0001");
  EXPECT_FALSE(create.manual_capture());
  EXPECT_EQ(made.card->reveal(), "4111111111111111");
  EXPECT_TRUE(begun(payment(8, 1, "0100")).command.create_payment().manual_capture());
}

TEST_F(TerminalCore, TakesTheCardOfATrack) {
  auto request = without(payment(7), 2);
  request.set(35, "4111111111111111=30121010000000000");
  EXPECT_EQ(begun(request).card->reveal(), "4111111111111111");
}

// A repeat asks for the same, whatever digit says that it is one.
TEST_F(TerminalCore, MakesTheSameOfARepeat) {
  const order first = begun(payment(7));
  core_.finished(first.key, true, "00");
  const order again = begun(payment(7, 100, "0201"));
  EXPECT_EQ(again.command.SerializeAsString(), first.command.SerializeAsString());
}

TEST_F(TerminalCore, LetsARepeatWaitForTheFirst) {
  const order first = begun(payment(7));
  EXPECT_EQ(core_.take(payment(7, 100, "0201"), {.is_signed_on = true}).wait_for, first.key);
  EXPECT_EQ(core_.figures().repeats, 1u);
}

TEST_F(TerminalCore, RefusesNumbersThatAreUnderWayWithSomethingElse) {
  begun(payment(7));
  EXPECT_EQ(code_of(payment(7, 101)), "94");
}

TEST_F(TerminalCore, RefusesWhatIsNoPayment) {
  for (const int field : {2, 4, 7, 11})
    EXPECT_EQ(code_of(without(payment(1), field)), "30") << field;
  EXPECT_EQ(code_of(payment(1, 0)), "13");
  EXPECT_EQ(code_of(with(payment(1), 2, "4111111111111112")), "14");
  EXPECT_EQ(code_of(with(payment(1), 3, "200000")), "12") << "a refund";
  EXPECT_EQ(code_of(with(payment(1), 49, "840")), "12");
  EXPECT_EQ(code_of(numbered("0620", 1)), "12");
}

TEST_F(TerminalCore, RefusesAnotherMerchant) {
  auto profile = profile_of();
  profile.merchant = "MERCHANT0000001";
  core_ = terminal_core{profile, 2};
  EXPECT_EQ(code_of(with(payment(1), 42, "MERCHANT0000002")), "03");
  EXPECT_EQ(code_of(with(payment(1), 42, "MERCHANT0000001")), "begun");
}

TEST_F(TerminalCore, PaysNothingBeforeItHasSignedOn) {
  EXPECT_EQ(code_of(payment(1), false), "91");
  EXPECT_EQ(state(false), terminal_state::signing_on);
  const reaction made = core_.take(network(2, "001"), {});
  EXPECT_EQ(text_of(*made.answer, 39), "00");
  EXPECT_EQ(made.sign_on, true);
  EXPECT_EQ(core_.take(network(3, "002"), {}).sign_on, false);
}

TEST_F(TerminalCore, AnswersAnEchoAndNoOtherNetworkManagement) {
  EXPECT_EQ(code_of(network(1, "301"), false), "00");
  EXPECT_EQ(code_of(network(2, "161")), "12");
  EXPECT_EQ(code_of(without(network(3, "301"), 70)), "30");
}

TEST_F(TerminalCore, RefusesALockedTerminal) {
  auto profile = profile_of();
  profile.locked = true;
  core_ = terminal_core{profile, 2};
  EXPECT_EQ(code_of(network(1, "001")), "58");
  EXPECT_EQ(code_of(payment(1)), "58");
  EXPECT_EQ(code_of(network(1, "301")), "00");
  EXPECT_EQ(state(), terminal_state::locked);
}

TEST_F(TerminalCore, TakesBackWhatField90Names) {
  const auto original = payment(7);
  const order made = begun(reversal(original, 8));
  EXPECT_EQ(made.key, "iso:4:TERM0001:1129013000:000008");
  EXPECT_EQ(made.command.reverse_payment().original_key(), "iso:2:TERM0001:1129013000:000007");
  EXPECT_EQ(made.command.reverse_payment().terminal(), "TERM0001");
  EXPECT_EQ(
      begun(reversal(payment(9, 1, "0100"), 10, "0400")).command.reverse_payment().original_key(),
      "iso:1:TERM0001:1129013000:000009");
}

TEST_F(TerminalCore, RefusesReversalsOfAPartOrOfNothing) {
  EXPECT_EQ(code_of(without(reversal(payment(7), 8), 90)), "30");
  EXPECT_EQ(code_of(with(reversal(payment(7), 8), 95, std::string(42, '0'))), "40");
  EXPECT_EQ(code_of(reversal(numbered("0800", 7), 8)), "12");
}

TEST_F(TerminalCore, RecordsAdvices) {
  const order made = begun(payment(7, 100, "0220"));
  EXPECT_EQ(made.kind, request_kind::advice);
  EXPECT_EQ(made.command.record_advice().payment().amount(), 100);
  EXPECT_FALSE(made.card) << "no acquirer is asked";
  EXPECT_TRUE(begun(payment(8, 100, "0120")).command.record_advice().payment().manual_capture());
  auto completion = payment(9, 100, "0220");
  completion.set(90, text_of(reversal(payment(1, 100, "0100"), 2), 90));
  EXPECT_EQ(code_of(completion), "40");
}

// What was taken back may be counted or not: only what stands is told.
TEST_F(TerminalCore, ReconcilesWhatStands) {
  auto request = reconciliation(7, 3, 350);
  request.set(77, "0000000001");
  request.set(89, "0000000000000100");
  const auto told = begun(request).command.reconcile_terminal();
  EXPECT_EQ(told.debits(), 2);
  EXPECT_EQ(told.debit_amount(), 250);
  EXPECT_EQ(told.currency(), "EUR");
  EXPECT_EQ(code_of(with(reconciliation(8, 0, 0), 74, "many")), "30");
}

TEST_F(TerminalCore, HasAsMuchUnderWayAsItMayAndAlwaysTakesAReversal) {
  begun(payment(1));
  begun(payment(2));
  EXPECT_EQ(code_of(payment(3)), "91");
  EXPECT_EQ(code_of(reversal(payment(1), 4)), "begun");
}

// What may have happened is never refused for want of room: a terminal reverses nothing that was
// declined.
TEST_F(TerminalCore, TurnsAwayOnlyWhatComesForTheFirstTime) {
  core_.finished(begun(payment(1)).key, true, "00");
  const order first = begun(payment(2));
  EXPECT_TRUE(core_.may_be_turned_away(first));
  begun(payment(3));
  EXPECT_EQ(code_of(payment(4)), "91");
  EXPECT_EQ(code_of(reconciliation(5, 0, 0)), "91");
  EXPECT_EQ(code_of(payment(6, 100, "0201")), "begun") << "a repeat that says so";
  EXPECT_EQ(code_of(payment(1)), "begun") << "a repeat that does not";
  EXPECT_EQ(code_of(payment(7, 100, "0220")), "begun") << "an advice";
  EXPECT_FALSE(core_.may_be_turned_away(begun(reversal(payment(1), 8))));
  EXPECT_FALSE(core_.may_be_turned_away(begun(payment(9, 100, "0221"))));
}

TEST_F(TerminalCore, TakesWhatWasTurnedAwayWhenItComesAgain) {
  const order first = begun(payment(1));
  core_.turned_away(first.key);
  EXPECT_EQ(core_.figures().refused, 1u);
  EXPECT_EQ(core_.figures().unanswered, 0u);
  EXPECT_EQ(state(), terminal_state::ready);
  EXPECT_TRUE(core_.may_be_turned_away(begun(payment(1)))) << "nothing was done";
}

TEST_F(TerminalCore, GoesThroughItsStates) {
  EXPECT_EQ(state(), terminal_state::offline);
  core_.take(network(1, "001"), {});
  EXPECT_EQ(state(), terminal_state::ready);
  const order paying = begun(payment(2));
  EXPECT_EQ(state(), terminal_state::in_txn);
  core_.finished(paying.key, true, "00");
  EXPECT_EQ(state(), terminal_state::ready);
  const order advice = begun(payment(3, 100, "0220"));
  core_.finished(advice.key, true, "00");
  EXPECT_EQ(state(), terminal_state::saf_mode);
  const order closing = begun(reconciliation(4, 0, 0));
  EXPECT_EQ(state(), terminal_state::reconciling);
  core_.finished(closing.key, true, "00");
  EXPECT_EQ(state(), terminal_state::ready);
  EXPECT_EQ(core_.state(false, {.is_signed_on = true}), terminal_state::offline);
}

TEST_F(TerminalCore, SaysNothingToAnswersAndNonsense) {
  for (const char* mti : {"0210", "0810", "0440", "9999", "x"}) {
    const reaction made = core_.take(numbered(mti, 1), {.is_signed_on = true});
    EXPECT_FALSE(made.answer || made.begin) << mti;
  }
}

} // namespace
} // namespace ducat::gateway::test
