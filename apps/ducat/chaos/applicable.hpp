/// What of a schedule a stage can carry out. Pure.
#pragma once

#include <ducat/fault_schedule.hpp>

#include <string>
#include <vector>

namespace ducat::cli {

/// What there is on a stage to be broken.
struct stage_offer {
  std::vector<std::string> nodes;
  std::vector<std::string> members{}; ///< Of etcd.
  std::string why_no_network{};       ///< Why the network cannot be broken; empty: it can.
  bool is_simulated = false;          ///< Then networks lose a part, and disks fail.
};

/// Returns a sentence for each rule that cannot be carried out there, with its number from 1: a
/// network that cannot be broken, a node or a fault point that there is not, a point that does not
/// throw, a member of etcd or everything at once as the target of more than kill and pause. Empty:
/// all can. The fault points are those of this process. Requires check().
std::vector<std::string> not_applicable(const fault_schedule& what, const stage_offer& on);

} // namespace ducat::cli
