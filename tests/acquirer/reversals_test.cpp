#include "requests.hpp"

namespace ducat::acquirer::testing {

namespace {

TEST(AcquirerReversals, AReversalUndoesItsOriginalOnce) {
  host_world world;
  world.ask(payment());
  const message answer = world.ask(reversal(payment()));
  EXPECT_EQ(answer.mti(), "0430");
  EXPECT_EQ(text_of(answer, 39), "00");
  ASSERT_EQ(world.effects().size(), 2u);
  EXPECT_EQ(world.effects().at(1).kind, effect_kind::reversed);
  EXPECT_EQ(world.effects().at(1).original, 1u);
  EXPECT_EQ(world.effects().at(1).amount_minor, 1'250);
}

TEST(AcquirerReversals, ARepeatIsAnsweredTheSameWithoutASecondEffect) {
  host_world world;
  world.ask(payment());
  const message first = world.ask(reversal(payment()));
  message repeat = reversal(payment());
  repeat.set_mti("0421");
  EXPECT_EQ(world.ask(repeat), first);
  message request = reversal(payment());
  request.set_mti("0400");
  EXPECT_EQ(world.ask(request).mti(), "0410");
  EXPECT_EQ(world.effects().size(), 2u);
}

TEST(AcquirerReversals, AnotherReversalOfTheSameOriginalHasNoEffect) {
  host_world world;
  world.ask(payment());
  world.ask(reversal(payment()));
  EXPECT_EQ(world.code(reversal(payment(), "000077")), "00");
  EXPECT_EQ(world.effects().size(), 2u);
}

TEST(AcquirerReversals, WithoutOriginalDataTheReferenceNamesTheOriginal) {
  host_world world;
  world.ask(payment());
  message by_reference = reversal(payment());
  by_reference.erase(90);
  EXPECT_EQ(world.code(by_reference), "00");
  EXPECT_EQ(world.effects().at(1).original, 1u);
}

TEST(AcquirerReversals, AReferenceNamesThePaymentThatIsNotReversedYet) {
  host_world world;
  world.ask(payment());
  world.ask(payment({.stan = "000003"}));
  world.ask(reversal(payment({.stan = "000003"}), "000004"));
  message by_reference = reversal(payment(), "000005");
  by_reference.erase(90);
  world.ask(by_reference);
  EXPECT_EQ(world.effects().at(3).original, 1u);
}

// Another attempt of the same payment has the same reference.
TEST(AcquirerReversals, OriginalDataThatNameNothingDoNotReverseAnotherAttempt) {
  host_world world;
  world.ask(payment());
  EXPECT_EQ(world.code(reversal(payment({.stan = "000009"}))), "00");
  EXPECT_EQ(world.effects().at(1).original, 0u);
}

TEST(AcquirerReversals, AnOriginalThatArrivesAfterItsReversalHasNoEffect) {
  host_world world;
  EXPECT_EQ(world.code(reversal(payment())), "00");
  EXPECT_EQ(world.code(payment()), "21");
  EXPECT_EQ(world.code(payment()), "21");
  ASSERT_EQ(world.effects().size(), 2u);
  EXPECT_EQ(world.effects().at(1).kind, effect_kind::declined);
}

TEST(AcquirerReversals, SoHasOneWhoseReversalNamedOnlyTheReference) {
  host_world world;
  message by_reference = reversal(payment());
  by_reference.erase(90);
  world.ask(by_reference);
  EXPECT_EQ(world.code(payment()), "21");
}

TEST(AcquirerReversals, AnAdviceThatArrivesAfterItsReversalHasNoEffectEither) {
  host_world world;
  world.ask(reversal(payment({.mti = "0220"})));
  EXPECT_EQ(world.code(payment({.mti = "0220"})), "21");
}

TEST(AcquirerReversals, AnotherTerminalCannotReverseIt) {
  host_world world;
  world.ask(payment());
  message other = reversal(payment());
  other.set(41, "TERM0002");
  EXPECT_EQ(world.code(other), "00");
  EXPECT_EQ(world.effects().at(1).original, 0u);
}

TEST(AcquirerReversals, OfADeclinedPaymentThereIsNothingToReverse) {
  host_world world;
  world.arm("decline:mti=0200");
  world.ask(payment());
  EXPECT_EQ(world.code(reversal(payment())), "00");
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerReversals, OneThatNamesNothingIsRefused) {
  host_world world;
  message nameless = reversal(payment());
  nameless.erase(37);
  nameless.set(90, std::string(42, '0'));
  EXPECT_EQ(world.code(nameless), "30");
  nameless.erase(90);
  EXPECT_EQ(world.code(nameless), "30");
}

TEST(AcquirerReversals, OneOfAPartOrOfAReversalIsRefused) {
  host_world world;
  message part = reversal(payment());
  part.set(95, std::string(42, '0'));
  EXPECT_EQ(world.code(part), "40");
  EXPECT_EQ(world.code(reversal(reversal(payment()), "000003")), "12");
  EXPECT_TRUE(world.effects().empty());
}

} // namespace

} // namespace ducat::acquirer::testing
