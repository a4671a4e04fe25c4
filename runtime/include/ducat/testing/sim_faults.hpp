/// Schedules of faults in a simulation.
#pragma once

#include <ducat/fault_schedule.hpp>
#include <ducat/testing/sim_cluster.hpp>

#include <cstdint>
#include <map>
#include <memory>

namespace ducat::testing {

/// How often each action was carried out.
using fault_counts = std::map<fault_action, std::uint64_t>;

/// From now on `on` breaks as the schedule says, when it is run. What has struck heals when its
/// lease is over; what a fault point has not come to by then is disarmed. Returns the counts, which
/// go on. `on` must outlive its last run with it. Errors: those of check(), not_found (there is no
/// such fault point).
result<std::shared_ptr<const fault_counts>> plan_faults(sim_cluster& on,
                                                        const fault_schedule& what);

/// Has one of them strike now. Of a node that is dead, and of what does not run: no effect.
void strike(sim_cluster& on, const fault_event& what);

/// Puts an end to everything that is broken: all ways are joined, all nodes go on, the dead ones
/// begin again, all fault points are disarmed.
void heal(sim_cluster& on);

} // namespace ducat::testing
