/// The calls that break things, on a node that allows it.
#pragma once

#include "api/gateway.hpp"

#include <ducat/cluster.hpp>
#include <ducat/fault.hpp>
#include <ducat/node.hpp>
#include <ducat/v1/node.pb.h>

#include <chrono>
#include <cstdint>

namespace ducat::api {

/// A checked request to crash a child.
struct crash_order {
  handle child;
  fault_kind kind;
  std::uint32_t times;
  std::chrono::milliseconds lease;
};

/// Errors: not_permitted, not_found (no such child), invalid_argument (fault, times or lease).
result<crash_order> crash_order_of(const v1::CrashRequest& request, const node& node,
                                   bool faults_allowed);

/// Crashes `order.times` lives of the child, each as soon as it runs. When the last of them has
/// ended, or at the deadline, answers how many were hit. It works from an actor outside the tree,
/// so that every child can be its target.
void crash(caf::actor_system& system, const crash_order& order, time_point deadline,
           const answer_once<v1::CrashReply>& answer);

/// Cuts the link that the request names. `member` is null outside a cluster. Errors: not_permitted,
/// not_found (no such node), invalid_argument (fault, times or lease; a path beside the link).
result<v1::CrashReply> cut_link(const v1::CrashRequest& request, cluster::member* member,
                                bool faults_allowed);

v1::ListFaultsReply list_faults();

/// Errors: not_permitted, not_found (no such point), invalid_argument (fault, times or lease).
result<v1::ArmFaultReply> arm(const v1::ArmFaultRequest& request, bool faults_allowed);

/// Errors: not_permitted, not_found.
result<v1::DisarmFaultReply> disarm(const v1::DisarmFaultRequest& request, bool faults_allowed);

} // namespace ducat::api
