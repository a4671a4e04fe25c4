/// One run of a simulated cluster: payments, faults, and what came of it.
#pragma once

#include "check/checker.hpp"

#include <ducat/digest.hpp>
#include <ducat/fault_schedule.hpp>
#include <ducat/testing/sim_faults.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

struct sim_run_options {
  std::uint64_t seed = 1;
  std::uint32_t nodes = 3;
  std::uint64_t payments = 200;
  std::optional<fault_schedule> schedule{}; ///< Its own seed is not used. Default: full_mix().
  std::function<void(const std::string&)> on_trace{};
};

struct sim_result {
  std::uint64_t seed = 0;
  digest trace{};
  std::vector<std::string> violations{}; ///< Sentences; empty: all is well.
  std::uint64_t acknowledged = 0;
  std::uint64_t unknown = 0;  ///< Answers that were so.
  std::uint64_t messages = 0; ///< That were handled.
  duration time{};            ///< Virtual.
  testing::fault_counts struck{};
  std::map<std::string, std::uint64_t> fired{}; ///< How often each fault point did, if ever.
};

/// Returns a schedule with everything that can break in a simulation of so many nodes, drawn by the
/// seed: some of all actions and of all fault points that payments come to. Damage of disks befalls
/// one node only, and none that has the only copy.
fault_schedule full_mix(std::uint64_t seed, std::uint32_t nodes);

/// Runs until all is healed and every outcome is known, and checks: outcomes that stay unknown,
/// what the checker finds in the log with the clients' record, nodes that say something else than
/// the log. Errors: those of plan_faults().
result<sim_result> run_simulation(const sim_run_options& options);

} // namespace ducat::cli
