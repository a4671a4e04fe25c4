/// What is around the nodes of a simulated cluster, and what runs on each.
#pragma once

#include "sim/sim_files.hpp"
#include "sim/sim_state.hpp"

#include <ducat/cluster.hpp>
#include <ducat/testing/sim_cluster.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ducat::cli {

/// Of one simulated cluster; no fault reaches it. Its nodes share it.
struct sim_world {
  std::vector<std::string> nodes;
  std::shared_ptr<sim_copies> copies = std::make_shared<sim_copies>();
  std::shared_ptr<sim_files> files = std::make_shared<sim_files>();
};

/// Says what runs on each node: the ledger, which keeps its state on the node's disk, a pool of
/// payment actors, and, on one of them at a time, settlement.
testing::describe_on_disk simulated_node(std::shared_ptr<const sim_world> around);

/// How much of the log is kept for nodes that have been away: little, so that some come too late.
cluster::trim_rule simulated_trimming();

} // namespace ducat::cli
