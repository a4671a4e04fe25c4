/// Which nodes can give their state to one that comes too late for the log. Pure.
#pragma once

#include <ducat/cluster.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cluster {

struct lender_needs {
  std::string me;
  std::uint64_t log_first = 1; ///< The log's first entry: an older state is of no use.
};

/// Returns the other nodes that are linked and keep a state that the log goes on from, the newest
/// first.
std::vector<std::string> lenders_among(std::vector<member_status> members,
                                       const lender_needs& needs);

} // namespace ducat::cluster
