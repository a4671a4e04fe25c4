/// What the benches share: the system they run in, and how they tell what they measured.
#pragma once

#include <caf/actor_system_config.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ducat::bench {

using clock = std::chrono::steady_clock;

/// The scheduler as a node has it, with two threads: the other side gets two as well.
struct system_config final : caf::actor_system_config {
  system_config();
};

/// One number. A bench prints one line of JSON for each; `summary` compares the sides.
struct measurement {
  std::string bench;   ///< "restart"
  std::string subject; ///< What was measured, in the same words for all sides.
  std::string side;    ///< "ducat", "OTP", ...
  std::string unit;
  double value = 0;
};

/// Writes it to standard output, at once.
void print(const measurement& what);

/// Returns the smallest sample that is not below `share` (0 to 1) of the samples.
/// Requires at least one sample.
double percentile(std::vector<double> samples, double share);

double seconds_since(clock::time_point begin);

/// The log of a node: level info, to `file`; none if that is empty.
void log_to(const std::string& file);

} // namespace ducat::bench
