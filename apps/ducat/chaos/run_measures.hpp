/// What a run of real processes has to show. Pure.
#pragma once

#include "chaos/measurements.hpp"
#include "check/checker.hpp"
#include "load/import.hpp"

#include <cstdint>
#include <vector>

namespace ducat::cli {

/// What a run has to show beside that nothing was lost, doubled or left unresolved.
struct run_bounds {
  std::uint64_t acknowledged_min = 1;
  std::uint64_t struck_min = 0; ///< Faults that hit something.
  std::uint64_t kills_min = 0;  ///< Processes that were killed.
  std::uint64_t power_losses_min = 0;
};

/// What came of a run. A view of what it was made of.
struct run_outcome {
  const std::vector<struck_fault>& faults;
  const import_summary& clients;
  const verdict& found;
  std::uint64_t planned = 0; ///< Faults.
  bool loses_power = false;  ///< Disks were to lose it.
  std::uint64_t nodes = 0;
  std::uint64_t agreeing = 0; ///< Nodes with the same log.
};

/// Returns a measure for each thing that has to be shown, and some that are only told.
std::vector<measure> measures_of(const run_outcome& run, const run_bounds& bounds);

} // namespace ducat::cli
