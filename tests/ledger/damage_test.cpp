/// A flipped bit, a lost file or a lost end in the ledger's state on disk: found and named, or
/// without consequence; never another answer.

#include "log/file_size_limit.hpp"
#include "random_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/ledger/machine.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

namespace ducat::ledger::test {
namespace {

namespace fs = std::filesystem;

constexpr int refused = 70; ///< The exit code of a process that ended itself.
constexpr int same = 0;
constexpr int different = 1;

std::string bytes_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

/// Runs `what` in a process of its own, and returns its exit code.
template <class Function>
int exit_code_of(Function what) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr)
      std::abort();
    ::_exit(what());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The state of a ledger of some segments. Only processes of their own open it, so that this one
/// has no thread when it forks.
class damaged_state : public ::testing::Test {
protected:
  damaged_state() {
    EXPECT_EQ(exit_code_of([this] {
                const auto store = open_segment_store(state()).value();
                machine ledger{store, {.records = random_commands::segment_size}};
                random_commands commands{7};
                for (std::uint64_t index = 1; index <= 60; ++index)
                  run(ledger, index, encode(commands.next()));
                store->wait_until_written();
                write(home_.path() / "digest", to_hex(machine{store}.state_digest()));
                return same;
              }),
              same);
    for (const auto& each : fs::directory_iterator(state()))
      files_.emplace(each.path(), bytes_of(each.path()));
  }

  fs::path state() const { return home_.path() / "ledger"; }

  /// Reads the whole state again, in a process of its own.
  int read_all() const {
    return exit_code_of([this] {
      const auto store = open_segment_store(state());
      if (!store)
        return refused;
      return to_hex(machine{*store}.state_digest()) == bytes_of(home_.path() / "digest")
                 ? same
                 : different;
    });
  }

  /// Returns whether verify() finds that something is wrong. (Whoever opens it to write may merge
  /// files, and leave a damaged one behind.)
  bool is_found() const {
    return exit_code_of([this] {
             const auto store = open_segment_store_to_look_at(state());
             return store && (*store)->verify() ? same : refused;
           }) == refused;
  }

  /// Makes the files as they were.
  void repair() const {
    fs::remove_all(state());
    fs::create_directory(state());
    for (const auto& [path, bytes] : files_)
      write(path, bytes);
  }

  /// What RocksDB writes for people and never reads, and its write-ahead log, which is empty.
  static bool is_unread(const fs::path& path) {
    const std::string name = path.filename();
    return path.extension() == ".log" || name == "LOCK" || name == "IDENTITY" ||
           name.starts_with("OPTIONS") || name.starts_with("LOG");
  }

  static bool is_table(const fs::path& path) { return path.extension() == ".sst"; }

  const std::map<fs::path, std::string>& files() const { return files_; }

  static void run(machine& ledger, std::uint64_t index, const std::string& command) {
    if (ledger.answer_without_commit(command))
      return;
    ledger.apply({index, {index * 1'000'000}}, command);
    ledger.committed({index, sha256({std::to_string(index)})}, {});
  }

private:
  ducat::testing::temporary_directory home_;
  std::map<fs::path, std::string> files_;
};

using DamagedState = damaged_state;

/// How many bits of a file are flipped, evenly; DUCAT_ALL_BITS flips each.
std::size_t step_of(std::size_t bits) {
  constexpr std::size_t flips_a_file = 6;
  return std::getenv("DUCAT_ALL_BITS") != nullptr ? 1
                                                  : std::max<std::size_t>(1, bits / flips_a_file);
}

TEST_F(DamagedState, IsWholeAtFirst) {
  EXPECT_EQ(read_all(), same);
  EXPECT_FALSE(is_found());
  EXPECT_GT(std::ranges::count_if(files(), [](const auto& each) { return is_table(each.first); }),
            5);
}

TEST_F(DamagedState, NeverAnswersOtherwiseForAFlippedBitInAnyFile) {
  for (const auto& [path, bytes] : files()) {
    const std::size_t bits = bytes.size() * 8;
    for (std::size_t bit = bits == 0 ? 1 : 3 % bits; bit < bits; bit += step_of(bits)) {
      SCOPED_TRACE(path.filename().string() + ", bit " + std::to_string(bit));
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
      write(path, damaged);
      EXPECT_TRUE(is_found() || is_unread(path));
      EXPECT_NE(read_all(), different);
      repair();
    }
  }
}

TEST_F(DamagedState, MissesEveryFileThatIsLost) {
  for (const auto& [path, bytes] : files()) {
    SCOPED_TRACE(path.filename().string());
    fs::remove(path);
    EXPECT_TRUE(is_found() || is_unread(path));
    EXPECT_NE(read_all(), different);
    repair();
  }
}

TEST_F(DamagedState, FindsALostEndOfEveryTable) {
  for (const auto& [path, bytes] : files()) {
    if (!is_table(path))
      continue;
    SCOPED_TRACE(path.filename().string());
    write(path, bytes.substr(0, bytes.size() / 2));
    EXPECT_EQ(read_all(), refused);
    repair();
  }
}

// The log has what the state lacks: nothing is lost, but a write that failed is never tried again.
TEST_F(DamagedState, IsAsItWasWhenTheDiskRefusesASegment) {
  EXPECT_EQ(exit_code_of([this] {
              const auto store = open_segment_store(state()).value();
              machine ledger{store, {.records = random_commands::segment_size}};
              const ducat::testing::file_size_limit none{0};
              random_commands commands{8};
              const std::uint64_t from = ledger.durable_to().index;
              for (std::uint64_t index = from + 1; index <= from + 60; ++index)
                run(ledger, index, encode(commands.next()));
              store->wait_until_written();
              return same;
            }),
            refused);
  EXPECT_EQ(read_all(), same);
}

} // namespace
} // namespace ducat::ledger::test
