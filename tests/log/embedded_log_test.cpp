#include "file_size_limit.hpp"
#include "log_helpers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <thread>

namespace ducat {
namespace {

using namespace testing;

class EmbeddedLog : public ::testing::Test {
protected:
  temporary_directory home_;
};

using strings = std::vector<std::string>;

// Appending and reading ---------------------------------------------------------------------------

TEST_F(EmbeddedLog, IsEmptyAtFirst) {
  const auto log = opened(home_.path());
  EXPECT_EQ(log->last(), receipt{});
  EXPECT_TRUE(entries(*log).empty());
}

TEST_F(EmbeddedLog, ReturnsWhatWasAppendedInOrder) {
  const auto log = opened(home_.path());
  append_some(*log, 3);
  EXPECT_EQ(payloads(*log), (strings{"payload-1", "payload-2", "payload-3"}));
}

TEST_F(EmbeddedLog, ReadsFromAnyIndex) {
  const auto log = opened(home_.path());
  append_some(*log, 3);
  EXPECT_EQ(payloads(*log, 0).size(), 3u);
  EXPECT_EQ(payloads(*log, 2), (strings{"payload-2", "payload-3"}));
  EXPECT_EQ(payloads(*log, 3), strings{"payload-3"});
  EXPECT_EQ(payloads(*log, 4), strings{});
  EXPECT_EQ(payloads(*log, 100), strings{});
}

TEST_F(EmbeddedLog, StopsReadingWhenTheVisitorSaysSo) {
  const auto log = opened(home_.path());
  append_some(*log, 3);
  int visits = 0;
  EXPECT_TRUE(log->read(1, [&](const entry&) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
}

TEST_F(EmbeddedLog, KeepsEverythingWhenReopened) {
  append_some(*opened(home_.path()), 3);
  const receipt before = opened(home_.path())->last();
  const auto log = opened(home_.path());
  EXPECT_EQ(log->last(), before);
  EXPECT_EQ(payloads(*log).size(), 3u);
  append_some(*log, 1);
  EXPECT_EQ(payloads(*log, 4), strings{"payload-4"});
}

TEST_F(EmbeddedLog, KeepsPayloadsOfAnyBytesAndOfNone) {
  const std::string odd("\0\xff\n\0", 4);
  const std::string large(payload_bytes_max, 'x');
  {
    const auto log = opened(home_.path());
    const epoch mine = log->take_epoch().value();
    for (const std::string& bytes : {odd, std::string{}, large})
      ASSERT_TRUE(log->append(mine, {}, bytes));
  }
  EXPECT_TRUE(payloads(*opened(home_.path())) == (strings{odd, "", large}));
}

TEST_F(EmbeddedLog, RefusesAPayloadThatIsTooLarge) {
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  const auto done = log->append(mine, {}, std::string(payload_bytes_max + 1, 'x'));
  EXPECT_EQ(done.error().code, errc::invalid_argument);
  EXPECT_EQ(log->last().index, 0u);
  EXPECT_TRUE(log->append(mine, {}, "small"));
}

TEST_F(EmbeddedLog, ChainsEachEntryToTheOneBefore) {
  append_some(*opened(home_.path()), 2);
  append_some(*opened(home_.path()), 2);
  digest previous{};
  for (const entry& e : entries(*opened(home_.path()))) {
    EXPECT_EQ(e.previous, previous);
    EXPECT_EQ(e.hash, hash_of(e));
    previous = e.hash;
  }
  EXPECT_EQ(opened(home_.path())->last(), (receipt{4, previous}));
}

TEST_F(EmbeddedLog, RaisesTheTimeOfAnEntryJustAboveTheLast) {
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  EXPECT_EQ(log->append(mine, {500}, "")->at, log_time{500});
  EXPECT_EQ(log->append(mine, {500}, "")->at, log_time{501});
  EXPECT_EQ(log->append(mine, {1}, "")->at, log_time{502});
  EXPECT_EQ(log->append(mine, {900}, "")->at, log_time{900});
}

TEST_F(EmbeddedLog, RaisesTheTimeAcrossAReopen) {
  {
    const auto log = opened(home_.path());
    (void)log->append(log->take_epoch().value(), {500}, "").value();
  }
  const auto log = opened(home_.path());
  EXPECT_EQ(log->append(log->take_epoch().value(), {}, "")->at, log_time{501});
}

TEST_F(EmbeddedLog, CanBeReadWhileItIsWritten) {
  const auto log = opened(home_.path());
  std::thread writer{[&] { append_some(*log, 50); }};
  while (log->last().index < 50) {
    const std::uint64_t acknowledged = log->last().index;
    EXPECT_GE(payloads(*log).size(), acknowledged);
  }
  writer.join();
}

// Epochs ------------------------------------------------------------------------------------------

TEST_F(EmbeddedLog, GrantsEpochsThatOnlyGrowAlsoAcrossAReopen) {
  EXPECT_EQ(opened(home_.path())->take_epoch(), epoch{1});
  const auto log = opened(home_.path());
  EXPECT_EQ(log->take_epoch(), epoch{2});
  EXPECT_EQ(log->take_epoch(), epoch{3});
}

TEST_F(EmbeddedLog, RefusesAnAppendFromAnOlderEpoch) {
  const auto log = opened(home_.path());
  const epoch old = log->take_epoch().value();
  const epoch mine = log->take_epoch().value();
  EXPECT_EQ(log->append(old, {}, "stale").error().code, errc::epoch_lost);
  EXPECT_TRUE(log->append(mine, {}, "mine"));
  EXPECT_EQ(payloads(*log), strings{"mine"});
}

TEST_F(EmbeddedLog, RefusesAnAppendFromAnEpochNeverGranted) {
  const auto log = opened(home_.path());
  EXPECT_EQ(log->append({}, {}, "nobody").error().code, errc::epoch_lost);
  EXPECT_EQ(log->append({1}, {}, "too early").error().code, errc::epoch_lost);
  EXPECT_EQ(log->last().index, 0u);
}

TEST_F(EmbeddedLog, RefusesTheEpochOfAnEarlierLifeOnceTheNextIsTaken) {
  const epoch old = opened(home_.path())->take_epoch().value();
  const auto log = opened(home_.path());
  (void)log->take_epoch().value();
  EXPECT_EQ(log->append(old, {}, "stale").error().code, errc::epoch_lost);
}

// Two writers in one process: whoever took the epoch last is the only one whose appends stay.
TEST_F(EmbeddedLog, LetsNoAppendOfAnOldWriterInAfterTheEpochIsTaken) {
  const auto log = opened(home_.path());
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

// Opening -----------------------------------------------------------------------------------------

TEST_F(EmbeddedLog, RefusesASecondWriterInTheSameProcess) {
  const auto log = opened(home_.path());
  const error refused = refusal(home_.path());
  EXPECT_EQ(refused.code, errc::in_use);
  EXPECT_NE(refused.message.find("is in use by another process"), std::string::npos) << refused;
}

TEST_F(EmbeddedLog, RefusesADirectoryOfANewerFormatAndLeavesItAlone) {
  write_bytes(home_.path() / "DUCAT", "ducat 2\n");
  EXPECT_EQ(refusal(home_.path()).code, errc::newer_version);
  EXPECT_EQ(bytes_in(home_.path() / "DUCAT"), "ducat 2\n");
  EXPECT_FALSE(std::filesystem::exists(home_.path() / "CURRENT"));
}

TEST_F(EmbeddedLog, RefusesAForeignDirectoryAndLeavesItAlone) {
  write_bytes(home_.path() / "CURRENT", "MANIFEST-000001\n");
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
  EXPECT_FALSE(std::filesystem::exists(home_.path() / "DUCAT"));
}

TEST_F(EmbeddedLog, CompletesACreationThatWasCutShort) {
  (void)opened(home_.path());
  for (const auto& file : std::filesystem::directory_iterator{home_.path()})
    if (file.path().filename() != "DUCAT")
      std::filesystem::remove(file.path());
  append_some(*opened(home_.path()), 1);
  EXPECT_EQ(payloads(*opened(home_.path())), strings{"payload-1"});
}

// Read-only ---------------------------------------------------------------------------------------

/// Returns the bytes of every file in `path`, by name.
std::map<std::string, std::string> contents(const std::filesystem::path& path) {
  std::map<std::string, std::string> files;
  for (const auto& file : std::filesystem::directory_iterator{path})
    files[file.path().filename()] = bytes_in(file.path());
  return files;
}

TEST_F(EmbeddedLog, WritesNothingWhenReadOnly) {
  append_some(*opened(home_.path()), 3);
  const auto before = contents(home_.path());
  {
    const auto log = open_embedded_log({.directory = home_.path(), .read_only = true}).value();
    EXPECT_EQ(payloads(*log).size(), 3u);
    EXPECT_EQ(log->last().index, 3u);
    EXPECT_EQ(log->take_epoch().error().code, errc::not_permitted);
    EXPECT_EQ(log->append({1}, {}, "x").error().code, errc::not_permitted);
  }
  EXPECT_EQ(contents(home_.path()), before);
}

TEST_F(EmbeddedLog, FindsNothingToReadInAnEmptyDirectory) {
  EXPECT_EQ(refusal(home_.path(), true).code, errc::not_found);
  EXPECT_TRUE(std::filesystem::is_empty(home_.path()));
}

TEST_F(EmbeddedLog, CanBeReadOnlyWhileAWriterHasIt) {
  const auto writer = opened(home_.path());
  append_some(*writer, 3);
  const auto reader = open_embedded_log({.directory = home_.path(), .read_only = true}).value();
  EXPECT_LE(payloads(*reader).size(), 3u);
  append_some(*writer, 1);
  EXPECT_EQ(payloads(*writer).size(), 4u);
}

// Disk errors -------------------------------------------------------------------------------------

// Catalogue 21, 24: a write fails after a part of it reached the file.
TEST_F(EmbeddedLog, RefusesEveryAppendAfterAFailedOne) {
  auto log = opened(home_.path());
  append_some(*log, 2);
  const epoch mine = log->take_epoch().value();
  {
    const file_size_limit limit{std::filesystem::file_size(wal_in(home_.path())) + 50};
    EXPECT_EQ(log->append(mine, {}, std::string(1000, 'x')).error().code, errc::io);
  }
  EXPECT_EQ(
      to_string(log->append(mine, {}, "again").error()),
      "io: an earlier write to the log failed; the process must end"); // RocksDB was not asked.
  EXPECT_EQ(log->take_epoch().error().code, errc::io);
  EXPECT_EQ(log->last().index, 2u);
  log.reset();
  EXPECT_EQ(payloads(*opened(home_.path())), (strings{"payload-1", "payload-2"}));
}

} // namespace
} // namespace ducat
