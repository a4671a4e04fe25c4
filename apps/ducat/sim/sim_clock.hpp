/// The clock of a simulated node's log.
#pragma once

#include <ducat/node.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/time.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <functional>

namespace ducat::cli {

/// Returns what tells the time of entries that the node writes now. The node's system outlives it.
inline std::function<log_time()> sim_clock_of(const node& n) {
  return [&system = n.system()] { return testing::simulated_log_time(system.clock().now()); };
}

} // namespace ducat::cli
