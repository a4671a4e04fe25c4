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
  std::string why_no_disks{};         ///< The same of disks.
  bool is_simulated = false;          ///< Then networks lose a part, and disks fail.
};

/// Returns a sentence for each rule that cannot be carried out there, with its number from 1: a
/// network or a disk that cannot be broken, a node or a fault point that there is not, a point that
/// does not throw, a member of etcd or everything at once as the target of more than kill and
/// pause. Empty: all can. The fault points are those of this process. Requires check().
std::vector<std::string> not_applicable(const fault_schedule& what, const stage_offer& on);

/// Returns whether a rule breaks a disk of real processes: then each needs one of its own.
bool needs_disks(const fault_schedule& what);

} // namespace ducat::cli
