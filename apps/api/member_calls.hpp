/// The calls about the nodes of a cluster.
#pragma once

#include "api/gateway.hpp"

#include <ducat/cluster.hpp>
#include <ducat/node.hpp>
#include <ducat/v1/node.pb.h>

namespace ducat::api {

/// Returns the nodes as `member` sees them; the one that there is if it is null.
v1::ListNodesReply list_nodes(const node& local, const cluster::member* member);

/// Returns the redundancy groups as `member` sees them; none if it is null.
v1::ListGroupsReply list_groups(const cluster::member* member);

/// Errors: invalid_argument (the node is alone, or the change is none), and those of
/// member::change().
void change_node(cluster::member* member, const v1::ChangeNodeRequest& request, time_point deadline,
                 const answer_once<v1::ChangeNodeReply>& answer);

} // namespace ducat::api
