/// Damage is not survived by another life: the process ends.

#include "replicated_world.hpp"

#include <ducat/fatal.hpp>

namespace ducat::cluster {
namespace {

class ReplicatedDeathTest : public two_nodes {
protected:
  ReplicatedDeathTest() { ::testing::FLAGS_gtest_death_test_style = "threadsafe"; }

  const ::testing::ExitedWithCode ended{fatal_exit_code};
};

TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheLogIsDamaged) {
  a_.log().deliver(fail(errc::corrupt, "log entry 7 has a wrong checksum"));
  EXPECT_EXIT(a_.queue().run(), ended, "corrupt: log entry 7");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheLogIsOfANewerVersion) {
  a_.log().deliver(fail(errc::newer_version, "log entry 7"));
  EXPECT_EXIT(a_.queue().run(), ended, "newer_version: log entry 7");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfAnEntryDoesNotContinueWhatItApplied) {
  write("x");
  write("y");
  a_.log().deliver(store_->entries[1]);
  EXPECT_EXIT(a_.queue().run(), ended, "log entry 2 does not continue");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfAnEntryHoldsACommandWithoutEffect) {
  write("x");
  write("x");
  a_.log().deliver_entries();
  EXPECT_EXIT(a_.queue().run(), ended, "log entry 2 holds a command that has no effect");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfItWouldBeginWithDamage) {
  write("x");
  write("x");
  a_.stop();
  EXPECT_EXIT(a_.start(), ended, "log entry 2 holds a command that has no effect");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfItWouldLeadFromDamage) {
  write("x");
  write("x");
  EXPECT_EXIT(a_.machine().on_turn({2}), ended, "log entry 2 holds a command that has no effect");
}

TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheEpochIsDamaged) {
  a_.log().refuse_epochs_with = error{errc::corrupt, "the epoch of the log is damaged"};
  EXPECT_EXIT(a_.machine().on_turn({}), ended, "the epoch of the log is damaged");
}

// The log would be led, and damaged, again and again.
TEST_F(ReplicatedDeathTest, EndsTheProcessIfTheEntryThatItsMachineKeptIsDamaged) {
  a_.keep_state();
  a_.stop();
  a_.start();
  a_.lead_after(0);
  a_.commit("x");
  a_.log().refuse_checkpoint_with = error{errc::corrupt, "log entry 1"};
  EXPECT_EXIT(a_.complete_appends(), ended, "corrupt: log entry 1");
}

} // namespace
} // namespace ducat::cluster
