/// Damage to the stored log: found and named, never skipped.

#include "log/data_directory.hpp"
#include "log/entry_codec.hpp"
#include "log_helpers.hpp"
#include "raw_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace ducat {
namespace {

namespace fs = std::filesystem;
using namespace testing;

// Entries altered behind the log's back -----------------------------------------------------------

/// A log of five entries.
class DamagedLog : public ::testing::Test {
protected:
  DamagedLog() { append_some(*opened(home_.path()), 5); }

  /// Returns what opening says after `damage` was done, read-only and for writing alike.
  error refusal_after(const std::function<void(raw_log&)>& damage) {
    {
      raw_log raw{home_.path()};
      damage(raw);
    }
    const error refused = refusal(home_.path(), true);
    EXPECT_EQ(to_string(refusal(home_.path())), to_string(refused));
    EXPECT_EQ(refused.code, errc::corrupt);
    return refused;
  }

  temporary_directory home_;
};

TEST_F(DamagedLog, NamesAnEntryRemovedFromTheMiddle) {
  EXPECT_EQ(refusal_after([](raw_log& raw) { raw.remove(3); }).message,
            "log entry 3 is missing; the next one is 4");
}

TEST_F(DamagedLog, NamesAFirstEntryThatWasRemoved) {
  EXPECT_EQ(refusal_after([](raw_log& raw) { raw.remove(1); }).message,
            "log entry 1 is missing; the next one is 2");
}

TEST_F(DamagedLog, NamesALastEntryThatWasRemoved) {
  EXPECT_EQ(refusal_after([](raw_log& raw) { raw.remove(5); }).message,
            "log entry 5 is missing, though it was acknowledged");
}

TEST_F(DamagedLog, NamesTheFirstOfTwoSwappedEntries) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              const std::string second = raw.get(2);
              raw.put(2, raw.get(4));
              raw.put(4, second);
            }).message,
            "log entry 2 carries another index");
}

TEST_F(DamagedLog, NamesAnEntryWithAFlippedBit) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              std::string bytes = raw.get(3);
              bytes[70] ^= 4;
              raw.put(3, bytes);
            }).message,
            "log entry 3 has a wrong checksum");
}

TEST_F(DamagedLog, NamesAnAlteredPayloadUnderARightChecksum) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              entry e = raw.entry_at(3);
              e.payload = "payload-9";
              raw.put(e);
            }).message,
            "log entry 3 does not match its own hash");
}

TEST_F(DamagedLog, NamesTheEntryAfterOneThatWasForgedWithItsHash) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              entry e = raw.entry_at(3);
              e.payload = "payload-9";
              e.hash = hash_of(e);
              raw.put(e);
            }).message,
            "log entry 4 does not continue entry 3: the hash chain is broken");
}

TEST_F(DamagedLog, NamesALastEntryThatWasForgedWithItsHash) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              entry e = raw.entry_at(5);
              e.payload = "payload-9";
              e.hash = hash_of(e);
              raw.put(e);
            }).message,
            "log entry 5 is not the one that was acknowledged");
}

TEST_F(DamagedLog, NamesAnEntryOfAnOlderEpochThanTheOneBefore) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              entry e = raw.entry_at(5);
              e.writer = {0};
              e.hash = hash_of(e);
              raw.put(e);
            }).message,
            "log entry 5 has an epoch older than the entry before it");
}

TEST_F(DamagedLog, NamesAnEntryNotLaterThanTheOneBefore) {
  EXPECT_EQ(refusal_after([](raw_log& raw) {
              entry e = raw.entry_at(5);
              e.at = raw.entry_at(4).at;
              e.hash = hash_of(e);
              raw.put(e);
            }).message,
            "log entry 5 is not later than the entry before it");
}

TEST_F(DamagedLog, NamesAKeyThatIsNoIndex) {
  EXPECT_EQ(refusal_after([](raw_log& raw) { raw.put_key(entry_key(3) + "x", "what"); }).message,
            "log entry 4 is preceded by a key that is no index: 000000000000000378");
}

TEST_F(DamagedLog, RefusesAnEpochThatWentBack) {
  EXPECT_EQ(refusal_after([](raw_log& raw) { raw.remove_epoch(); }).message,
            "the epoch of the log has gone back to 0");
}

TEST_F(DamagedLog, RefusesAnEntryOfANewerFormat) {
  {
    raw_log raw{home_.path()};
    std::string bytes = raw.get(3);
    bytes[0] = 2;
    bytes.resize(bytes.size() - 8);
    const std::uint64_t sum = checksum(bytes);
    bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
    raw.put(3, bytes);
  }
  EXPECT_EQ(refusal(home_.path()).code, errc::newer_version);
}

