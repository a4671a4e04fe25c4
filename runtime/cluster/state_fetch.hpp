/// Gets the state of another node.
#pragma once

#include "cluster/link.hpp"

#include <ducat/cluster.hpp>
#include <ducat/error.hpp>
#include <ducat/state_store.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ducat::cluster {

struct state_fetch_options {
  std::function<std::vector<member_status>()> members;
  std::string me;
  std::uint64_t log_first = 1; ///< The log's first entry: an older state is of no use.
  std::function<void(const std::string& node, outgoing_ask, time_point deadline, ask_callback)> ask;
  duration patience = std::chrono::seconds{10}; ///< How long it looks for a node that has one.
};

/// Copies the state of the node that keeps the newest one, verifies every part, and puts it in the
/// place of what is in `into`; if that one cannot be used, of the next. Waits. Errors: unavailable
/// (no node gave a state that can be used), io.
result<void> fetch_state(const state_fetch_options& options, state_store& into);

} // namespace ducat::cluster
