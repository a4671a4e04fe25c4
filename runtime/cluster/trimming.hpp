/// How far the log may be trimmed. Pure.
#pragma once

#include <ducat/cluster.hpp>

#include <cstdint>
#include <span>

namespace ducat::cluster {

/// Returns the newest entry that may be trimmed away when `newest` is the log's newest one; 0 if
/// none may.
///
/// What is trimmed away must be in the state of more than half of the nodes, those that are gone
/// included: so a node that is lost with its disk takes nothing along. And it must be in that of
/// every node that is not gone, so that none has to get a copy, unless the log has become too long.
/// The entry that a state ends with stays: by its hash the state is known to be of this log.
std::uint64_t trim_point(std::span<const member_status> nodes, std::uint64_t newest,
                         const trim_rule& rule);

} // namespace ducat::cluster
