/// Payments in a simulated cluster that breaks all the time: what was acknowledged is there once.

#include "sim/seeds.hpp"

#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <iostream>

namespace ducat::cli {
namespace {

using ::testing::IsEmpty;

#if defined(DUCAT_ADDRESS_SANITIZED) || !defined(__OPTIMIZE__)
constexpr std::uint64_t seeds = 6;
#else
constexpr std::uint64_t seeds = 200;
#endif

sim_result run(std::uint64_t seed) {
  spdlog::set_level(spdlog::level::off);
  auto done = run_simulation({.seed = seed});
  EXPECT_TRUE(done) << to_string(done.error());
  return done.value_or(sim_result{});
}

TEST(PaymentsInASimulation, AreMadeOnceWhateverBreaks) {
  const char* const given = std::getenv("DUCAT_SEED");
  const std::uint64_t first = given == nullptr ? 1 : std::stoull(given);
  const std::uint64_t runs = given == nullptr ? seeds : 1;
  std::uint64_t unknown = 0;
  testing::fault_counts struck;
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const sim_result made = run(seed);
    ASSERT_THAT(made.violations, IsEmpty()) << "DUCAT_SEED=" << seed;
    unknown += made.unknown;
    for (const auto& [action, count] : made.struck)
      struck[action] += count;
  }
  std::cout << "seeds " << first << " to " << first + runs - 1 << '\n';
  if (given != nullptr)
    return;
  EXPECT_GT(unknown, runs) << "too little was broken to say anything";
  if (runs < 100)
    return;
  for (const fault_action each : all_fault_actions())
    EXPECT_TRUE(struck[each] > 0 || each == fault_action::power_loss) << each << " never happened";
}

TEST(PaymentsInASimulation, RunTheSameWayTwice) {
  for (std::uint64_t seed = 1; seed <= (seeds + 9) / 10; ++seed)
    EXPECT_EQ(to_hex(run(seed).trace), to_hex(run(seed).trace)) << "seed " << seed;
}

} // namespace
} // namespace ducat::cli
