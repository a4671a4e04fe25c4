/// Whom a signal ends: a guardian's runtime, or a guardian that has none yet.

#include "hosts/hosted_process.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
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

  const ducat::testing::temporary_directory place_;
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

TEST_F(HostedProcess, GoesOnIfItWasStoppedBeforeItsRuntimeWasKnown) {
  const std::string gate = place_.path() / "gate";
  ASSERT_EQ(::mkfifo(gate.c_str(), 0600), 0);
  const hosted_process guardian =
      begin("sh -c 'read _ < " + gate +
            "; echo runtime_started pid=$$; echo node_ready; exec sleep 1000' & wait; exit 75");
  std::ofstream open{gate}; // Waits for the runtime.
  guardian.signal(SIGSTOP);
  open << std::endl;
  ASSERT_TRUE(guardian.wait_until_ready(1, limit));
  guardian.signal(SIGCONT);
  guardian.signal(SIGKILL);
  EXPECT_TRUE(guardian.wait_until_ended(limit)) << "nobody looks after the runtime";
}

} // namespace
} // namespace ducat::cli
