/// The writer of a shared log: when it answers, and what it says when it cannot go on.

#include "cluster/leader.hpp"
#include "durable/batch_codec.hpp"
#include "durable/fault_points.hpp"
#include "fake_shared_log.hpp"
#include "run_queue.hpp"
#include "word_machine.hpp"

#include <ducat/durable.hpp>

#include <gmock/gmock.h>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A leader of node "a" with the epoch 1. What anybody was told is in told_, in order: "WORD=REPLY@
/// INDEX" of a command, "QUESTION?" of a read, "NAME!ERROR" of what failed.
class Leader : public ::testing::Test {
protected:
  Leader() { make(false); }

  /// `keeps`: whether the machine keeps its state elsewhere.
  void make(bool keeps) {
    leader_.reset();
    replica_.emplace(
        replica::open(
            {.log = log_,
             .machine = [this, keeps] { return std::make_unique<word_machine>(settled_, keeps); },
             .now = [] { return log_time{1}; }})
            .value());
    leader_.emplace(*replica_, log_, queue_.poster(), [this](const error& why, bool is_ahead) {
      told_.push_back("failed " + std::string{to_string(why.code)} +
                      (is_ahead ? " and is ahead" : ""));
    });
  }

  void take(const std::string& node, std::uint64_t after) {
    leader_->take({.group = "g", .node = node, .after = after}, [this](const result<grant>& done) {
      told_.push_back(done ? "granted " + done->node + "@" + std::to_string(done->epoch)
                           : "not granted " + std::string{to_string(done.error().code)});
    });
    leader_->flush();
  }

  void collect(const std::string& word, std::optional<fencing_token> token = {}) {
    leader_->commit({word, token}, [this, word](const result<committed>& done) {
      told_.push_back(done ? word + "=" + done->reply + "@" + std::to_string(done->receipt.index)
                           : word + "!" + std::string{to_string(done.error().code)});
    });
  }

  void commit(const std::string& word) {
    collect(word);
    leader_->flush();
  }

  /// Returns a command that does not wait for others to go with it.
  static std::string large(const std::string& word) {
    return word + std::string(group_bytes_max / 4, '.');
  }

  void read(const std::string& name) {
    leader_->when_confirmed([this, name] { told_.push_back(name + "?"); },
                            [this, name](const error& why) {
                              told_.push_back(name + "!" + std::string{to_string(why.code)});
                            });
    leader_->flush();
  }

  void complete_append() {
    log_->complete_append();
    queue_.run();
  }

  void complete_confirm() {
    log_->complete_confirm();
    queue_.run();
  }

  /// Another node takes the log's epoch.
  void lose_epoch() { (void)fake_shared_log(store_, "b").take_epoch().value(); }

  /// Returns what was told since the last call.
  std::vector<std::string> told() { return std::exchange(told_, {}); }

  /// Returns how many commands are in each entry under way.
  std::vector<std::size_t> sizes_under_way() const {
    std::vector<std::size_t> sizes;
    for (const entry& each : log_->begun())
      sizes.push_back(commands_of(each.payload).value().size());
    return sizes;
  }

  std::vector<std::string> told_;
  std::shared_ptr<settled_entries> settled_ = std::make_shared<settled_entries>();
  std::shared_ptr<log_store> store_ = std::make_shared<log_store>();
  std::shared_ptr<fake_shared_log> log_ = std::make_shared<fake_shared_log>(store_, "a");
  run_queue queue_;
  std::optional<replica> replica_;
  std::optional<leader> leader_;
};

// Commands ---------------------------------------------------------------------------------------

TEST_F(Leader, AnswersWhenTheEntryIsDurable) {
  commit("x");
  queue_.run();
  EXPECT_THAT(told(), IsEmpty());
  log_->complete_append();
  EXPECT_THAT(told(), IsEmpty()) << "only on the owner's thread";
  queue_.run();
  EXPECT_THAT(told(), ElementsAre("x=new@1"));
}

TEST_F(Leader, TellsAGrantWhenItsEntryIsDurable) {
  take("a", 0);
  queue_.run();
  EXPECT_THAT(told(), IsEmpty());
  complete_append();
  EXPECT_THAT(told(), ElementsAre("granted a@1"));
}

TEST_F(Leader, TellsTheGrantOfSomebodyWhoWasQuicker) {
  take("a", 0);
  take("b", 0);
  complete_append();
  EXPECT_THAT(told(), ElementsAre("granted a@1"));
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("granted a@1")) << "when it is known to be the newest";
}

TEST_F(Leader, RefusesACommandOfAnOlderGrant) {
  take("a", 0);
  collect("x", fencing_token{"g", 1});
  collect("y", fencing_token{"g", 9});
  leader_->flush();
  complete_append();
  complete_append();
  EXPECT_THAT(told(), ElementsAre("granted a@1", "x=new@2", "y!epoch_lost"));
}

