/// A disk of its own, whose power goes and comes.

#include "hosts/loop_disk.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ducat::cli {
namespace {

TEST(LoopDisk, HasPowerAgainWhoeverHasACopyOfItsMount) {
  const ducat::testing::temporary_directory place;
  if (const auto why = why_no_loop_disk(place.path()))
    GTEST_SKIP() << *why;
  loop_disk disk{place.path() / "disk", std::uint64_t{16} << 20U};
  ducat::testing::child_program other{{.words = {"unshare", "--mount", "--propagation", "private",
                                                 "sh", "-c", "echo has a copy; exec sleep 1000"}}};
  ASSERT_EQ(other.read_line(), "has a copy");
  disk.lose_power();
  disk.power_up();
  std::ofstream file{place.path() / "disk" / "file"};
  EXPECT_TRUE(file << "text" << std::flush);
}

} // namespace
} // namespace ducat::cli
