/// Many runs of a simulated cluster, in several processes.
#pragma once

#include "sim/sim_run.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ducat::cli {

struct seed_range {
  std::uint64_t first = 1;
  std::uint64_t last = 100; ///< Inclusive.
};

/// Returns the seeds that "A..B" or "A" says; nothing if it says none.
std::optional<seed_range> seeds_of(const std::string& text);

/// What went wrong with a seed.
struct failed_seed {
  std::uint64_t seed = 0;
  std::vector<std::string> violations;
};

/// The sum of all runs.
struct sim_summary {
  std::uint64_t runs = 0;
  std::uint64_t repeated = 0;  ///< Runs that were made twice,
  std::uint64_t differing = 0; ///< and of these, those that were not the same.
  std::uint64_t acknowledged = 0;
  std::uint64_t unknown = 0;
  std::uint64_t messages = 0;
  double virtual_s = 0;
  double real_s = 0;
  std::map<std::string, std::uint64_t> struck{}; ///< By action.
  std::map<std::string, std::uint64_t> fired{};  ///< By fault point.
  std::vector<failed_seed> failed{};             ///< By seed.
  std::map<std::uint64_t, std::string> hashes{}; ///< Of the events of each seed's run, if kept.

  bool is_green() const noexcept { return failed.empty() && differing == 0 && acknowledged > 0; }
};

struct seeds_options {
  sim_run_options run{}; ///< The seed of each is its own.
  seed_range seeds{};
  unsigned jobs = 1;
  std::uint64_t repeat = 0; ///< So many of the first seeds are run twice.
  bool keep_hashes = false;
  std::function<void(const sim_summary& so_far)> on_progress{};
  std::function<result<sim_result>(const sim_run_options&)> run_one = run_simulation;
};

/// Runs all of them. A run that ends its process counts as failed, and the others are run. Call it
/// while the process has one thread: it forks. Errors: those of run_simulation(), io.
result<sim_summary> run_seeds(const seeds_options& options);

} // namespace ducat::cli
