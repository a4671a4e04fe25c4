#include "file_size_limit.hpp"
#include "log_helpers.hpp"
#include "log_suite.hpp"

#include <gtest/gtest.h>

#include <map>
#include <thread>

namespace ducat {
namespace {

using namespace testing;

class embedded_home final : public log_home {
public:
  std::unique_ptr<log> open() override { return opened(home_.path()); }

private:
  temporary_directory home_;
};

class EmbeddedLog : public ::testing::Test {
protected:
  temporary_directory home_;
};

using strings = std::vector<std::string>;

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

std::vector<log_kind> testing::log_kinds() {
  return {{"Embedded", [] { return std::make_unique<embedded_home>(); }}};
}

} // namespace ducat
