/// What the embedded log measures of itself.

#include "support/temporary_directory.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/log_probe.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

TEST(LogProbe, CountsEachEntryThatIsDurableAndEachWrite) {
  const testing::temporary_directory directory;
  const auto log = open_embedded_log({.directory = directory.path()}).value();
  const log_probe& probe = probe_of_log();
  const auto before = probe.entries.load();
  const auto appends = probe.append.read().count;
  const auto syncs = probe.sync.read().count;
  const epoch writer = log->take_epoch().value();
  EXPECT_EQ(probe.entries.load(), before) << "an epoch is no entry";
  EXPECT_EQ(probe.sync.read().count, syncs + 1) << "but it is written";
  ASSERT_TRUE(log->append(writer, {}, "one"));
  ASSERT_TRUE(log->append(writer, {}, "two"));
  EXPECT_FALSE(log->append({writer.value + 1}, {}, "refused"));
  EXPECT_EQ(probe.entries.load(), before + 2);
  EXPECT_EQ(probe.append.read().count, appends + 2);
  EXPECT_EQ(probe.sync.read().count, syncs + 3);
}

} // namespace
} // namespace ducat
