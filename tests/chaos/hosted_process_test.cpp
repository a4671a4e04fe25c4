/// Whom a signal ends: a guardian's runtime, or a guardian that has none yet.

#include "hosts/hosted_process.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <string>

namespace ducat::cli {
namespace {

constexpr std::chrono::minutes limit{1};

class HostedProcess : public ::testing::Test {
protected:
  /// A guardian is what the shell does.
  hosted_process begin(const std::string& what) {
    return {{"sh", "-c", what}, place_.path() / "log"};
  }

private:
  ducat::testing::temporary_directory place_;
};

TEST_F(HostedProcess, IsEndedEarlyIfItHasNoRuntimeThatTakesTheSignal) {
  const hosted_process guardian = begin("exec sleep 1000");
  EXPECT_FALSE(guardian.was_ended_early());
  guardian.signal(SIGKILL);
  ASSERT_TRUE(guardian.wait_until_ended(limit));
  EXPECT_TRUE(guardian.was_ended_early());
}

TEST_F(HostedProcess, IsNotEndedEarlyIfItGivesUpAfterItsRuntime) {
  const hosted_process guardian =
      begin("sleep 1000 & echo runtime_started pid=$!; echo node_ready; wait; exit 75");
  ASSERT_TRUE(guardian.wait_until_ready(1, limit));
  guardian.signal(SIGKILL);
  ASSERT_TRUE(guardian.wait_until_ended(limit));
  EXPECT_FALSE(guardian.was_ended_early());
}

TEST_F(HostedProcess, IsNotEndedEarlyByASignalAfterItsEnd) {
  const hosted_process guardian = begin("exit 75");
  ASSERT_TRUE(guardian.wait_until_ended(limit));
  guardian.signal(SIGKILL);
  EXPECT_FALSE(guardian.was_ended_early());
}

} // namespace
} // namespace ducat::cli