TEST_F(DamagedLog, IsInUseWhileAnotherToolHasItsDatabaseOpen) {
  const raw_log tool{home_.path()};
  EXPECT_EQ(refusal(home_.path()).code, errc::in_use);
}

TEST_F(DamagedLog, RefusesADirectoryWhoseDatabaseIsGone) {
  for (const auto& file : fs::directory_iterator{home_.path()})
    if (file.path().filename() != "DUCAT" && file.path().filename() != "ACKNOWLEDGED")
      fs::remove(file.path());
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
}

// Files damaged on the disk -----------------------------------------------------------------------

/// Returns the offset of the WAL record that holds `needle`. A record starts with a checksum (4
/// bytes), a length (2) and a type (1); a file of less than 32 KiB has no record in pieces.
std::size_t record_of(std::string_view wal, std::string_view needle) {
  const std::size_t target = wal.find(needle);
  std::size_t at = 0;
  for (;;) {
    const std::size_t length =
        static_cast<std::uint8_t>(wal[at + 4]) + 256u * static_cast<std::uint8_t>(wal[at + 5]);
    if (at + 7 + length > target)
      return at;
    at += 7 + length;
  }
}

/// Returns the file of `path` whose name starts or ends with `part` and which holds `needle`.
fs::path file_with(const fs::path& path, std::string_view part, std::string_view needle) {
  for (const auto& file : fs::directory_iterator{path}) {
    const std::string name = file.path().filename();
    const bool named = name.starts_with(part) || name.ends_with(part);
    if (named && bytes_in(file.path()).find(needle) != std::string::npos)
      return file.path();
  }
  throw std::runtime_error("no such file");
}

class DamagedWal : public DamagedLog {
protected:
  fs::path wal() const { return wal_in(home_.path()); }

  void flip(std::size_t offset, char bits) {
    std::string bytes = bytes_in(wal());
    bytes[offset] = static_cast<char>(bytes[offset] ^ bits);
    write_bytes(wal(), bytes);
  }

  /// Appends one more entry of which the power was lost before it was acknowledged.
  void append_unacknowledged() {
    std::string before;
    {
      const auto log = opened(home_.path());
      const epoch mine = log->take_epoch().value();
      before = bytes_in(home_.path() / "ACKNOWLEDGED");
      (void)log->append(mine, {}, payload(6)).value();
    }
    write_bytes(home_.path() / "ACKNOWLEDGED", before);
  }
};

// Catalogue 24: a torn tail that was never acknowledged is dropped.
TEST_F(DamagedWal, DropsATornTailThatWasNeverAcknowledged) {
  append_unacknowledged();
  const std::size_t size = fs::file_size(wal());
  const std::size_t last_record = record_of(bytes_in(wal()), payload(6));
  for (std::size_t cut = 1; cut <= size - last_record; cut += 11) {
    const temporary_directory copy;
    fs::copy(home_.path(), copy.path());
    fs::resize_file(wal_in(copy.path()), size - cut);
    EXPECT_EQ(payloads(*opened(copy.path())).size(), 5u) << "cut by " << cut;
  }
  EXPECT_EQ(payloads(*opened(home_.path())).size(), 6u) << "uncut";
}

TEST_F(DamagedWal, DropsATailOfZeroesThatWasNeverAcknowledged) {
  append_unacknowledged();
  const std::size_t size = fs::file_size(wal());
  const std::size_t last_record = record_of(bytes_in(wal()), payload(6));
  fs::resize_file(wal(), last_record);
  fs::resize_file(wal(), size);
  EXPECT_EQ(payloads(*opened(home_.path())).size(), 5u);
}

TEST_F(DamagedWal, AppendsAfterADroppedTail) {
  append_unacknowledged();
  fs::resize_file(wal(), fs::file_size(wal()) - 1);
  append_some(*opened(home_.path()), 1);
  EXPECT_EQ(payloads(*opened(home_.path()), 5),
            (std::vector<std::string>{"payload-5", "payload-6"}));
}

TEST_F(DamagedWal, RefusesToLoseAnAcknowledgedTail) {
  fs::resize_file(wal(), fs::file_size(wal()) - 1);
  EXPECT_EQ(refusal(home_.path()).message, "log entry 5 is missing, though it was acknowledged");
}

TEST_F(DamagedWal, RefusesAFlippedBitInTheMiddleAndLeavesTheFilesAlone) {
  flip(bytes_in(wal()).find(payload(3)), 1);
  const fs::path damaged = wal();
  const std::string before = bytes_in(damaged);
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
  EXPECT_EQ(wal(), damaged);
  EXPECT_EQ(bytes_in(damaged), before);
}

// After a power loss ACKNOWLEDGED may be older than the log: then the WAL recovery mode alone must
// tell damage from a torn tail.
TEST_F(DamagedWal, RefusesAFlippedBitInTheMiddleAlsoWithAnOldMark) {
  (void)data_directory::open(home_.path(), directory_access::write)->acknowledge({});
  flip(bytes_in(wal()).find(payload(3)), 1);
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
}

