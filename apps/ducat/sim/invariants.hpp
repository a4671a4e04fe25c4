/// What must hold in every simulated run, and which of it a violation is of. Pure.
#pragma once

#include "sim/seeds.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cli {

/// How often something did not hold.
struct invariant_count {
  std::string name;            ///< A sentence that should be true.
  std::uint64_t seeds = 0;     ///< In which it was not.
  std::string first_finding{}; ///< Of the first of these; empty: it held.
};

/// Returns a line for each invariant that a cluster is held against, or a machine on a disk. A
/// violation that none of them knows is of the last one, so that none gets lost.
std::vector<invariant_count> by_invariant(const std::vector<failed_seed>& failed, bool on_disk);

} // namespace ducat::cli
