/// A machine on a shared log: it follows, leads when it is its turn, and hands over.

#include "replicated_world.hpp"

namespace ducat::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Replicated = two_nodes;

// Following --------------------------------------------------------------------------------------

TEST_F(Replicated, FollowsTheLog) {
  write("x");
  write("y");
  EXPECT_EQ(a_.machine().applied(), 0u);
  a_.log().deliver_entry();
  EXPECT_EQ(a_.machine().applied(), 0u) << "only on its own thread";
  a_.queue().run();
  EXPECT_EQ(a_.machine().applied(), 1u);
  a_.deliver_entries();
  EXPECT_EQ(a_.machine().applied(), 2u);
  EXPECT_FALSE(a_.machine().is_leading());
}

TEST_F(Replicated, BeginsWithWhatTheLogHas) {
  write("x");
  test_node late{store_, "late", now_};
  EXPECT_EQ(late.machine().applied(), 1u);
  write("y");
  late.deliver_entries();
  EXPECT_EQ(late.machine().applied(), 2u);
}

TEST_F(Replicated, BeginsWithTheStateOfAnotherNodeIfTheLogBeginsLater) {
  for (const char* word : {"x", "y", "z"})
    write(word);
  a_.stop();
  store_->trimmed = 1;
  a_.offer_state({"x", "y"}, receipt_at(2));
  a_.start();
  EXPECT_EQ(a_.fetches(), 1);
  EXPECT_EQ(a_.machine().applied(), 3u);
  EXPECT_EQ(a_.machine().kept(), 2u);
  a_.lead_after(store_->newest.granted.value);
  a_.query();
  a_.complete_confirms();
  EXPECT_THAT(a_.told(), ElementsAre("all=x y z"));
}

// While it gets a copy of a state the log goes on: so does the state.
TEST_F(Replicated, BeginsWithAStateThatIsNewerThanWhatItKnowsOfTheLog) {
  write("x");
  write("y");
  a_.stop();
  store_->trimmed = 1;
  a_.log().knows_nothing = true;
  a_.offer_state({"x", "y"}, receipt_at(2));
  a_.start();
  EXPECT_EQ(a_.machine().applied(), 2u);
}

TEST_F(Replicated, BeginsWithItsOwnStateAsLongAsTheLogHasTheRest) {
  write("x");
  a_.stop();
  a_.offer_state({"x"}, receipt_at(1));
  a_.start();
  EXPECT_EQ(a_.fetches(), 0);
  EXPECT_EQ(a_.machine().applied(), 1u);
}

TEST_F(Replicated, EndsItsLifeIfTheStateThatItGotIsTooOldToo) {
  write("x");
  write("y");
  a_.stop();
  store_->trimmed = 1;
  a_.offer_state({"x"}, receipt_at(1));
  EXPECT_THROW(a_.start(), std::runtime_error);
}

TEST_F(Replicated, CannotBeginWithoutTheLog) {
  a_.stop();
  a_.log().refuse_reads_with = error{errc::unavailable, "no etcd"};
  EXPECT_THROW(a_.start(), std::runtime_error);
}

// What was cut away it cannot follow: its next life begins with a later state.
TEST_F(Replicated, EndsItsLifeWhenItCannotFollow) {
  a_.log().deliver(fail(errc::not_found, "trimmed away"));
  EXPECT_THROW(a_.queue().run(), std::runtime_error);
}

TEST_F(Replicated, IsNotTouchedByWhatItsFeedSaysAfterItsEnd) {
  write("x");
  a_.log().deliver_entry();
  a_.stop();
  a_.queue().run();
}

// Leading ----------------------------------------------------------------------------------------

TEST_F(Replicated, LeadsWhenItIsItsTurn) {
  a_.machine().on_turn({});
  EXPECT_TRUE(a_.machine().is_leading());
  EXPECT_FALSE(a_.log().is_followed());
  EXPECT_EQ(store_->newest, (shared_log::holder{{1}, "a"}));
  a_.commit("x");
  EXPECT_THAT(a_.told(), IsEmpty());
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
}

TEST_F(Replicated, AppliesTheRestOfTheLogBeforeItLeads) {
  write("x");
  write("y");
  a_.log().deliver_entry(); // Comes too late, and again from the log.
  a_.lead_after(2);
  EXPECT_EQ(a_.machine().applied(), 2u);
  a_.commit("z");
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("z=new@3"));
}