TEST_F(Leader, DoesNotKnowWhatBecameOfAGrantUnderWayWhenItEnds) {
  take("a", 0);
  leader_.reset();
  EXPECT_THAT(told(), ElementsAre("not granted outcome_unknown"));
}

TEST_F(Leader, AnswersInTheOrderOfTheCommands) {
  commit("x");
  collect("y");
  collect("z");
  leader_->flush();
  log_->complete_appends();
  queue_.run();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "y=new@2", "z=new@2"));
}

TEST_F(Leader, GivesEachAnswerTheReceiptOfItsEntry) {
  std::optional<receipt> given;
  leader_->commit({"x"}, [&](const result<committed>& done) { given = done.value().receipt; });
  leader_->flush();
  complete_append();
  EXPECT_EQ(given, log_->last());
  EXPECT_EQ(given->index, 1u);
}

TEST_F(Leader, BeginsNothingBeforeItIsFlushed) {
  collect("x");
  collect("y");
  EXPECT_EQ(log_->appends_under_way(), 0u);
  leader_->flush();
  EXPECT_THAT(sizes_under_way(), ElementsAre(2));
}

TEST_F(Leader, BeginsAnotherEntryWhenOneHasItsBytes) {
  for (const char* word : {"x", "y", "z"})
    collect(word + std::string(group_bytes_max / 2, '.'));
  leader_->flush();
  EXPECT_THAT(sizes_under_way(), ElementsAre(2, 1));
}

TEST_F(Leader, PutsACommandIntoAnEntryThatIsNotFullYet) {
  collect("x" + std::string(group_bytes_max - 2, '.'));
  collect("y" + std::string(group_bytes_max, '.'));
  collect(large("z"));
  leader_->flush();
  EXPECT_THAT(sizes_under_way(), ElementsAre(2, 1));
}

TEST_F(Leader, CollectsSmallCommandsUntilTheyAreAsManyAsThoseUnderWay) {
  for (const char* word : {"u", "v", "w"})
    commit(word);
  EXPECT_THAT(sizes_under_way(), ElementsAre(1, 1)) << "w waits";
  commit("x");
  EXPECT_THAT(sizes_under_way(), ElementsAre(1, 1, 2));
}

/// So that nobody waits for longer than an entry takes.
TEST_F(Leader, BeginsWhatItCollectedWhenNothingElseIsUnderWay) {
  for (const char* word : {"t", "u", "v"})
    collect(word);
  leader_->flush();
  commit("w");
  EXPECT_THAT(sizes_under_way(), ElementsAre(3));
  complete_append();
  EXPECT_THAT(sizes_under_way(), ElementsAre(1));
}

TEST_F(Leader, DoesNotCollectWhatIsLarge) {
  collect("u");
  collect("v");
  leader_->flush();
  commit(large("w"));
  EXPECT_THAT(sizes_under_way(), ElementsAre(2, 1));
}

TEST_F(Leader, HasOnlySoManyEntriesUnderWay) {
  for (const char* word : {"u", "v", "w", "x", "y", "z"})
    commit(large(word));
  EXPECT_THAT(sizes_under_way(), ElementsAre(1, 1, 1, 1));
  static_assert(leader::in_flight_max == 4);
  complete_append();
  EXPECT_THAT(sizes_under_way(), ElementsAre(1, 1, 1, 2)) << "those that waited go together";
}

TEST_F(Leader, KnowsWhatIsDurable) {
  EXPECT_EQ(leader_->durable(), 0u);
  commit("x");
  commit("y");
  EXPECT_EQ(leader_->durable(), 0u);
  EXPECT_EQ(replica_->applied().index, 2u);
  complete_append();
  EXPECT_EQ(leader_->durable(), 1u);
  EXPECT_TRUE(leader_->has_entries_under_way());
  complete_append();
  EXPECT_EQ(leader_->durable(), 2u);
  EXPECT_FALSE(leader_->has_entries_under_way());
}

TEST_F(Leader, GoesOnFromWhatTheLogHas) {
  commit("x");
  complete_append();
  make(false);
  EXPECT_EQ(leader_->durable(), 1u);
  commit("y");
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "y=new@2"));
}

TEST_F(Leader, IsIdleWhenNothingWaitsOrIsUnderWay) {
  EXPECT_TRUE(leader_->is_idle());
  collect("x");
  EXPECT_FALSE(leader_->is_idle());
  leader_->flush();
  EXPECT_FALSE(leader_->is_idle());
  complete_append();
  EXPECT_TRUE(leader_->is_idle());
  read("q");
  EXPECT_FALSE(leader_->is_idle());
  complete_confirm();
  EXPECT_TRUE(leader_->is_idle());
}

// What needs no entry ----------------------------------------------------------------------------

