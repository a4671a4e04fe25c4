/// What a demo asks of a node.
#pragma once

#include <ducat/error.hpp>
#include <ducat/v1/account.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace grpc {
class ClientContext;
}

namespace ducat::cli {

/// Gives a call two seconds.
void set_deadline(grpc::ClientContext& context);

/// Crashes the child at `path`; returns how many lives that ended, 0 if it is down already or
/// nobody answers.
std::uint64_t crash_child(const std::string& endpoint, const std::string& path);

/// Arms a fault point once; returns whether it is armed.
bool arm_point(const std::string& endpoint, const std::string& name);

/// Returns the fault points that may throw. Errors: unavailable.
result<std::vector<std::string>> fault_points_of(const std::string& endpoint);

/// Returns every account, in order of opening. Errors: unavailable.
result<v1::ListAccountsReply> accounts_of(const std::string& endpoint);

} // namespace ducat::cli
