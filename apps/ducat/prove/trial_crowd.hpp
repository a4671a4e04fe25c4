/// Many runs of a flow, in several processes.
#pragma once

#include <ducat/testing/prove.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace ducat::cli {

struct crowd_options {
  unsigned jobs = 1;
  std::function<void(std::size_t done, std::size_t of)> on_progress{};
};

/// Runs all of them and returns what came of each, in their order: the same with any number of
/// jobs, but without traces. A run that ends its process breaks a claim. Call it while the process
/// has one thread: it forks. Throws if no process can be made.
std::vector<testing::trial_result> run_in_crowd(const testing::flow_maker& make,
                                                const std::vector<testing::trial>& all,
                                                const crowd_options& options);

} // namespace ducat::cli
