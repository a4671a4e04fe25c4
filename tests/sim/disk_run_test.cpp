/// A machine on a real disk, restarted and damaged: what was acknowledged is there once, or the
/// damage is noticed.

#include "sim/disk_run.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <iostream>

namespace ducat::cli {
namespace {

TEST(PaymentsOnADisk, AreMadeOnceWhereverItIsRestarted) {
  const ducat::testing::temporary_directory place;
  const char* const given = std::getenv("DUCAT_SEED");
  const std::uint64_t first = given == nullptr ? 1 : std::stoull(given);
  const std::uint64_t last = given == nullptr ? 10 : first;
  std::cout << "seeds " << first << " to " << last << '\n';
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const auto made = run_on_disk({.seed = seed}, place.path());
    ASSERT_TRUE(made) << to_string(made.error());
    EXPECT_THAT(made->violations, ::testing::IsEmpty()) << "DUCAT_SEED=" << seed;
    EXPECT_GT(made->acknowledged, 40U) << "DUCAT_SEED=" << seed;
  }
}

} // namespace
} // namespace ducat::cli
