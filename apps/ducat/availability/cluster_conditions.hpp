/// What the members of a cluster, as a node sees them, say about its availability. Pure.
#pragma once

#include <ducat/availability.hpp>
#include <ducat/cluster.hpp>
#include <ducat/prediction.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// Returns how a member is: it serves while it is alive and linked, and is stopped in order while
/// it drains and when it is gone after that (`before` in order). One that is silent, cannot be
/// reached from here, or is gone all at once has failed.
monitor::condition condition_of(const cluster::member_status& member,
                                const std::optional<monitor::condition>& before);

/// Returns how the cluster is. It serves while the holder of the log is alive and linked. It does
/// not serve in order while that one drains. A fault is present while a member is silent, gone or
/// not linked, and while nobody writes the log.
monitor::condition condition_of(const std::vector<cluster::member_status>& members);

/// Returns how a group is. It serves while a node of it does. A fault is present while one of its
/// nodes is not alive and linked, and while nobody serves.
monitor::condition condition_of(const cluster::group_status& group,
                                const std::vector<cluster::member_status>& members);

/// Returns a group as the model that predicts its availability; its units are its nodes.
monitor::redundancy redundancy_of(const redundancy_spec& group, duration switch_over);

} // namespace ducat::cli
