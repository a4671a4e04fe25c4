/// A machine on a shared log: who answers, who follows, and what becomes of asks when that changes.

#include "cluster/durable_messages.hpp"
#include "cluster/replicated.hpp"
#include "durable/batch_codec.hpp"
#include "fake_shared_log.hpp"
#include "run_queue.hpp"
#include "word_machine.hpp"

#include <ducat/fatal.hpp>

#include <gmock/gmock.h>

namespace ducat::cluster {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Returns what was answered, for people: "new@1", "a b", "3/epoch 2" or "!unavailable".
template <class T>
std::string text_of(const result<std::string>& body);

std::string refusal(const error& why) {
  return "!" + std::string{to_string(why.code)};
}

template <>
std::string text_of<committed>(const result<std::string>& body) {
  const auto done = body.and_then(decode<committed>);
  return done ? done->reply + "@" + std::to_string(done->receipt.index) : refusal(done.error());
}

template <>
std::string text_of<answer>(const result<std::string>& body) {
  const auto done = body.and_then(decode<answer>);
  return done ? done->text : refusal(done.error());
}

template <>
std::string text_of<log_position>(const result<std::string>& body) {
  const auto done = body.and_then(decode<log_position>);
  return done ? std::to_string(done->receipt.index) + "/epoch " + std::to_string(done->writer.value)
              : refusal(done.error());
}

/// One node, its thread and its way to the log. Other nodes are reached through the test.
class test_node {
public:
  struct sent_ask {
    std::string to;
    outgoing_ask what;
    time_point deadline;
    ask_callback done;
  };

  test_node(std::shared_ptr<log_store> store, const std::string& name, const time_point& now)
      : name_{name}, now_{now}, log_{std::make_shared<fake_shared_log>(std::move(store), name)} {
    start();
  }

  ~test_node() {
    stop();
    queue_.run();
  }

  test_node(const test_node&) = delete;
  test_node& operator=(const test_node&) = delete;

  /// Begins a life.
  void start() {
    machine_.emplace(
        replicated_options{.node = name_,
                           .path = "ledger",
                           .log = log_,
                           .post = queue_.poster(),
                           .now = [this] { return now_; },
                           .ask =
                               [this](const std::string& to, outgoing_ask what, time_point deadline,
                                      ask_callback done) {
                                 sent_.push_back({to, std::move(what), deadline, std::move(done)});
                               }},
        replica_options{
            .log = nullptr,
            .machine = [this] { return std::make_unique<word_machine>(settled_, keeps_); },
            .now = [] { return log_time{1}; }});
  }

  void stop() { machine_.reset(); }

  replicated& machine() { return *machine_; }

  fake_shared_log& log() { return *log_; }

  run_queue& queue() { return queue_; }

  void keep_state() { keeps_ = true; }

  /// Takes the log after `seen`, and hears of it.
  void lead_after(std::uint64_t seen) {
    machine_->on_turn({seen});
    queue_.run();
    ASSERT_TRUE(machine_->is_leading());
  }

  /// Hears who holds the log.
  void hear_of(std::uint64_t granted, const std::string& node) {
    machine_->on_holder({{granted}, node});
    queue_.run();
  }

  void tick() {
    machine_->on_tick();
    queue_.run();
  }

  void complete_appends() {
    while (log_->appends_under_way() > 0) {
      log_->complete_append();
      queue_.run();
    }
  }

  void complete_confirms() {
    while (log_->confirms_under_way() > 0) {
      log_->complete_confirm();
      queue_.run();
    }
  }

  void deliver_entries() {
    log_->deliver_entries();
    queue_.run();
  }

  /// An ask of this node's own.
  void commit(const std::string& word) {
    ask(commit_type, encode(ducat::commit{word}), told_as<committed>(word));
  }

  void query() { ask(query_type, encode(ducat::query{""}), told_as<answer>("all")); }

  void locate(std::uint64_t index) {
    ask(locate_type, encode(ducat::locate{index}), told_as<log_position>("at"));
  }

  /// An ask of another node.
  void serve(std::string_view type, const std::string& body) {
    machine_->serve(std::string{type}, body, told_as<committed>("served"));
    machine_->flush();
    queue_.run();
  }

  /// Returns the asks that were sent to other nodes and not taken yet.
  std::vector<sent_ask> sent() { return std::exchange(sent_, {}); }

