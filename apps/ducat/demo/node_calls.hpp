/// What a demo asks of a node.
#pragma once

#include <ducat/error.hpp>
#include <ducat/v1/account.pb.h>
#include <ducat/v1/node.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace grpc {
class ClientContext;
}

namespace ducat::cli {

/// Gives a call two seconds.
void set_deadline(grpc::ClientContext& context);

/// Crashes a child; returns how many lives that ended, 0 if it is down already or nobody answers.
std::uint64_t crash_child(const std::string& endpoint, const v1::CrashRequest& how);
std::uint64_t crash_child(const std::string& endpoint, const std::string& path);

/// Arms a fault point, or once; returns whether it is armed.
bool arm_point(const std::string& endpoint, const v1::ArmFaultRequest& how);
bool arm_point(const std::string& endpoint, const std::string& name);

/// Returns whether the node says that the point is disarmed.
bool disarm_point(const std::string& endpoint, const std::string& name);

/// Returns the tree that the node runs. Errors: unavailable.
result<v1::TreeReply> tree_of(const std::string& endpoint);

/// Returns what the node says of itself. Errors: unavailable.
result<v1::StatusReply> status_of(const std::string& endpoint);

/// Returns the nodes of a cluster, or the one that is alone, as the node sees them. Errors:
/// unavailable.
result<v1::ListNodesReply> nodes_of(const std::string& endpoint);

/// Returns the fault points that may throw. Errors: unavailable.
result<std::vector<std::string>> fault_points_of(const std::string& endpoint);

/// Returns every account, in order of opening. Errors: unavailable.
result<v1::ListAccountsReply> accounts_of(const std::string& endpoint);

} // namespace ducat::cli