TEST_F(Leader, AnswersARefusalWhenTheLogHasConfirmed) {
  commit("x");
  complete_append();
  told();
  commit("x");
  queue_.run();
  EXPECT_EQ(log_->appends_under_way(), 0u);
  EXPECT_THAT(told(), IsEmpty());
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("x=known@0"));
}

// It is a refusal only if the entry before it becomes durable.
TEST_F(Leader, AnswersARefusalAfterTheEntriesThatWereUnderWay) {
  commit("x");
  commit("x");
  complete_confirm();
  EXPECT_THAT(told(), IsEmpty());
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "x=known@0"));
}

TEST_F(Leader, AnswersARefusalThatIsInAnEntrysGroupWithIt) {
  collect("x");
  collect("x");
  leader_->flush();
  EXPECT_THAT(sizes_under_way(), ElementsAre(1));
  EXPECT_EQ(log_->confirms_under_way(), 0u);
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "x=known@0"));
}

// Reads ------------------------------------------------------------------------------------------

TEST_F(Leader, AnswersAReadWhenTheLogHasConfirmed) {
  read("q");
  queue_.run();
  EXPECT_THAT(told(), IsEmpty());
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("q?"));
}

TEST_F(Leader, AnswersAReadAfterTheEntriesThatWereUnderWay) {
  commit("x");
  commit("y");
  read("q");
  complete_confirm();
  EXPECT_THAT(told(), IsEmpty());
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1"));
  complete_append();
  EXPECT_THAT(told(), ElementsAre("y=new@2", "q?"));
}

TEST_F(Leader, AnswersAReadOnlyByAConfirmationThatWasBegunAfterIt) {
  read("q1");
  read("q2");
  EXPECT_EQ(log_->confirms_under_way(), 1u) << "one at a time";
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("q1?"));
  ASSERT_EQ(log_->confirms_under_way(), 1u);
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("q2?"));
  EXPECT_EQ(log_->confirms_under_way(), 0u);
}

TEST_F(Leader, AnswersAllReadsThatWaitedByOneConfirmation) {
  read("q1");
  read("q2");
  read("q3");
  complete_confirm();
  told();
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("q2?", "q3?"));
}

// That an entry became durable which was begun later says that nobody else wrote until then.
TEST_F(Leader, AnswersAReadByALaterEntry) {
  read("q");
  commit("x");
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "q?"));
}

TEST_F(Leader, DoesNotAnswerAReadByAnEntryThatWasUnderWayBefore) {
  commit("x");
  read("q");
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1"));
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("q?"));
}

TEST_F(Leader, RefusesTheReadersOfAConfirmationThatNobodyGave) {
  commit("x");
  read("q1");
  read("q2");
  log_->fail_confirm({errc::unavailable, "no etcd"});
  queue_.run();
  EXPECT_THAT(told(), ElementsAre("q1!unavailable"));
  complete_confirm();
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "q2?")) << "and it goes on";
}

// Its confirmation came; it waits for an entry only.
TEST_F(Leader, DoesNotRefuseAReaderForALaterConfirmation) {
  commit("x");
  read("q1");
  complete_confirm();
  read("q2");
  log_->fail_confirm({errc::unavailable, "no etcd"});
  queue_.run();
  EXPECT_THAT(told(), ElementsAre("q2!unavailable"));
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "q1?"));
}

// Failures ---------------------------------------------------------------------------------------

TEST_F(Leader, TellsWhatIsUnknownAndWhatWasNotBegunWhenItsEpochIsLost) {
  for (const char* word : {"u", "v", "w", "x"})
    commit(word);
  commit("not-begun");
  read("q");
  lose_epoch();
  complete_append();
  EXPECT_THAT(told(), ElementsAre("u!outcome_unknown", "v!outcome_unknown", "w!outcome_unknown",
                                  "x!outcome_unknown", "not-begun!unavailable", "q!unavailable",
                                  "failed epoch_lost and is ahead"));
  EXPECT_FALSE(leader_->has_entries_under_way());
}

TEST_F(Leader, AnswersWhatIsDurableBeforeTheEpochIsLost) {
  commit("x");
  commit("y");
  log_->complete_append();
  lose_epoch();
  complete_append();
  EXPECT_THAT(told(),
              ElementsAre("x=new@1", "y!outcome_unknown", "failed epoch_lost and is ahead"));
}

TEST_F(Leader, IsNotAheadIfAConfirmationSaysThatItsEpochIsLost) {
  read("q");
  lose_epoch();
  complete_confirm();
  EXPECT_THAT(told(), ElementsAre("q!unavailable", "failed epoch_lost"));
}

TEST_F(Leader, IsAheadIfAConfirmationSaysSoWithAnEntryUnderWay) {
  commit("x");
  read("q");
  lose_epoch();
  complete_confirm();
  EXPECT_THAT(told(),
              ElementsAre("x!outcome_unknown", "q!unavailable", "failed epoch_lost and is ahead"));
}

