/// Gets the state of another node.
#pragma once

#include "cluster/link.hpp"

#include <ducat/cluster.hpp>
#include <ducat/error.hpp>
#include <ducat/state_store.hpp>
#include <ducat/time.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ducat::cluster {

struct state_fetch_options {
  std::function<std::vector<member_status>()> members;
  std::string me;
  std::function<void(const std::string& node, outgoing_ask, time_point deadline, ask_callback)> ask;
  duration patience = std::chrono::seconds{10}; ///< How long it looks for a node that has one.
};

/// Copies the state of the node that keeps the newest one, verifies every part, and puts it in the
/// place of what is in `into`. Waits. Errors: unavailable (no node gave its state), and those of
/// state_store::replace_with().
result<void> fetch_state(const state_fetch_options& options, state_store& into);

} // namespace ducat::cluster
