/// A node as its status and its tree show it.
#pragma once

#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/supervisor.hpp>
#include <ducat/v1/node.pb.h>

#include <vector>

namespace ducat::api {

/// Completes `summary`, which holds what the machine knows, with what the node knows.
v1::StatusReply status_of(const node& node, v1::StatusReply summary, const log_position& newest,
                          bool faults_allowed);

v1::TreeReply tree_of(const node& node);

} // namespace ducat::api
