/// Who answers an ask of a machine on a shared log, and what becomes of it when that changes.

#include "replicated_world.hpp"

namespace ducat::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using ReplicatedAsks = two_nodes;

// Asking -----------------------------------------------------------------------------------------

TEST_F(ReplicatedAsks, AnswersItsOwnAsksWhileItLeads) {
  a_.lead_after(0);
  a_.commit("x");
  a_.complete_appends();
  a_.query();
  a_.locate(0);
  a_.locate(1);
  a_.locate(2);
  a_.complete_confirms();
  EXPECT_THAT(a_.told(),
              ElementsAre("x=new@1", "at=!not_found", "all=x", "at=1/epoch 1", "at=1/epoch 1"));
  EXPECT_THAT(a_.sent(), IsEmpty());
}

TEST_F(ReplicatedAsks, AnswersAReadByTheStateBeforeLaterCommands) {
  a_.lead_after(0);
  a_.commit("x");
  a_.query();
  a_.commit("y");
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1", "y=new@2", "all=x"));
}

TEST_F(ReplicatedAsks, SendsItsAsksToTheHolder) {
  a_.lead_after(0);
  b_.hear_of(1, "a");
  b_.commit("x");
  EXPECT_THAT(b_.told(), IsEmpty());
  const auto sent = b_.sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, "a");
  EXPECT_EQ(sent[0].what.to, "ledger");
  EXPECT_EQ(sent[0].what.type, commit_type);
  EXPECT_EQ(decode<ducat::commit>(sent[0].what.body)->command, "x");
  EXPECT_EQ(sent[0].deadline, now_ + 10s);
}

TEST_F(ReplicatedAsks, GivesTheHoldersAnswerToWhoAsked) {
  a_.lead_after(0);
  b_.hear_of(1, "a");
  b_.commit("x");
  b_.query();
  b_.locate(0);
  carry(b_, a_);
  a_.complete_appends();
  a_.complete_confirms();
  EXPECT_THAT(b_.told(), IsEmpty()) << "only on its own thread";
  b_.queue().run();
  EXPECT_THAT(b_.told(), ElementsAre("x=new@1", "all=x", "at=1/epoch 1"));
}

TEST_F(ReplicatedAsks, KnowsTheHolderFromTheBeginning) {
  a_.lead_after(0);
  test_node late{store_, "late", now_};
  late.commit("x");
  EXPECT_EQ(late.sent().size(), 1u);
}

TEST_F(ReplicatedAsks, WaitsForTheHolderIfTheLogDoesNotSayWhoItIs) {
  a_.commit("x");
  EXPECT_THAT(a_.told(), IsEmpty());
  a_.hear_of(1, "b");
  EXPECT_EQ(a_.sent().size(), 1u);
}

TEST_F(ReplicatedAsks, ServesWhatWaitedWhenItLeads) {
  a_.commit("x");
  a_.lead_after(0);
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
}

TEST_F(ReplicatedAsks, WaitsForItselfIfItsLastLifeHeldTheLog) {
  a_.lead_after(0);
  a_.stop();
  a_.start();
  a_.commit("x");
  EXPECT_THAT(a_.sent(), IsEmpty());
  EXPECT_THAT(a_.told(), IsEmpty());
  a_.lead_after(1);
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
}

// It knows that it took the log before anybody tells it so.
TEST_F(ReplicatedAsks, DoesNotSendItsAsksToWhoHeldTheLogBeforeIt) {
  b_.lead_after(0);
  a_.hear_of(1, "b");
  a_.lead_after(1);
  a_.machine().drain([] {});
  a_.commit("x");
  EXPECT_THAT(a_.sent(), IsEmpty());
}

TEST_F(ReplicatedAsks, DoesNotWaitForEver) {
  a_.commit("x");
  now_ += 1s;
  a_.commit("y");
  now_ += 2s - 1ns;
  a_.tick();
  EXPECT_THAT(a_.told(), IsEmpty());
  now_ += 1ns;
  a_.tick();
  EXPECT_THAT(a_.told(), ElementsAre("x=!unavailable"));
  now_ += 1s;
  a_.tick();
  EXPECT_THAT(a_.told(), ElementsAre("y=!unavailable"));
}

