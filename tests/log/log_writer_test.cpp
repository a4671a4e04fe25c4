/// What is left by a process that wrote a log and was ended by force.

#include "log_helpers.hpp"
#include "support/child_program.hpp"

#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace testing;

/// Returns the last number that `writer` prints until it has ended.
std::uint64_t last_number_of(const child_program& writer, std::uint64_t before) {
  while (const auto line = writer.read_line())
    before = std::stoull(*line);
  return before;
}

// The entries and the anchor change together, or not at all.
TEST(LogWriter, LeavesEveryAcknowledgedEntryWhenItIsKilledWhileItTrims) {
  const temporary_directory home;
  for (int round = 1; round <= 5; ++round) {
    child_program writer{{.words = {DUCAT_LOG_WRITER, home.path(), "trim"}}};
    std::uint64_t acknowledged = 0;
    for (int seen = 0; seen < 3 * round; ++seen)
      acknowledged = std::stoull(writer.read_line().value());
    writer.signal(SIGKILL);
    acknowledged = last_number_of(writer, acknowledged);
    const auto log = open_embedded_log({.directory = home.path(), .read_only = true});
    ASSERT_TRUE(log) << log.error();
    EXPECT_GE((*log)->last().index, acknowledged);
    EXPECT_GE((*log)->first() + 1, acknowledged);
    for (const entry& e : entries(**log, (*log)->first()))
      EXPECT_EQ(e.payload, payload(e.index));
  }
}

} // namespace
} // namespace ducat
