/// A machine and its log, on a real disk.

#include "durable/batch_codec.hpp"
#include "durable/fault_points.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/replica.hpp>

#include <gtest/gtest.h>

#include <set>

namespace ducat {
namespace {

/// Remembers each word once, and where it was written.
class words final : public machine {
public:
  std::optional<std::string> answer_without_commit(std::string_view command) const override {
    return known_.contains(std::string{command}) ? std::optional<std::string>{"known"}
                                                 : std::nullopt;
  }

  std::string apply(const position& where, std::string_view command) override {
    known_.emplace(command);
    history_ += std::string{command} + "@" + std::to_string(where.index) + "/" +
                std::to_string(where.at.nanoseconds) + " ";
    return "new";
  }

  std::string query(std::string_view) const override { return history_; }

  digest state_digest() const override { return sha256({history_}); }

  receipt durable_to() const override { return kept_; }

  void committed(const receipt& newest, const grant_map&) override {
    if (keeps_)
      kept_ = newest;
  }

  /// Makes it one that kept its state elsewhere, up to the entry `begin`.
  static std::unique_ptr<words> beginning_at(const receipt& begin) {
    auto made = std::make_unique<words>();
    made->kept_ = begin;
    return made;
  }

  /// Makes it one that keeps each state elsewhere at once.
  static std::unique_ptr<words> keeping() {
    auto made = std::make_unique<words>();
    made->keeps_ = true;
    return made;
  }

private:
  receipt kept_;
  bool keeps_ = false;
  std::set<std::string> known_;
  std::string history_;
};

class Replica : public ::testing::Test {
protected:
  replica open() {
    auto opened = replica::open(options());
    EXPECT_TRUE(opened) << opened.error();
    return std::move(*opened);
  }

  replica_options options() {
    if (log_ == nullptr)
      log_ = open_embedded_log({.directory = directory_.path()}).value();
    return {.log = log_,
            .machine = [] { return std::make_unique<words>(); },
            .now = [this] { return log_time{now_}; }};
  }

  static std::vector<committed> run(replica& r, const std::vector<std::string>& commands) {
    std::vector<committed> done;
    auto answers = r.run(proposals(commands)).value();
    for (result<committed>& each : answers)
      done.push_back(std::move(each).value());
    return done;
  }

  static std::vector<commit> proposals(const std::vector<std::string>& commands) {
    std::vector<commit> made;
    for (const std::string& each : commands)
      made.push_back({each});
    return made;
  }