TEST_F(Replicated, GoesOnFollowingIfAnotherOneWasQuicker) {
  b_.lead_after(0);
  a_.machine().on_turn({});
  EXPECT_FALSE(a_.machine().is_leading());
  b_.commit("x");
  b_.complete_appends();
  a_.deliver_entries();
  EXPECT_EQ(a_.machine().applied(), 1u);
}

TEST_F(Replicated, GoesOnFollowingIfNobodyGrantsTheEpoch) {
  a_.log().refuse_epochs_with = error{errc::unavailable, "no etcd"};
  a_.machine().on_turn({});
  EXPECT_FALSE(a_.machine().is_leading());
  write("x");
  a_.deliver_entries();
  EXPECT_EQ(a_.machine().applied(), 1u);
}

TEST_F(Replicated, EndsItsLifeIfItCannotReadTheLogThatItIsToLead) {
  write("x");
  a_.log().refuse_reads_with = error{errc::unavailable, "no etcd"};
  EXPECT_THROW(a_.machine().on_turn({1}), std::runtime_error);
}

TEST_F(Replicated, LeadsOnIfItIsItsTurnAgain) {
  a_.lead_after(0);
  a_.commit("x");
  for (const std::uint64_t seen : {0, 1}) {
    a_.machine().on_turn({seen});
    EXPECT_TRUE(a_.machine().is_leading());
    EXPECT_EQ(store_->newest.granted, epoch{1});
  }
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
}

// It was fenced and does not know it yet; now it is told to take the log after that one.
TEST_F(Replicated, TakesTheLogAnewAfterAnEpochThatIsNotItsOwn) {
  a_.lead_after(0);
  b_.lead_after(1);
  b_.commit("x");
  b_.complete_appends();
  a_.lead_after(2);
  EXPECT_EQ(store_->newest, (shared_log::holder{{3}, "a"}));
  EXPECT_EQ(a_.machine().applied(), 1u);
}

TEST_F(Replicated, StepsDownWithoutANewLifeWhenAnotherOneHoldsTheLog) {
  a_.lead_after(0);
  a_.commit("x");
  a_.complete_appends();
  b_.lead_after(1);
  a_.hear_of(2, "b");
  EXPECT_FALSE(a_.machine().is_leading());
  b_.commit("y");
  b_.complete_appends();
  a_.deliver_entries();
  EXPECT_EQ(a_.machine().applied(), 2u);
  a_.lead_after(2);
}

TEST_F(Replicated, StepsDownWhenAConfirmationSaysThatAnotherOneHoldsTheLog) {
  a_.lead_after(0);
  b_.lead_after(1);
  a_.query();
  a_.complete_confirms();
  EXPECT_THAT(a_.told(), ElementsAre("all=!unavailable"));
  EXPECT_FALSE(a_.machine().is_leading());
  b_.commit("y");
  b_.complete_appends();
  a_.deliver_entries();
  EXPECT_EQ(a_.machine().applied(), 1u);
}

// The machine has applied what the log may not have: only a new one can go on.
TEST_F(Replicated, EndsItsLifeIfItLosesTheLogWithEntriesUnderWay) {
  a_.lead_after(0);
  a_.commit("x");
  b_.lead_after(1);
  EXPECT_THROW(a_.hear_of(2, "b"), std::runtime_error);
  EXPECT_THAT(a_.told(), IsEmpty());
  a_.stop();
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
  a_.start();
  EXPECT_EQ(a_.machine().applied(), 0u);
}

TEST_F(Replicated, EndsItsLifeIfAnAppendFails) {
  a_.lead_after(0);
  a_.commit("x");
  a_.log().fail_appends({errc::io, "no answer"});
  EXPECT_THROW(a_.queue().run(), std::runtime_error);
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
}

// A confirmation has said that it is no writer; before it steps down it is its turn again.
TEST_F(Replicated, DoesNotStepDownFromALaterTurn) {
  a_.lead_after(0);
  b_.lead_after(1);
  a_.query();
  a_.log().complete_confirm();
  a_.queue().run_one(); // The leader knows; what it has posted is not run yet.
  a_.machine().on_turn({2});
  a_.commit("x");
  a_.queue().run();
  EXPECT_TRUE(a_.machine().is_leading());
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("all=!unavailable", "x=new@1"));
}

