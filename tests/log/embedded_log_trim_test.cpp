/// A log that forgets its beginning: what is left is as well verified as before.

#include "file_size_limit.hpp"
#include "log/anchor.hpp"
#include "log/data_directory.hpp"
#include "log_helpers.hpp"
#include "raw_log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

namespace ducat {
namespace {

using namespace testing;

using strings = std::vector<std::string>;

/// A log of five entries.
class TrimmedLog : public ::testing::Test {
protected:
  TrimmedLog() { append_some(*log_, 5); }

  /// Returns why the log cannot be read from `from` on; nothing if it can.
  std::optional<error> refusal_to_read(std::uint64_t from) const {
    const auto done = log_->read(from, [](const entry&) { return true; });
    return done ? std::nullopt : std::optional{done.error()};
  }

  void reopen() {
    log_.reset();
    log_ = opened(home_.path());
  }

  temporary_directory home_;
  std::unique_ptr<log> log_ = opened(home_.path());
};

TEST_F(TrimmedLog, HasLostTheEntriesUpToAnIndexAndNoOther) {
  const receipt newest = log_->last();
  ASSERT_TRUE(log_->trim(3));
  EXPECT_EQ(log_->first(), 4u);
  EXPECT_EQ(log_->last(), newest);
  EXPECT_EQ(payloads(*log_, 4), (strings{"payload-4", "payload-5"}));
  EXPECT_EQ(payloads(*log_, 5), strings{"payload-5"});
}

TEST_F(TrimmedLog, RefusesToBeReadFromAnEntryThatIsGone) {
  EXPECT_EQ(log_->first(), 1u);
  ASSERT_TRUE(log_->trim(3));
  for (const std::uint64_t from : {0, 1, 3})
    EXPECT_EQ(to_string(refusal_to_read(from).value()),
              "not_found: the entries up to 3 were trimmed away; the first one kept is 4");
}

TEST_F(TrimmedLog, HasItsNewestEntryWhateverIsAskedFor) {
  ASSERT_TRUE(log_->trim(100));
  EXPECT_EQ(log_->first(), 5u);
  EXPECT_EQ(payloads(*log_, 5), strings{"payload-5"});
  reopen();
  append_some(*log_, 1);
  EXPECT_EQ(payloads(*log_, 5), (strings{"payload-5", "payload-6"}));
}

TEST_F(TrimmedLog, IsAsItWasWhenThereIsNothingToRemove) {
  ASSERT_TRUE(log_->trim(0));
  EXPECT_EQ(log_->first(), 1u);
  ASSERT_TRUE(log_->trim(3));
  ASSERT_TRUE(log_->trim(2));
  EXPECT_EQ(log_->first(), 4u);
  const temporary_directory empty;
  const auto log = opened(empty.path());
  ASSERT_TRUE(log->trim(7));
  EXPECT_EQ(log->first(), 1u);
}

TEST_F(TrimmedLog, ContinuesItsChainAcrossTrimsAndReopens) {
  const digest fifth = log_->last().hash;
  ASSERT_TRUE(log_->trim(2));
  reopen();
  EXPECT_EQ(log_->first(), 3u);
  EXPECT_EQ(log_->last(), (receipt{5, fifth}));
  append_some(*log_, 2);
  EXPECT_EQ(entries(*log_, 6).at(0).previous, fifth);
  ASSERT_TRUE(log_->trim(6));
  log_.reset();
  const auto reader = open_embedded_log({.directory = home_.path(), .read_only = true}).value();
  EXPECT_EQ(reader->first(), 7u);
  EXPECT_EQ(payloads(*reader, 7), strings{"payload-7"});
}

TEST_F(TrimmedLog, CannotBeTrimmedWhenItIsReadOnly) {
  log_.reset();
  const auto reader = open_embedded_log({.directory = home_.path(), .read_only = true}).value();
  EXPECT_EQ(reader->trim(3).error().code, errc::not_permitted);
}

TEST_F(TrimmedLog, IsReadToItsEndByWhoBeganBeforeTheTrim) {
  std::uint64_t seen = 0;
  EXPECT_TRUE(log_->read(1, [&](const entry& e) {
    EXPECT_EQ(e.index, ++seen);
    EXPECT_TRUE(log_->trim(4));
    return true;
  }));
  EXPECT_EQ(seen, 5u);
}

TEST_F(TrimmedLog, TakesAppendsAndIsReadWhileItIsTrimmed) {
  constexpr std::uint64_t count = 300;
  std::atomic<bool> is_done{false};
  std::thread writer{[&] {
    append_some(*log_, count);
    is_done = true;
  }};
  std::thread reader{[&] {
    while (!is_done) {
      const auto refused = refusal_to_read(log_->first());
      EXPECT_EQ(refused ? refused->code : errc::not_found,
                errc::not_found); // Trimmed since first().
    }
  }};
  while (!is_done)
    EXPECT_TRUE(log_->trim(log_->last().index - 2));
  writer.join();
  reader.join();
  EXPECT_GT(log_->first(), 1u);
  reopen();
  EXPECT_EQ(log_->last().index, 5 + count);
  for (const entry& e : entries(*log_, log_->first()))
    EXPECT_EQ(e.payload, payload(e.index));
}

std::uintmax_t bytes_of_files(const std::filesystem::path& path) {
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator{path}) {
    std::error_code gone; // The database removes files meanwhile.
    const std::uintmax_t size = file.file_size(gone);
    bytes += gone ? 0 : size;
  }
  return bytes;
}

/// Appends so many entries of 256 KiB.
void append_large(log& log, epoch writer, int count) {
  for (int i = 0; i < count; ++i)
    (void)log.append(writer, {}, std::string(256 << 10, 'x')).value();
}

// Whole files go, when the database has put them in order: a trim that comes later finds them.
TEST_F(TrimmedLog, GivesItsSpaceBack) {
  const epoch mine = log_->take_epoch().value();
  append_large(*log_, mine, 400);
  std::uintmax_t bytes = bytes_of_files(home_.path());
  EXPECT_GT(bytes, 100u << 20);
  while (bytes > 80u << 20) {
    append_large(*log_, mine, 4);
    ASSERT_TRUE(log_->trim(log_->last().index - 1));
    bytes = bytes_of_files(home_.path());
  }
  reopen();
  EXPECT_EQ(log_->first(), log_->last().index);
}

TEST_F(TrimmedLog, IsAsItWasWhenTheDiskRefusesTheTrim) {
  {
    const file_size_limit limit{std::filesystem::file_size(wal_in(home_.path())) + 10};
    EXPECT_EQ(log_->trim(3).error().code, errc::io);
  }
  EXPECT_EQ(log_->append({1}, {}, "more").error().code, errc::io);
  EXPECT_EQ(log_->first(), 1u);
  reopen();
  EXPECT_EQ(payloads(*log_).size(), 5u);
}

// The anchor --------------------------------------------------------------------------------------

/// A log of five entries, of which the first three are trimmed away, and the files that held them.
class DamagedAnchor : public TrimmedLog {
protected:
  DamagedAnchor() {
    third_ = entries(*log_, 3).at(0);
    EXPECT_TRUE(log_->trim(3));
    log_.reset();
    raw_log raw{home_.path()};
    for (const std::uint64_t gone : {1, 2, 3})
      raw.remove(gone);
  }

