#include "log/data_directory.hpp"
#include "log_helpers.hpp"

#include <ducat/log_follower.hpp>

#include <gtest/gtest.h>
#include <poll.h>

#include <map>
#include <thread>

namespace ducat {
namespace {

using namespace testing;
using namespace std::chrono_literals;

using indexes = std::vector<std::uint64_t>;

log_follower followed(const std::filesystem::path& path, std::uint64_t from = 1) {
  auto follower = log_follower::open(path, from);
  if (!follower)
    throw std::runtime_error(to_string(follower.error()));
  return std::move(*follower);
}

/// Returns the entries that are new to `follower`; throws if one cannot be read.
std::vector<entry> news(log_follower& follower) {
  std::vector<entry> read;
  const auto done = follower.read([&](const entry& e) {
    read.push_back(e);
    return true;
  });
  if (!done)
    throw std::runtime_error(to_string(done.error()));
  return read;
}

indexes new_indexes(log_follower& follower) {
  indexes read;
  for (const entry& e : news(follower))
    read.push_back(e.index);
  return read;
}

/// Returns why `follower` reads no further; throws if it does.
error refusal_of(log_follower& follower) {
  const auto done = follower.read([](const entry&) { return true; });
  if (done)
    throw std::runtime_error("it was read");
  return done.error();
}

class LogFollower : public ::testing::Test {
protected:
  time_point soon() const { return std::chrono::steady_clock::now() + 30s; }

  temporary_directory home_;
};

TEST_F(LogFollower, ReadsALogThatNobodyWrites) {
  append_some(*opened(home_.path()), 3);
  auto follower = followed(home_.path());
  EXPECT_FALSE(follower.had_writer());
  EXPECT_EQ(follower.newest().index, 3u);
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2, 3}));
  EXPECT_EQ(new_indexes(follower), indexes{});
}

TEST_F(LogFollower, SeesEachAcknowledgedEntryOfAWriterAtOnce) {
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  auto follower = followed(home_.path());
  EXPECT_TRUE(follower.had_writer());
  for (std::uint64_t i = 1; i <= 20; ++i) {
    (void)log->append(mine, {}, payload(i)).value();
    const auto seen = news(follower);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].index, i);
    EXPECT_EQ(seen[0].payload, payload(i));
    EXPECT_EQ(seen[0].hash, log->last().hash);
  }
}

TEST_F(LogFollower, GoesOnWhenAWriterComesAndWhenTheNextOneDoes) {
  append_some(*opened(home_.path()), 2);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2}));
  append_some(*opened(home_.path()), 2);
  EXPECT_EQ(new_indexes(follower), (indexes{3, 4}));
  append_some(*opened(home_.path()), 1);
  EXPECT_EQ(new_indexes(follower), indexes{5});
}

TEST_F(LogFollower, BeginsWhereItIsTold) {
  const auto log = opened(home_.path());
  append_some(*log, 4);
  auto from_three = followed(home_.path(), 3);
  auto from_the_future = followed(home_.path(), 6);
  EXPECT_EQ(new_indexes(from_three), (indexes{3, 4}));
  EXPECT_EQ(new_indexes(from_the_future), indexes{});
  append_some(*log, 3);
  EXPECT_EQ(new_indexes(from_three), (indexes{5, 6, 7}));
  EXPECT_EQ(new_indexes(from_the_future), (indexes{6, 7}));
}

TEST_F(LogFollower, GoesOnAfterTheEntryAtWhichItWasStopped) {
  append_some(*opened(home_.path()), 3);
  auto follower = followed(home_.path());
  EXPECT_TRUE(follower.read([](const entry& e) { return e.index < 2; }));
  EXPECT_TRUE(follower.wait(std::chrono::steady_clock::now()));
  EXPECT_EQ(new_indexes(follower), indexes{3});
}

TEST_F(LogFollower, ShowsNothingThatIsNotAcknowledged) {
  const auto log = opened(home_.path());
  append_some(*log, 3);
  const std::string mark = bytes_in(home_.path() / "ACKNOWLEDGED");
  append_some(*log, 1);
  write_bytes(home_.path() / "ACKNOWLEDGED", mark);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2, 3}));
}

TEST_F(LogFollower, IsWokenByAnAppend) {
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), indexes{});
  EXPECT_FALSE(follower.wait(std::chrono::steady_clock::now()));
  std::thread writer{[&] { (void)log->append(mine, {}, payload(1)).value(); }};
  EXPECT_TRUE(follower.wait(soon()));
  writer.join();
  EXPECT_EQ(new_indexes(follower), indexes{1});
  EXPECT_FALSE(follower.wait(std::chrono::steady_clock::now()));
}

TEST_F(LogFollower, AnnouncesAnAppendAtItsDescriptor) {
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  auto follower = followed(home_.path());
  pollfd readable{.fd = follower.descriptor(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&readable, 1, 0), 0);
  (void)log->append(mine, {}, payload(1)).value();
  EXPECT_EQ(::poll(&readable, 1, 0), 1);
  EXPECT_EQ(new_indexes(follower), indexes{1});
  EXPECT_EQ(::poll(&readable, 1, 0), 0);
}

