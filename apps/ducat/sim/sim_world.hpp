/// What is around the nodes of a simulated cluster, and what runs on each.
#pragma once

#include "sim/sim_acquirer.hpp"
#include "sim/sim_files.hpp"
#include "sim/sim_parts.hpp"
#include "sim/sim_receiver.hpp"
#include "sim/sim_state.hpp"

#include <ducat/cluster.hpp>
#include <ducat/gateway/profile.hpp>
#include <ducat/testing/sim_cluster.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// Of one simulated cluster; no fault reaches it. Its nodes share it.
struct sim_world {
  sim_world(std::uint64_t seed, std::uint32_t node_count, const sim_parts& with);

  /// From now on those who are outside can be reached.
  void enter(testing::sim_cluster& on) const;

  /// They make mistakes for so long, or until heal().
  void disturb(duration time) const;

  void heal() const;

  std::vector<std::string> nodes;
  bool holds = false; ///< The acquirer is asked for authorisations, and told of captures.
  std::shared_ptr<sim_acquirer> acquirer{};   ///< Null: nobody pays by card.
  std::shared_ptr<sim_receiver> receiver{};   ///< Null: nobody wants events.
  std::optional<gateway::roster> terminals{}; ///< Nothing: there are no gateways. With an acquirer.
  std::shared_ptr<sim_copies> copies = std::make_shared<sim_copies>();
  std::shared_ptr<sim_files> files = std::make_shared<sim_files>();
};

/// Says what runs on each node: the ledger, which keeps its state on the node's disk, a pool of
/// payment actors, on one of them at a time settlement; and what speaks to those outside.
testing::describe_on_disk simulated_node(std::shared_ptr<const sim_world> around);

/// Whose money it is that terminals take, and whose it comes to be.
inline const std::string sim_payer = "payer0";
inline const std::string sim_payee = "shop";

/// How much of the log is kept for nodes that have been away: little, so that some come too late.
cluster::trim_rule simulated_trimming();

} // namespace ducat::cli
