/// What every log does, wherever it keeps its entries.

#include "log/log_suite.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ducat::testing {
namespace {

using strings = std::vector<std::string>;

class EveryLog : public ::testing::TestWithParam<log_kind> {
protected:
  /// Opens the log again.
  std::unique_ptr<log> open() { return home_->open(); }

  std::unique_ptr<log_home> home_ = GetParam().make();
};

// Appending and reading ---------------------------------------------------------------------------

TEST_P(EveryLog, IsEmptyAtFirst) {
  const auto log = open();
  EXPECT_EQ(log->last(), receipt{});
  EXPECT_TRUE(entries(*log).empty());
}

TEST_P(EveryLog, ReturnsWhatWasAppendedInOrder) {
  const auto log = open();
  append_some(*log, 3);
  EXPECT_EQ(payloads(*log), (strings{"payload-1", "payload-2", "payload-3"}));
}

TEST_P(EveryLog, ReadsFromAnyIndex) {
  const auto log = open();
  append_some(*log, 3);
  EXPECT_EQ(payloads(*log, 0).size(), 3u);
  EXPECT_EQ(payloads(*log, 2), (strings{"payload-2", "payload-3"}));
  EXPECT_EQ(payloads(*log, 3), strings{"payload-3"});
  EXPECT_EQ(payloads(*log, 4), strings{});
  EXPECT_EQ(payloads(*log, 100), strings{});
}

TEST_P(EveryLog, StopsReadingWhenTheVisitorSaysSo) {
  const auto log = open();
  append_some(*log, 3);
  int visits = 0;
  EXPECT_TRUE(log->read(1, [&](const entry&) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
}

TEST_P(EveryLog, KeepsEverythingWhenReopened) {
  append_some(*open(), 3);
  const receipt before = open()->last();
  const auto log = open();
  EXPECT_EQ(log->last(), before);
  EXPECT_EQ(payloads(*log).size(), 3u);
  append_some(*log, 1);
  EXPECT_EQ(payloads(*log, 4), strings{"payload-4"});
}

TEST_P(EveryLog, KeepsPayloadsOfAnyBytesAndOfNone) {
  const std::string odd("\0\xff\n\0", 4);
  const std::string large(payload_bytes_max, 'x');
  {
    const auto log = open();
    const epoch mine = log->take_epoch().value();
    for (const std::string& bytes : {odd, std::string{}, large})
      ASSERT_TRUE(log->append(mine, {}, bytes));
  }
  EXPECT_TRUE(payloads(*open()) == (strings{odd, "", large}));
}

TEST_P(EveryLog, RefusesAPayloadThatIsTooLarge) {
  const auto log = open();
  const epoch mine = log->take_epoch().value();
  const auto done = log->append(mine, {}, std::string(payload_bytes_max + 1, 'x'));
  EXPECT_EQ(done.error().code, errc::invalid_argument);
  EXPECT_EQ(log->last().index, 0u);
  EXPECT_TRUE(log->append(mine, {}, "small"));
}

TEST_P(EveryLog, ChainsEachEntryToTheOneBefore) {
  append_some(*open(), 2);
  append_some(*open(), 2);
  digest previous{};
  for (const entry& e : entries(*open())) {
    EXPECT_EQ(e.previous, previous);
    EXPECT_EQ(e.hash, hash_of(e));
    previous = e.hash;
  }
  EXPECT_EQ(open()->last(), (receipt{4, previous}));
}

TEST_P(EveryLog, RaisesTheTimeOfAnEntryJustAboveTheLast) {
  const auto log = open();
  const epoch mine = log->take_epoch().value();
  EXPECT_EQ(log->append(mine, {500}, "")->at, log_time{500});
  EXPECT_EQ(log->append(mine, {500}, "")->at, log_time{501});
  EXPECT_EQ(log->append(mine, {1}, "")->at, log_time{502});
  EXPECT_EQ(log->append(mine, {900}, "")->at, log_time{900});
}

TEST_P(EveryLog, RaisesTheTimeAcrossAReopen) {
  {
    const auto log = open();
    (void)log->append(log->take_epoch().value(), {500}, "").value();
  }
  const auto log = open();
  EXPECT_EQ(log->append(log->take_epoch().value(), {}, "")->at, log_time{501});
}

TEST_P(EveryLog, CanBeReadWhileItIsWritten) {
  const auto log = open();
  std::thread writer{[&] { append_some(*log, 50); }};
  while (log->last().index < 50) {
    const std::uint64_t acknowledged = log->last().index;
    EXPECT_GE(payloads(*log).size(), acknowledged);
  }
  writer.join();
}

// Epochs ------------------------------------------------------------------------------------------

TEST_P(EveryLog, GrantsEpochsThatOnlyGrowAlsoAcrossAReopen) {
  EXPECT_EQ(open()->take_epoch(), epoch{1});
  const auto log = open();
  EXPECT_EQ(log->take_epoch(), epoch{2});
  EXPECT_EQ(log->take_epoch(), epoch{3});
}

TEST_P(EveryLog, RefusesAnAppendFromAnOlderEpoch) {
  const auto log = open();
  const epoch old = log->take_epoch().value();
  const epoch mine = log->take_epoch().value();
  EXPECT_EQ(log->append(old, {}, "stale").error().code, errc::epoch_lost);
  EXPECT_TRUE(log->append(mine, {}, "mine"));
  EXPECT_EQ(payloads(*log), strings{"mine"});
}

TEST_P(EveryLog, RefusesAnAppendFromAnEpochNeverGranted) {
  const auto log = open();
  EXPECT_EQ(log->append({}, {}, "nobody").error().code, errc::epoch_lost);
  EXPECT_EQ(log->append({1}, {}, "too early").error().code, errc::epoch_lost);
  EXPECT_EQ(log->last().index, 0u);
}

TEST_P(EveryLog, RefusesTheEpochOfAnEarlierLifeOnceTheNextIsTaken) {
  const epoch old = open()->take_epoch().value();
  const auto log = open();
  (void)log->take_epoch().value();
  EXPECT_EQ(log->append(old, {}, "stale").error().code, errc::epoch_lost);
}

// Two writers in one process: whoever took the epoch last is the only one whose appends stay.
TEST_P(EveryLog, LetsNoAppendOfAnOldWriterInAfterTheEpochIsTaken) {
  const auto log = open();
  const epoch old = log->take_epoch().value();
  std::thread old_writer{[&] {
    while (log->append(old, {}, "old"))
      continue;
  }};
  while (log->last().index == 0)
    std::this_thread::yield();
  const epoch mine = log->take_epoch().value();
  const std::uint64_t first = log->append(mine, {}, "new").value().index;
  old_writer.join();
  (void)log->append(mine, {}, "new").value();
  EXPECT_EQ(payloads(*log, first), (strings{"new", "new"}));
}

// Trimming ----------------------------------------------------------------------------------------

TEST_P(EveryLog, ForgetsWhatIsTrimmedAndNothingElse) {
  const auto log = open();
  append_some(*log, 5);
  const receipt newest = log->last();
  ASSERT_TRUE(log->trim(3));
  EXPECT_EQ(log->first(), 4u);
  EXPECT_EQ(log->last(), newest);
  EXPECT_EQ(payloads(*log, 4), (strings{"payload-4", "payload-5"}));
  for (const std::uint64_t from : {0, 1, 3})
    EXPECT_EQ(log->read(from, [](const entry&) { return true; }).error().code, errc::not_found);
}

TEST_P(EveryLog, GoesOnAfterATrimAndAReopen) {
  {
    const auto log = open();
    append_some(*log, 5);
    ASSERT_TRUE(log->trim(2));
    ASSERT_TRUE(log->trim(1));
    ASSERT_TRUE(log->trim(100));
  }
  const auto log = open();
  EXPECT_EQ(log->first(), 5u);
  append_some(*log, 1);
  EXPECT_EQ(payloads(*log, 5), (strings{"payload-5", "payload-6"}));
}

TEST_P(EveryLog, IsVerifiedFromItsCheckpoint) {
  {
    const auto log = open();
    append_some(*log, 5);
    EXPECT_EQ(log->checkpoint(6).error().code, errc::not_found);
    ASSERT_TRUE(log->checkpoint(3));
    ASSERT_TRUE(log->checkpoint(2));
  }
  const auto log = open();
  EXPECT_EQ(log->last().index, 5u);
  EXPECT_EQ(payloads(*log).size(), 5u);
}

std::string name_of(const ::testing::TestParamInfo<log_kind>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Log, EveryLog, ::testing::ValuesIn(log_kinds()), name_of);

} // namespace
} // namespace ducat::testing
