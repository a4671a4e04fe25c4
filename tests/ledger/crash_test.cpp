/// A ledger that is killed at every point of its way to the disk, again and again.

#include "durable/batch_codec.hpp"
#include "random_commands.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/ledger/machine.hpp>
#include <ducat/replica.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <sstream>

namespace ducat::ledger::test {
namespace {

/// Every fault point between a command and the two places where it ends.
constexpr std::array points{"durable.before_append",     "log.before_write",
                            "log.after_write",           "durable.after_append",
                            "ledger.after_seal",         "ledger.before_segment",
                            "ledger.before_flush",       "ledger.after_flush",
                            "durable.before_checkpoint", "durable.after_checkpoint"};
constexpr std::array trim_points{"log.before_trim", "log.after_trim"};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

std::string bytes_of_hex(std::string_view text) {
  std::string bytes;
  for (; text.size() >= 2; text.remove_prefix(2))
    bytes += static_cast<char>(std::stoi(std::string{text.substr(0, 2)}, nullptr, 16));
  return bytes;
}

struct acknowledgement {
  std::uint64_t index = 0;
  log_time at;
  std::string hash;
  std::string command;
};

acknowledgement parse(const std::string& line) {
  acknowledgement one;
  std::string command;
  std::istringstream{line} >> one.index >> one.at.nanoseconds >> one.hash >> command;
  one.command = bytes_of_hex(command);
  return one;
}

/// A ledger in a directory, a writer that is killed, and the replay of all entries there ever were.
class killed_ledger {
public:
  explicit killed_ledger(log_retention retention) : retention_{retention} {}

  /// Lets a writer run until it comes upon `point`; returns whether it did.
  bool run_until(const std::string& point, std::uint64_t seed, std::uint64_t commands) {
    const bool trims = retention_ == log_retention::checkpoint;
    ducat::testing::child_program writer{
        {.words = {DUCAT_LEDGER_WRITER, directory_.path(), std::to_string(seed), point,
                   std::to_string(commands), trims ? "checkpoint" : "all"}}};
    while (const auto line = writer.read_line())
      acknowledged_.push_back(parse(*line));
    return writer.wait() != 0;
  }

  /// Opens what is left; expects every acknowledged entry in the log, and the state that a replay
  /// from the first entry has.
  void expect_whole() {
    std::shared_ptr<log> log = open_embedded_log({.directory = directory_.path()}).value();
    replay(*log);
    const machine* restored = nullptr;
    const auto opened = open(log, restored);
    ASSERT_TRUE(opened) << opened.error();
    EXPECT_EQ(restored->state_digest(), replayed_.state_digest());
    stored_to_ = restored->durable_to().index;
  }

  /// Removes the ledger's state; its log stays.
  void lose_state() const { std::filesystem::remove_all(directory_.path() / "ledger"); }

  /// Returns why it cannot be opened.
  error refusal() const {
    const machine* restored = nullptr;
    return open(open_embedded_log({.directory = directory_.path()}).value(), restored).error();
  }

  std::uint64_t entries() const { return replayed_to_; }

  /// Returns the newest entry that the store had when it was last opened.
  std::uint64_t stored_to() const { return stored_to_; }

private:
  result<replica> open(const std::shared_ptr<log>& log, const machine*& restored) const {
    const auto store = open_segment_store(directory_.path() / "ledger").value();
    return replica::open({.log = log, .machine = [&] {
                            auto made = std::make_unique<machine>(
                                store, keeping_limits{.records = random_commands::segment_size});
                            restored = made.get();
                            return made;
                          }});
  }

  /// Goes on with the replay: what was acknowledged since comes from the writer, what was not from
  /// the log, which must have both.
  void replay(const log& log) {
    std::map<std::uint64_t, std::string> hashes;
    for (const acknowledgement& one : acknowledged_) {
      apply({one.index, one.at}, one.command);
      hashes.emplace(one.index, one.hash);
    }
    acknowledged_.clear();
    const std::uint64_t from = hashes.empty() ? replayed_to_ + 1 : hashes.begin()->first;
    const auto read = log.read(std::max(log.first(), from), [&](const entry& e) {
      if (e.index <= replayed_to_)
        EXPECT_EQ(to_hex(e.hash), hashes.at(e.index)) << "entry " << e.index;
      else
        apply({e.index, e.at}, std::string{commands_of(e.payload).value().front()});
      return true;
    });
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(log.last().index, replayed_to_);
  }

  void apply(const position& where, const std::string& command) {
    ASSERT_EQ(where.index, replayed_to_ + 1);
    ASSERT_EQ(replayed_.answer_without_commit(command), std::nullopt);
    replayed_.apply(where, command);
    replayed_to_ = where.index;
  }

  ducat::testing::temporary_directory directory_;
  log_retention retention_;
  std::vector<acknowledgement> acknowledged_; ///< Since the last look.
  machine replayed_;
  std::uint64_t replayed_to_ = 0;
  std::uint64_t stored_to_ = 0;
};

/// Kills a ledger `rounds` times, at each point in turn.
template <std::size_t N>
void kill_again_and_again(killed_ledger& ledger, const std::array<const char*, N>& at,
                          std::uint64_t rounds) {
  const std::uint64_t seed = number_from("DUCAT_SEED", 20261128);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const char* point = at[round % N];
    SCOPED_TRACE("round " + std::to_string(round) + ", " + point);
    EXPECT_TRUE(ledger.run_until(point, random(), random() % 40)) << "never came upon the point";
    ledger.expect_whole();
    if (::testing::Test::HasFailure())
      return;
  }
  EXPECT_GT(ledger.stored_to(), ledger.entries() / 2);
}

constexpr std::uint64_t rounds_default = 40;

TEST(LedgerCrash, AtAnyPointLosesNothingAndChangesNothing) {
  killed_ledger ledger{log_retention::all};
  kill_again_and_again(ledger, points, number_from("DUCAT_ROUNDS", rounds_default));
}

TEST(LedgerCrash, OfALedgerThatTrimsItsLogLosesNothingAndChangesNothing) {
  killed_ledger ledger{log_retention::checkpoint};
  kill_again_and_again(ledger, trim_points, number_from("DUCAT_ROUNDS", rounds_default) / 4);
  kill_again_and_again(ledger, points, number_from("DUCAT_ROUNDS", rounds_default));
}

TEST(LedgerWithoutItsState, IsBuiltAgainFromAWholeLog) {
  killed_ledger ledger{log_retention::all};
  EXPECT_TRUE(ledger.run_until("log.after_write", 1, 40));
  ledger.expect_whole();
  ledger.lose_state();
  ledger.expect_whole();
}

TEST(LedgerWithoutItsState, IsRefusedIfItsLogIsTrimmed) {
  killed_ledger ledger{log_retention::checkpoint};
  EXPECT_TRUE(ledger.run_until("log.after_trim", 1, 40));
  ledger.expect_whole();
  ledger.lose_state();
  EXPECT_EQ(ledger.refusal().code, errc::not_found);
}

} // namespace
} // namespace ducat::ledger::test