// Nothing was done, so that it may be asked again.
TEST_F(ReplicatedAsks, AsksAgainWhatTheHolderDidNotTake) {
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.sent()[0].done(fail(errc::unavailable, "no link"));
  a_.queue().run();
  EXPECT_THAT(a_.told(), IsEmpty());
  EXPECT_THAT(a_.sent(), IsEmpty()) << "not at once";
  a_.tick();
  const auto again = a_.sent();
  ASSERT_EQ(again.size(), 1u);
  again[0].done(encode(committed{"new", {1, {}}}));
  a_.queue().run();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
}

TEST_F(ReplicatedAsks, AsksAnotherHolderWhatTheLastOneDidNotTake) {
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.sent()[0].done(fail(errc::unavailable, "no link"));
  a_.queue().run();
  a_.hear_of(2, "c");
  const auto again = a_.sent();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].to, "c");
}

TEST_F(ReplicatedAsks, GivesUpWhatNobodyTakesInTime) {
  a_.hear_of(1, "b");
  a_.commit("x");
  now_ += 3s;
  a_.sent()[0].done(fail(errc::unavailable, "no link"));
  a_.queue().run();
  EXPECT_THAT(a_.told(), ElementsAre("x=!unavailable"));
}

TEST_F(ReplicatedAsks, DoesNotAskAgainWhatMayHaveBeenDone) {
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.sent()[0].done(fail(errc::outcome_unknown, "the link was lost"));
  a_.queue().run();
  a_.tick();
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
  EXPECT_THAT(a_.sent(), IsEmpty());
}

TEST_F(ReplicatedAsks, DoesNotKnowWhatBecameOfAsksWhenAnotherNodeHoldsTheLog) {
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.hear_of(2, "b"); // Another life of it: its link tells.
  EXPECT_THAT(a_.told(), IsEmpty());
  a_.hear_of(3, "c");
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
  a_.sent()[0].done(encode(committed{"new", {1, {}}}));
  a_.queue().run();
  EXPECT_THAT(a_.told(), IsEmpty()) << "once";
}

TEST_F(ReplicatedAsks, DoesNotKnowWhatBecameOfAsksWhenItHoldsTheLogItself) {
  b_.lead_after(0);
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.lead_after(1);
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
  a_.hear_of(2, "a");
  EXPECT_THAT(a_.told(), IsEmpty());
}

TEST_F(ReplicatedAsks, AnswersEverybodyAtTheEndOfItsLife) {
  a_.commit("waits");
  a_.stop();
  EXPECT_THAT(a_.told(), ElementsAre("waits=!unavailable"));
  a_.start();
  a_.hear_of(1, "b");
  a_.commit("sent");
  a_.stop();
  EXPECT_THAT(a_.told(), ElementsAre("sent=!outcome_unknown"));
  a_.sent()[0].done(encode(committed{"new", {1, {}}}));
  a_.queue().run();
  EXPECT_THAT(a_.told(), IsEmpty()) << "once";
}

// Serving ----------------------------------------------------------------------------------------

TEST_F(ReplicatedAsks, ServesOtherNodesOnlyWhileItLeads) {
  a_.serve(commit_type, encode(ducat::commit{"x"}));
  EXPECT_THAT(a_.told(), ElementsAre("served=!unavailable"));
  a_.lead_after(0);
  a_.serve(commit_type, encode(ducat::commit{"x"}));
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("served=new@1"));
  b_.lead_after(1);
  a_.hear_of(2, "b");
  a_.serve(commit_type, encode(ducat::commit{"y"}));
  EXPECT_THAT(a_.told(), ElementsAre("served=!unavailable"));
  EXPECT_THAT(a_.sent(), IsEmpty()) << "it does not pass on what it was asked";
}

TEST_F(ReplicatedAsks, RefusesWhatItDoesNotUnderstand) {
  a_.lead_after(0);
  a_.serve("dance", "");
  for (const auto type : {commit_type, query_type, locate_type})
    a_.serve(type, "\xff");
  EXPECT_THAT(a_.told(), ElementsAre("served=!invalid_argument", "served=!invalid_argument",
                                     "served=!invalid_argument", "served=!invalid_argument"));
}

TEST_F(ReplicatedAsks, RefusesACommandThatIsTooLarge) {
  a_.lead_after(0);
  a_.serve(commit_type, encode(ducat::commit{std::string(command_bytes_max + 1, 'x')}));
  EXPECT_THAT(a_.told(), ElementsAre("served=!invalid_argument"));
  a_.serve(commit_type, encode(ducat::commit{std::string(command_bytes_max, 'x')}));
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("served=new@1"));
}

} // namespace
} // namespace ducat::cluster