  /// Returns what opening says after `damage` was done, read-only and for writing alike.
  error refusal_after(const std::function<void(raw_log&)>& damage) {
    {
      raw_log raw{home_.path()};
      damage(raw);
    }
    const error refused = refusal(home_.path(), true);
    EXPECT_EQ(to_string(refusal(home_.path())), to_string(refused));
    return refused;
  }

  entry third_;
};

TEST_F(DamagedAnchor, IsFoundAtEachBit) {
  const std::string bytes = encode_link(link_of(third_));
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 13)
    EXPECT_EQ(to_string(refusal_after([&](raw_log& raw) {
                EXPECT_EQ(bytes.size(), raw.anchor().size());
                std::string damaged = bytes;
                damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
                raw.put_anchor(damaged);
              })),
              "corrupt: the anchor of the trimmed log is damaged");
}

TEST_F(DamagedAnchor, IsMissed) {
  EXPECT_EQ(to_string(refusal_after([](raw_log& raw) { raw.remove_anchor(); })),
            "corrupt: log entry 1 is missing; the next one is 4");
}

TEST_F(DamagedAnchor, IsNotMovedBackUnnoticed) {
  EXPECT_EQ(to_string(refusal_after([&](raw_log& raw) {
              chain_link second = link_of(third_);
              second.last.index = 2;
              raw.put_anchor(encode_link(second));
            })),
            "corrupt: log entry 3 is missing; the next one is 4");
}

TEST_F(DamagedAnchor, IsNotMovedToTheEndUnnoticed) {
  EXPECT_EQ(to_string(refusal_after([&](raw_log& raw) {
              const entry fifth = raw.entry_at(5);
              raw.remove(4);
              raw.remove(5);
              raw.put_anchor(encode_link(link_of(fifth)));
            })),
            "corrupt: the log was trimmed up to entry 5, beyond what was acknowledged");
}

TEST_F(DamagedAnchor, IsNotForgedUnnoticed) {
  EXPECT_EQ(to_string(refusal_after([&](raw_log& raw) {
              chain_link forged = link_of(third_);
              forged.last.hash = sha256({"another history"});
              raw.put_anchor(encode_link(forged));
            })),
            "corrupt: log entry 4 does not continue entry 3: the hash chain is broken");
}

TEST_F(DamagedAnchor, HidesWhatIsStillBeforeIt) {
  {
    raw_log raw{home_.path()};
    raw.put(third_);
  }
  reopen();
  EXPECT_EQ(log_->first(), 4u);
  EXPECT_EQ(to_string(refusal_to_read(3).value()),
            "not_found: the entries up to 3 were trimmed away; the first one kept is 4");
}

TEST_F(DamagedAnchor, IsNotNewerThanWhatWasAcknowledged) {
  ASSERT_TRUE(data_directory::open(home_.path(), directory_access::write)->acknowledge({}));
  EXPECT_EQ(to_string(refusal(home_.path())),
            "corrupt: the log was trimmed up to entry 3, beyond what was acknowledged");
}

TEST_F(DamagedAnchor, IsOfAFormatThatIsKnown) {
  EXPECT_EQ(refusal_after([&](raw_log& raw) {
              std::string bytes = encode_link(link_of(third_));
              bytes[0] = 2;
              bytes.resize(bytes.size() - 8);
              const std::uint64_t sum = checksum(bytes);
              bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
              raw.put_anchor(bytes);
            }).code,
            errc::newer_version);
}

} // namespace
} // namespace ducat