  /// Returns what was answered to this node's asks since the last call, in order.
  std::vector<std::string> told() { return std::exchange(told_, {}); }

private:
  void ask(std::string_view type, const std::string& body, respond_with<std::string> respond) {
    machine_->ask(std::string{type}, body, std::move(respond));
    machine_->flush();
    queue_.run();
  }

  template <class T>
  respond_with<std::string> told_as(const std::string& name) {
    return [this, name](const result<std::string>& body) {
      told_.push_back(name + "=" + text_of<T>(body));
    };
  }

  std::string name_;
  const time_point& now_;
  bool keeps_ = false;
  std::vector<std::string> told_;
  std::vector<sent_ask> sent_;
  std::shared_ptr<settled_entries> settled_ = std::make_shared<settled_entries>();
  std::shared_ptr<fake_shared_log> log_;
  run_queue queue_;
  std::optional<replicated> machine_;
};

class Replicated : public ::testing::Test {
protected:
  /// Writes an entry with `word` as node "z" does, which holds the log then.
  void write(const std::string& word) {
    fake_shared_log other{store_, "z"};
    batch_builder batch;
    batch.add(word);
    (void)other.append(other.take_epoch().value(), {1}, std::move(batch).take()).value();
  }

  /// Brings the asks that `from` has sent to `to`, and their answers back as they come.
  static void carry(test_node& from, test_node& to) {
    for (auto& each : from.sent()) {
      to.machine().serve(each.what.type, each.what.body, each.done);
      to.machine().flush();
      to.queue().run();
    }
    from.queue().run();
  }