TEST_F(Leader, IsAheadIfTheLogDoesNotBeginItsEntry) {
  log_->refuse_appends_with = error{errc::epoch_lost, "another writer"};
  commit("x");
  EXPECT_THAT(told(), ElementsAre("x!outcome_unknown", "failed epoch_lost and is ahead"));
}

TEST_F(Leader, DoesNotSayThatAnEntryFailedOfWhichNobodyKnows) {
  commit("x");
  log_->lose_answer_of_append();
  queue_.run();
  EXPECT_THAT(told(), ElementsAre("x!outcome_unknown", "failed io and is ahead"));
  EXPECT_EQ(store_->entries.size(), 1u);
}

TEST_F(Leader, FailsOnce) {
  commit("x");
  commit("y");
  read("q");
  log_->fail_appends({errc::io, "no answer"});
  lose_epoch();
  log_->complete_confirm();
  queue_.run();
  EXPECT_THAT(told(), ElementsAre("x!outcome_unknown", "y!outcome_unknown", "q!unavailable",
                                  "failed io and is ahead"));
}

TEST_F(Leader, BeginsNothingAfterItHasFailed) {
  read("q");
  lose_epoch();
  complete_confirm();
  told();
  commit("x");
  read("q");
  EXPECT_EQ(log_->appends_under_way(), 0u);
  EXPECT_THAT(told(), IsEmpty());
  leader_.reset();
  EXPECT_THAT(told(), ElementsAre("x!unavailable", "q!unavailable"));
}

TEST_F(Leader, AnswersEverybodyAtItsEnd) {
  for (const char* word : {"u", "v", "w", "x"})
    commit(word);
  commit("not-begun");
  read("q");
  leader_.reset();
  EXPECT_THAT(told(), ElementsAre("u!outcome_unknown", "v!outcome_unknown", "w!outcome_unknown",
                                  "x!outcome_unknown", "not-begun!unavailable", "q!unavailable"));
}

TEST_F(Leader, IsNotTouchedByWhatTheLogSaysAfterItsEnd) {
  commit("x");
  read("q");
  log_->complete_append(); // Posted, but not run.
  leader_.reset();
  told();
  log_->complete_confirm();
  queue_.run();
  EXPECT_THAT(told(), IsEmpty());
}

// The exception ends its life; nobody is to wait for a timeout because of it.
TEST_F(Leader, AnswersAtItsEndWhatItHadInHandWhenTheMachineThrew) {
  ASSERT_TRUE(arm_fault("durable.before_append", {}));
  EXPECT_THROW(commit("x"), injected_fault);
  leader_.reset();
  EXPECT_THAT(told(), ElementsAre("x!outcome_unknown"));
}

// Settling ---------------------------------------------------------------------------------------

TEST_F(Leader, LetsTheMachineKeepItsStateOnlyWhileNothingIsUnderWay) {
  commit("x");
  commit("y");
  complete_append();
  EXPECT_THAT(*settled_, IsEmpty());
  complete_append();
  EXPECT_THAT(*settled_, ElementsAre(2));
}

TEST_F(Leader, TellsTheLogWhatTheMachineHasKept) {
  make(true);
  commit("x");
  complete_append();
  EXPECT_EQ(store_->checkpoint, 1u);
}

TEST_F(Leader, DoesNotLetTheMachineKeepItsStateForReads) {
  read("q");
  complete_confirm();
  EXPECT_THAT(*settled_, IsEmpty());
}

// Or else a machine under load could never keep it.
TEST_F(Leader, WaitsUntilNothingIsUnderWayAfterSixtyFourEntries) {
  const auto begun = [this] { return store_->entries.size() + log_->appends_under_way(); };
  for (int i = 0; begun() < 64; ++i) {
    if (log_->appends_under_way() == leader::in_flight_max)
      complete_append();
    commit(large("word-" + std::to_string(i)));
  }
  complete_append();
  commit(large("one-more"));
  while (log_->appends_under_way() > 1) {
    EXPECT_EQ(begun(), 64u);
    complete_append();
  }
  EXPECT_THAT(*settled_, IsEmpty());
  complete_append();
  EXPECT_THAT(*settled_, ElementsAre(64));
  EXPECT_EQ(begun(), 65u) << "and then it goes on";
  complete_append();
  EXPECT_EQ(told().back(), large("one-more") + "=new@65");
}

TEST_F(Leader, FailsIfWhatTheMachineKeptCannotBeNoted) {
  make(true);
  commit("x");
  log_->refuse_checkpoint_with = error{errc::io, "no answer"};
  complete_append();
  EXPECT_THAT(told(), ElementsAre("x=new@1", "failed io"));
}

} // namespace
} // namespace ducat::cluster