  testing::temporary_directory directory_;
  std::shared_ptr<log> log_;
  std::uint64_t now_ = 100;
};

TEST_F(Replica, AppliesOnlyWhatComesAfterTheStateOfItsMachine) {
  receipt first;
  {
    replica r = open();
    first = run(r, {"a"}).front().receipt;
    run(r, {"b"});
  }
  replica_options later = options();
  later.machine = [&] { return words::beginning_at(first); };
  EXPECT_TRUE(replica::open(later)->query("").starts_with("b@2/"));
}

TEST_F(Replica, RefusesAStateThatBelongsToAnotherLog) {
  {
    replica r = open();
    run(r, {"a"});
  }
  replica_options other = options();
  other.machine = [] { return words::beginning_at({1, sha256({"another"})}); };
  EXPECT_EQ(replica::open(other).error().code, errc::corrupt);
  other.machine = [] { return words::beginning_at({2, {}}); };
  EXPECT_EQ(replica::open(other).error().code, errc::corrupt);
}

TEST_F(Replica, KeepsEveryEntryUnlessItIsToldOtherwise) {
  replica_options all = options();
  all.machine = words::keeping;
  {
    replica r = replica::open(all).value();
    for (const char* word : {"a", "b", "c", "d"})
      run(r, {word});
  }
  EXPECT_EQ(log_->first(), 1u);
}

TEST_F(Replica, KeepsTheEntriesAfterTheCheckpointBeforeTheNewestOne) {
  replica_options few = options();
  few.machine = words::keeping;
  few.retention = log_retention::checkpoint;
  {
    replica r = replica::open(few).value();
    for (const char* word : {"a", "b", "c", "d"})
      run(r, {word});
  } // Its end waits for the trim.
  EXPECT_EQ(log_->first(), 4u);
}

TEST_F(Replica, WritesAGroupAsOneEntry) {
  replica r = open();
  const auto answers = run(r, {"a", "b"});
  EXPECT_EQ(answers[0].receipt.index, 1u);
  EXPECT_EQ(answers[1].receipt, log_->last());
  EXPECT_EQ(r.query(""), "a@1/100 b@1/100 ");
}

TEST_F(Replica, WritesNothingThatHasNoEffect) {
  replica r = open();
  const auto answers = run(r, {"a", "a"});
  EXPECT_EQ(answers[1].reply, "known");
  EXPECT_EQ(answers[1].receipt, receipt{});
  run(r, {"a"});
  EXPECT_EQ(log_->last().index, 1u);
}

TEST_F(Replica, IsRebuiltFromTheLogByTheNextLife) {
  {
    replica r = open();
    run(r, {"a"});
    run(r, {"b", "c"});
  }
  log_ = nullptr; // The lock is given up, and everything is read from the disk again.
  EXPECT_EQ(open().query(""), "a@1/100 b@2/101 c@2/101 ");
}

TEST_F(Replica, StampsWithTheClockButNeverBackwards) {
  replica r = open();
  run(r, {"a"});
  now_ = 5'000;
  run(r, {"b"});
  now_ = 7;
  run(r, {"c"});
  EXPECT_EQ(r.query(""), "a@1/100 b@2/5000 c@3/5001 ");
}

// It has no state but the log's: rebuilt from a part of it, it would be another machine.
TEST_F(Replica, IsNotRebuiltFromATrimmedLog) {
  {
    replica r = open();
    run(r, {"a"});
    run(r, {"b"});
    ASSERT_TRUE(log_->trim(1));
    EXPECT_EQ(r.receipt_at(2), log_->last());
  }
  const auto refused = replica::open(options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_string(refused.error()),
            "not_found: the entries up to 1 were trimmed away; the first one kept is 2");
}

TEST_F(Replica, IsFencedByTheNextLife) {
  replica old = open();
  replica next = open();
  EXPECT_EQ(old.run(proposals({"a"})).error().code, errc::epoch_lost);
  EXPECT_EQ(log_->last().index, 0u);
  EXPECT_EQ(run(next, {"a"})[0].reply, "new");
}

TEST_F(Replica, GrantsAGroupOnceAfterEachGrant) {
  replica r = open();
  run(r, {"a"});
  EXPECT_EQ(r.grant_of("g"), grant{});
  ASSERT_TRUE(r.run_grant({.group = "g", .node = "n1", .after = 0}));
  EXPECT_EQ(r.grant_of("g"), (grant{"n1", 2}));
  ASSERT_TRUE(r.run_grant({.group = "g", .node = "n2", .after = 0}));
  EXPECT_EQ(r.grant_of("g"), (grant{"n1", 2})) << "somebody was quicker";
  EXPECT_EQ(log_->last().index, 2u);
  ASSERT_TRUE(r.run_grant({.group = "g", .node = "n2", .after = 2}));
  EXPECT_EQ(r.grant_of("g"), (grant{"n2", 3}));
}

TEST_F(Replica, KnowsItsGrantsAfterAReplay) {
  {
    replica r = open();
    ASSERT_TRUE(r.run_grant({.group = "g", .node = "n1", .after = 0}));
    run(r, {"a"});
    ASSERT_TRUE(r.run_grant({.group = "h", .node = "n2", .after = 0}));
  }
  const replica again = open();
  EXPECT_EQ(again.grant_of("g"), (grant{"n1", 1}));
  EXPECT_EQ(again.grant_of("h"), (grant{"n2", 3}));
  EXPECT_EQ(again.query(""), "a@2/101 ") << "the machine is not told of grants";
}

TEST_F(Replica, RefusesACommandOfAnOlderGrant) {
  replica r = open();
  ASSERT_TRUE(r.run_grant({.group = "g", .node = "n1", .after = 0}));
  const auto run_under = [&](std::uint64_t epoch, const std::string& word) {
    return r.run(std::vector{commit{word, fencing_token{"g", epoch}}}).value().front();
  };
  EXPECT_EQ(run_under(1, "a").value().reply, "new");
  ASSERT_TRUE(r.run_grant({.group = "g", .node = "n1", .after = 1}));
  EXPECT_EQ(run_under(1, "b").error().code, errc::epoch_lost);
  EXPECT_EQ(run_under(1, "a").error().code, errc::epoch_lost) << "nor is it told a replay";
  EXPECT_EQ(run_under(2, "b").error().code, errc::epoch_lost) << "an entry that is no grant";
  EXPECT_EQ(run_under(3, "b").value().reply, "new");
  EXPECT_EQ(r.query(""), "a@2/101 b@4/103 ");
}

TEST_F(Replica, CommitsTheOthersOfAGroupOfCommandsWithOneThatIsRefused) {
  replica r = open();
  const auto done =
      r.run(std::vector{commit{"a"}, commit{"b", fencing_token{"g", 7}}, commit{"c"}}).value();
  EXPECT_EQ(done[0].value().receipt.index, 1u);
  EXPECT_EQ(done[1].error().code, errc::epoch_lost);
  EXPECT_EQ(done[2].value().receipt, done[0].value().receipt);
  EXPECT_EQ(r.query(""), "a@1/100 c@1/100 ");
}

TEST_F(Replica, FindsTheReceiptOfAnOlderEntry) {
  replica r = open();
  const receipt first = run(r, {"a"})[0].receipt;
  run(r, {"b"});
  EXPECT_EQ(r.receipt_at(1).value(), first);
  EXPECT_EQ(r.receipt_at(0).error().code, errc::not_found);
  EXPECT_EQ(r.receipt_at(3).error().code, errc::not_found);
}

// Who repeats a request is told its entry: that must not cost the one who commits a read.
TEST_F(Replica, KnowsTheReceiptsOfItsLifeWithoutTheLog) {
  replica r = open();
  const receipt first = run(r, {"a"})[0].receipt;
  const receipt second = run(r, {"b"})[0].receipt;
  ASSERT_TRUE(log_->checkpoint(1));
  ASSERT_TRUE(log_->trim(1));
  EXPECT_EQ(r.receipt_at(1).value(), first);
  EXPECT_EQ(r.receipt_at(2).value(), second);
  EXPECT_EQ(log_->first(), 2u);
}

TEST_F(Replica, LeavesNothingBehindWhenItCrashesBeforeTheAppend) {
  replica r = open();
  ASSERT_TRUE(arm_fault("durable.before_append", {}));
  EXPECT_THROW((void)r.run(proposals({"a"})), injected_fault);
  EXPECT_EQ(open().query(""), "");
}

TEST_F(Replica, KeepsWhatItAppendedWhenItCrashesBeforeTheAnswer) {
  replica r = open();
  ASSERT_TRUE(arm_fault("durable.after_append", {}));
  EXPECT_THROW((void)r.run(proposals({"a"})), injected_fault);
  EXPECT_EQ(open().query(""), "a@1/100 ");
}

TEST_F(Replica, RefusesALogWithACommandThatWouldHaveNoEffect) {
  options();
  const epoch mine = log_->take_epoch().value();
  batch_builder batch;
  batch.add("a");
  batch.add("a");
  ASSERT_TRUE(log_->append(mine, {1}, std::move(batch).take()));
  const auto opened = replica::open(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::corrupt);
  EXPECT_NE(opened.error().message.find("log entry 1"), std::string::npos);
}

TEST_F(Replica, RefusesALogWhoseBatchItCannotRead) {
  options();
  const epoch mine = log_->take_epoch().value();
  ASSERT_TRUE(log_->append(mine, {1}, "no batch"));
  const auto opened = replica::open(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::newer_version);
  EXPECT_NE(opened.error().message.find("log entry 1"), std::string::npos);
}

} // namespace
} // namespace ducat