// Entries of 100 KiB fill several write buffers: WALs are replaced and files go away meanwhile.
TEST_F(LogFollower, MissesNothingOfAWriterThatFillsManyFiles) {
  constexpr std::uint64_t count = 400;
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  std::thread writer{[&] {
    for (std::uint64_t i = 1; i <= count; ++i)
      (void)log->append(mine, {}, std::string(100 << 10, 'x')).value();
  }};
  auto follower = followed(home_.path());
  std::uint64_t seen = 0;
  while (seen < count && follower.wait(soon()))
    for (const std::uint64_t index : new_indexes(follower))
      ASSERT_EQ(index, ++seen);
  writer.join();
  EXPECT_EQ(seen, count);
}

/// Returns the bytes of every file in `path`, by name.
std::map<std::string, std::string> contents(const std::filesystem::path& path) {
  std::map<std::string, std::string> files;
  for (const auto& file : std::filesystem::directory_iterator{path})
    files[file.path().filename()] = bytes_in(file.path());
  return files;
}

TEST_F(LogFollower, WritesNothing) {
  const auto log = opened(home_.path());
  append_some(*log, 3);
  const auto before = contents(home_.path());
  {
    auto follower = followed(home_.path());
    EXPECT_EQ(new_indexes(follower).size(), 3u);
    EXPECT_EQ(contents(home_.path()), before);
  }
  EXPECT_EQ(contents(home_.path()), before);
}

TEST_F(LogFollower, FindsNothingWhereThereIsNoLog) {
  EXPECT_EQ(log_follower::open(home_.path()).error().code, errc::not_found);
  EXPECT_EQ(log_follower::open(home_.path() / "missing").error().code, errc::not_found);
}

// Trimming ----------------------------------------------------------------------------------------

TEST_F(LogFollower, BeginsAtTheFirstEntryThatIsKept) {
  const auto log = opened(home_.path());
  append_some(*log, 5);
  ASSERT_TRUE(log->trim(3));
  auto follower = followed(home_.path(), 0);
  EXPECT_EQ(follower.first(), 4u);
  EXPECT_EQ(new_indexes(follower), (indexes{4, 5}));
}

TEST_F(LogFollower, BeginsAtTheFirstEntryThatIsKeptInALogAtRest) {
  append_some(*opened(home_.path()), 5);
  ASSERT_TRUE(opened(home_.path())->trim(3));
  auto follower = followed(home_.path(), 0);
  EXPECT_EQ(follower.first(), 4u);
  EXPECT_EQ(new_indexes(follower), (indexes{4, 5}));
}

TEST_F(LogFollower, GoesOnPastATrimBehindIt) {
  const auto log = opened(home_.path());
  append_some(*log, 5);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2, 3, 4, 5}));
  append_some(*log, 2);
  ASSERT_TRUE(log->trim(5));
  EXPECT_EQ(new_indexes(follower), (indexes{6, 7}));
}

TEST_F(LogFollower, SkipsNothingThatWasTrimmedAwayBeforeItCame) {
  const auto log = opened(home_.path());
  append_some(*log, 2);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2}));
  append_some(*log, 3);
  ASSERT_TRUE(log->trim(4));
  EXPECT_EQ(to_string(refusal_of(follower)), "not_found: the entries up to 4 were trimmed away; "
                                             "the first one kept is 5");
  auto too_early = followed(home_.path(), 4);
  EXPECT_EQ(refusal_of(too_early).code, errc::not_found);
}

// Damage ------------------------------------------------------------------------------------------

TEST_F(LogFollower, RefusesALogThatHasLostItsEnd) {
  append_some(*opened(home_.path()), 3);
  std::filesystem::resize_file(wal_in(home_.path()),
                               std::filesystem::file_size(wal_in(home_.path())) - 1);
  EXPECT_EQ(log_follower::open(home_.path()).error().message,
            "log entry 3 is missing, though it was acknowledged");
}

TEST_F(LogFollower, NamesTheFirstEntryThatAWriterHasLost) {
  const auto log = opened(home_.path());
  append_some(*log, 3);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2, 3}));
  append_some(*log, 1);
  std::filesystem::resize_file(wal_in(home_.path()),
                               std::filesystem::file_size(wal_in(home_.path())) - 1);
  EXPECT_EQ(to_string(refusal_of(follower)),
            "corrupt: log entry 4 is missing, though it was acknowledged");
}

TEST_F(LogFollower, RefusesAnEntryThatIsNotTheAcknowledgedOne) {
  append_some(*opened(home_.path()), 3);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2, 3}));
  const auto log = opened(home_.path());
  append_some(*log, 1);
  {
    const temporary_directory other;
    auto forged = data_directory::open(other.path(), directory_access::write).value();
    ASSERT_TRUE(forged.acknowledge({{4, sha256({"another"})}, {9}}));
    write_bytes(home_.path() / "ACKNOWLEDGED", bytes_in(other.path() / "ACKNOWLEDGED"));
  }
  EXPECT_EQ(to_string(refusal_of(follower)),
            "corrupt: log entry 4 is not the one that was acknowledged");
}

TEST_F(LogFollower, NoticesThatTheDirectoryWasReplacedByAnOlderOne) {
  const auto log = opened(home_.path());
  append_some(*log, 2);
  const std::string mark = bytes_in(home_.path() / "ACKNOWLEDGED");
  append_some(*log, 1);
  auto follower = followed(home_.path());
  EXPECT_EQ(new_indexes(follower), (indexes{1, 2, 3}));
  write_bytes(home_.path() / "ACKNOWLEDGED", mark);
  EXPECT_EQ(refusal_of(follower).code, errc::corrupt);
}

} // namespace
} // namespace ducat