// A last record whose end is there and whose middle is not could be damage as well as a torn
// write: an operator must look.
TEST_F(DamagedWal, RefusesATailWithAHoleThoughItWasNeverAcknowledged) {
  append_unacknowledged();
  flip(bytes_in(wal()).find(payload(6)), 1);
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
}

// RocksDB takes a length that points past the end of the file for a torn tail, and would drop
// entries 3 to 5 without a word.
TEST_F(DamagedWal, RefusesADamagedLengthThatLooksLikeATornTail) {
  flip(record_of(bytes_in(wal()), payload(3)) + 5, 0x40);
  const std::string before = bytes_in(wal());
  EXPECT_EQ(refusal(home_.path()).message, "log entry 3 is missing, though it was acknowledged");
  EXPECT_EQ(bytes_in(wal()), before);
}

TEST_F(DamagedWal, RefusesAMissingWal) {
  fs::remove(wal());
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
}

TEST_F(DamagedLog, FindsDamageDoneWhileItIsOpen) {
  (void)opened(home_.path()); // Moves the entries from the WAL to a table file.
  const auto log = opened(home_.path());
  const fs::path table = file_with(home_.path(), ".sst", payload(3));
  std::string bytes = bytes_in(table);
  bytes[bytes.find(payload(3))] ^= 1;
  write_bytes(table, bytes);
  int visits = 0;
  const auto done = log->read(1, [&](const entry&) { return ++visits > 0; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::corrupt);
  EXPECT_NE(done.error().message.find("log entry 1"), std::string::npos) << done.error();
  EXPECT_EQ(visits, 0); // Table blocks are checked as a whole: the damage begins with the block.
}

/// Returns whether a damaged log is refused, or else gives up all its five entries.
bool is_refused_or_whole(const fs::path& path) {
  const auto log = open_embedded_log({.directory = path, .read_only = true});
  return !log || payloads(**log).size() == 5;
}

// Catalogue 25: bit rot in any file is detected or harmless, never silent. The other files of the
// directory (LOCK, IDENTITY, OPTIONS) are not read at an open. DUCAT_ALL_BITS=1 flips every bit.
TEST_F(DamagedWal, LosesNoEntryToAFlippedBitInAnyFile) {
  const std::size_t stride = std::getenv("DUCAT_ALL_BITS") != nullptr ? 1 : 67;
  for (const fs::path& name :
       {wal().filename(), file_with(home_.path(), "MANIFEST-", "").filename(), fs::path{"CURRENT"},
        fs::path{"DUCAT"}, fs::path{"ACKNOWLEDGED"}}) {
    const std::string bytes = bytes_in(home_.path() / name);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += stride) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      write_bytes(home_.path() / name, damaged);
      EXPECT_TRUE(is_refused_or_whole(home_.path())) << name << " bit " << bit;
    }
    write_bytes(home_.path() / name, bytes);
  }
}

/// A log whose entries are in a table file, where each start of a node moves them.
class DamagedTable : public DamagedLog {
protected:
  DamagedTable() { (void)opened(home_.path()); }

  fs::path table() const { return file_with(home_.path(), ".sst", payload(3)); }
};

TEST_F(DamagedTable, LosesNoEntryToAFlippedBit) {
  const std::size_t stride = std::getenv("DUCAT_ALL_BITS") != nullptr ? 1 : 67;
  const fs::path name = table();
  const std::string bytes = bytes_in(name);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += stride) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(name, damaged);
    EXPECT_TRUE(is_refused_or_whole(home_.path())) << name << " bit " << bit;
  }
}

TEST_F(DamagedTable, LosesNoEntryToALostEnd) {
  const fs::path name = table();
  for (std::uintmax_t size = fs::file_size(name); size-- > 0;
       size -= std::min<std::uintmax_t>(size, 31)) {
    fs::resize_file(name, size);
    EXPECT_EQ(refusal(home_.path()).code, errc::corrupt) << size << " bytes left";
  }
}

TEST_F(DamagedTable, IsMissedLikeEveryOtherFile) {
  const fs::path manifest = file_with(home_.path(), "MANIFEST-", "");
  for (const fs::path& name : {table().filename(), manifest.filename(), fs::path{"CURRENT"},
                               fs::path{"DUCAT"}, fs::path{"ACKNOWLEDGED"}}) {
    const temporary_directory copy;
    fs::copy(home_.path(), copy.path());
    fs::remove(copy.path() / name);
    EXPECT_EQ(refusal(copy.path()).code, errc::corrupt) << name;
    EXPECT_EQ(refusal(copy.path(), true).code, errc::corrupt) << name;
  }
}

} // namespace
} // namespace ducat