TEST_F(Replicated, IgnoresAnOlderHolder) {
  a_.lead_after(0);
  b_.lead_after(1);
  a_.hear_of(2, "b");
  a_.hear_of(1, "a");
  a_.commit("x");
  const auto sent = a_.sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, "b");
}

// Draining ---------------------------------------------------------------------------------------

TEST_F(Replicated, FinishesWhatIsUnderWayBeforeItHandsTheLogOver) {
  a_.lead_after(0);
  a_.commit("x");
  a_.query();
  int done = 0;
  a_.machine().drain([&] { ++done; });
  a_.tick();
  EXPECT_EQ(done, 0);
  a_.complete_appends();
  a_.tick();
  EXPECT_EQ(done, 0) << "a read waits";
  EXPECT_TRUE(a_.machine().is_leading());
  a_.complete_confirms();
  a_.tick();
  EXPECT_EQ(done, 1);
  EXPECT_FALSE(a_.machine().is_leading());
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1", "all=x"));
  a_.tick();
  EXPECT_EQ(done, 1);
}

TEST_F(Replicated, HasHandedOverAtOnceWhatItDoesNotHold) {
  int done = 0;
  a_.machine().drain([&] { ++done; });
  EXPECT_EQ(done, 1);
}

TEST_F(Replicated, TakesNothingNewWhileItDrains) {
  a_.lead_after(0);
  a_.commit("x");
  a_.machine().drain([] {});
  a_.serve(commit_type, encode(ducat::commit{"y"}));
  EXPECT_THAT(a_.told(), ElementsAre("served=!unavailable"));
  a_.commit("z");
  a_.complete_appends();
  a_.tick();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
  b_.lead_after(1);
  a_.hear_of(2, "b");
  carry(a_, b_);
  b_.complete_appends();
  a_.queue().run();
  EXPECT_THAT(a_.told(), ElementsAre("z=new@2"));
}

TEST_F(Replicated, DoesNotLeadUntilItIsToldToResume) {
  a_.machine().drain([] {});
  a_.machine().on_turn({});
  EXPECT_FALSE(a_.machine().is_leading());
  EXPECT_EQ(store_->newest.granted, epoch{});
  a_.machine().resume();
  a_.lead_after(0);
}

TEST_F(Replicated, FollowsWhileItDrains) {
  a_.lead_after(0);
  a_.machine().drain([] {});
  b_.lead_after(1);
  b_.commit("x");
  b_.complete_appends();
  a_.deliver_entries();
  EXPECT_EQ(a_.machine().applied(), 1u);
}

// Grants -----------------------------------------------------------------------------------------

TEST_F(Replicated, TellsEveryNodeOfAGrantWhenItIsDurable) {
  a_.lead_after(0);
  a_.take("b", 0);
  EXPECT_THAT(a_.grants(), IsEmpty());
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("granted to b"));
  EXPECT_THAT(a_.grants(), ElementsAre("g=b@1"));
  b_.deliver_entries();
  EXPECT_THAT(b_.grants(), ElementsAre("g=b@1"));
}

TEST_F(Replicated, TellsItsNextLifeOfTheGrantsThatStand) {
  a_.lead_after(0);
  a_.take("a", 0);
  a_.complete_appends();
  a_.commit("x");
  a_.complete_appends();
  (void)a_.grants();
  a_.stop();
  a_.start();
  EXPECT_THAT(a_.grants(), ElementsAre("g=a@1"));
}

TEST_F(Replicated, TellsOfNoGrantThatMayNotBeInTheLog) {
  a_.lead_after(0);
  a_.take("a", 0);
  a_.stop();
  EXPECT_THAT(a_.grants(), IsEmpty());
  EXPECT_THAT(a_.told(), ElementsAre("not granted"));
}

TEST_F(Replicated, RefusesAGrantWithoutNames) {
  a_.lead_after(0);
  a_.take("", 0);
  EXPECT_THAT(a_.told(), ElementsAre("not granted"));
}

} // namespace
} // namespace ducat::cluster
