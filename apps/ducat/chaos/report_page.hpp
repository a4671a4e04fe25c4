/// A run under faults as a page for people.
#pragma once

#include "chaos/measurements.hpp"

#include <string>
#include <string_view>

namespace ducat::cli {

/// Returns one HTML page that needs nothing else, neither scripts nor the network: the verdict,
/// each measure, throughput and latency over the faults, restarts, and `replay`, the command that
/// repeats the run.
std::string report_page(const chaos_measurements& run, std::string_view replay);

} // namespace ducat::cli