  time_point now_{1h};
  std::shared_ptr<log_store> store_ = std::make_shared<log_store>();
  test_node a_{store_, "a", now_};
  test_node b_{store_, "b", now_};
};

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

// Asking -----------------------------------------------------------------------------------------

TEST_F(Replicated, AnswersItsOwnAsksWhileItLeads) {
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

TEST_F(Replicated, AnswersAReadByTheStateBeforeLaterCommands) {
  a_.lead_after(0);
  a_.commit("x");
  a_.query();
  a_.commit("y");
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1", "y=new@2", "all=x"));
}

TEST_F(Replicated, SendsItsAsksToTheHolder) {
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

TEST_F(Replicated, GivesTheHoldersAnswerToWhoAsked) {
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

TEST_F(Replicated, KnowsTheHolderFromTheBeginning) {
  a_.lead_after(0);
  test_node late{store_, "late", now_};
  late.commit("x");
  EXPECT_EQ(late.sent().size(), 1u);
}

TEST_F(Replicated, WaitsForTheHolderIfTheLogDoesNotSayWhoItIs) {
  a_.commit("x");
  EXPECT_THAT(a_.told(), IsEmpty());
  a_.hear_of(1, "b");
  EXPECT_EQ(a_.sent().size(), 1u);
}

TEST_F(Replicated, ServesWhatWaitedWhenItLeads) {
  a_.commit("x");
  a_.lead_after(0);
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("x=new@1"));
}

TEST_F(Replicated, WaitsForItselfIfItsLastLifeHeldTheLog) {
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
TEST_F(Replicated, DoesNotSendItsAsksToWhoHeldTheLogBeforeIt) {
  b_.lead_after(0);
  a_.hear_of(1, "b");
  a_.lead_after(1);
  a_.machine().drain([] {});
  a_.commit("x");
  EXPECT_THAT(a_.sent(), IsEmpty());
}

TEST_F(Replicated, DoesNotWaitForEver) {
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
TEST_F(Replicated, AsksAgainWhatTheHolderDidNotTake) {
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

TEST_F(Replicated, AsksAnotherHolderWhatTheLastOneDidNotTake) {
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.sent()[0].done(fail(errc::unavailable, "no link"));
  a_.queue().run();
  a_.hear_of(2, "c");
  const auto again = a_.sent();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].to, "c");
}

TEST_F(Replicated, GivesUpWhatNobodyTakesInTime) {
  a_.hear_of(1, "b");
  a_.commit("x");
  now_ += 3s;
  a_.sent()[0].done(fail(errc::unavailable, "no link"));
  a_.queue().run();
  EXPECT_THAT(a_.told(), ElementsAre("x=!unavailable"));
}

TEST_F(Replicated, DoesNotAskAgainWhatMayHaveBeenDone) {
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.sent()[0].done(fail(errc::outcome_unknown, "the link was lost"));
  a_.queue().run();
  a_.tick();
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
  EXPECT_THAT(a_.sent(), IsEmpty());
}

TEST_F(Replicated, DoesNotKnowWhatBecameOfAsksWhenAnotherNodeHoldsTheLog) {
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

TEST_F(Replicated, DoesNotKnowWhatBecameOfAsksWhenItHoldsTheLogItself) {
  b_.lead_after(0);
  a_.hear_of(1, "b");
  a_.commit("x");
  a_.lead_after(1);
  EXPECT_THAT(a_.told(), ElementsAre("x=!outcome_unknown"));
  a_.hear_of(2, "a");
  EXPECT_THAT(a_.told(), IsEmpty());
}

TEST_F(Replicated, AnswersEverybodyAtTheEndOfItsLife) {
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

TEST_F(Replicated, ServesOtherNodesOnlyWhileItLeads) {
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

TEST_F(Replicated, RefusesWhatItDoesNotUnderstand) {
  a_.lead_after(0);
  a_.serve("dance", "");
  for (const auto type : {commit_type, query_type, locate_type})
    a_.serve(type, "\xff");
  EXPECT_THAT(a_.told(), ElementsAre("served=!invalid_argument", "served=!invalid_argument",
                                     "served=!invalid_argument", "served=!invalid_argument"));
}

TEST_F(Replicated, RefusesACommandThatIsTooLarge) {
  a_.lead_after(0);
  a_.serve(commit_type, encode(ducat::commit{std::string(command_bytes_max + 1, 'x')}));
  EXPECT_THAT(a_.told(), ElementsAre("served=!invalid_argument"));
  a_.serve(commit_type, encode(ducat::commit{std::string(command_bytes_max, 'x')}));
  a_.complete_appends();
  EXPECT_THAT(a_.told(), ElementsAre("served=new@1"));
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

// Damage -----------------------------------------------------------------------------------------

class ReplicatedDeathTest : public Replicated {
protected:
  ReplicatedDeathTest() { ::testing::FLAGS_gtest_death_test_style = "threadsafe"; }

  const ::testing::ExitedWithCode ended{fatal_exit_code};
};

TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheLogIsDamaged) {
  a_.log().deliver(fail(errc::corrupt, "log entry 7 has a wrong checksum"));
  EXPECT_EXIT(a_.queue().run(), ended, "corrupt: log entry 7");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheLogIsOfANewerVersion) {
  a_.log().deliver(fail(errc::newer_version, "log entry 7"));
  EXPECT_EXIT(a_.queue().run(), ended, "newer_version: log entry 7");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfAnEntryDoesNotContinueWhatItApplied) {
  write("x");
  write("y");
  a_.log().deliver(store_->entries[1]);
  EXPECT_EXIT(a_.queue().run(), ended, "log entry 2 does not continue");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfAnEntryHoldsACommandWithoutEffect) {
  write("x");
  write("x");
  a_.log().deliver_entries();
  EXPECT_EXIT(a_.queue().run(), ended, "log entry 2 holds a command that has no effect");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfItWouldBeginWithDamage) {
  write("x");
  write("x");
  a_.stop();
  EXPECT_EXIT(a_.start(), ended, "log entry 2 holds a command that has no effect");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfItWouldLeadFromDamage) {
  write("x");
  write("x");
  EXPECT_EXIT(a_.machine().on_turn({2}), ended, "log entry 2 holds a command that has no effect");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheEpochIsDamaged) {
  a_.log().refuse_epochs_with = error{errc::corrupt, "the epoch of the log is damaged"};
  EXPECT_EXIT(a_.machine().on_turn({}), ended, "the epoch of the log is damaged");
}

// The log would be led, and damaged, again and again.
TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheEntryThatItsMachineKeptIsDamaged) {
  a_.keep_state();
  a_.stop();
  a_.start();
  a_.lead_after(0);
  a_.commit("x");
  a_.log().refuse_checkpoint_with = error{errc::corrupt, "log entry 1"};
  EXPECT_EXIT(a_.complete_appends(), ended, "corrupt: log entry 1");
}

} // namespace
} // namespace ducat::cluster
