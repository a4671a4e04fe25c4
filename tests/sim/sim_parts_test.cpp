/// Every fault point of the program is one that simulations come to, or is said not to be.

#include "sim/sim_parts.hpp"

#include <ducat/fault.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ducat::cli {
namespace {

constexpr sim_parts all_parts{.cards = true, .holds = true, .terminals = true, .webhooks = true};

TEST(SimulatedParts, HaveEveryFaultPointOfTheProgramOrSayWhyNot) {
  const auto come_to = points_of(all_parts);
  std::set<std::string> known{come_to.begin(), come_to.end()};
  for (const unsimulated_points& each : all_unsimulated_points()) {
    EXPECT_FALSE(each.why.empty());
    for (const std::string_view name : each.names)
      EXPECT_TRUE(known.emplace(name).second) << name << " is said to be both";
  }
  for (const fault_point_status& each : list_fault_points())
    EXPECT_TRUE(known.contains(std::string{each.name})) << each.name << " is nowhere";
}

TEST(SimulatedParts, AreFoundBySeed) {
  sim_parts seen;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const sim_parts made = parts_of(seed);
    EXPECT_TRUE(made.cards || !made.terminals) << seed;
    seen.cards |= made.cards;
    seen.holds |= made.holds;
    seen.terminals |= made.terminals;
    seen.webhooks |= made.webhooks;
  }
  EXPECT_TRUE(seen.cards && seen.holds && seen.terminals && seen.webhooks);
}

} // namespace
} // namespace ducat::cli
