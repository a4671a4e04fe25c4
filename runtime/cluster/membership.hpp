/// Who is in the cluster, who is alive, and who writes the log: as etcd and the links tell.
#pragma once

#include "cluster/link.hpp"

#include <ducat/cluster.hpp>
#include <ducat/error.hpp>
#include <ducat/log.hpp>
#include <ducat/shared_log.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cluster {

/// How far the machine of a node has come: entries of the log.
struct node_progress {
  std::uint64_t applied = 0; ///< The newest one that it has applied.
  std::uint64_t kept = 0;    ///< The newest one whose state is on the node's disk.

  friend bool operator==(const node_progress&, const node_progress&) = default;
};

struct membership_options {
  cluster_options joined;
  std::string link_address; ///< ADDRESS:PORT where other nodes reach this one.

  /// Called on threads of the membership; must not block.
  std::function<void(const shared_log::holder&)> on_holder;
  std::function<void(epoch)> on_turn;        ///< This node is to take the log after that epoch.
  std::function<void()> on_tick;             ///< Every beat.
  std::function<void()> on_round;            ///< At news, and some times between two beats.
  std::function<void(const error&)> on_lost; ///< Another node has this one's id.

  /// Returns how far this node has come, or nothing if it does not get on with its work: then it
  /// does not beat.
  std::function<std::optional<node_progress>()> progress;
};

class membership {
public:
  /// Registers this node. Errors: in_use (a node with this id is alive), invalid_argument (this
  /// node's clock is far off), unavailable.
  static result<std::unique_ptr<membership>> join(membership_options options);

  /// Leaves: the others see it at once.
  ~membership();

  /// Ends its threads: nothing of membership_options is called any more. It is a member still.
  void stop();

  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

  /// Asks a child of another node; see link::ask(). Errors also: unavailable (no such node).
  void ask(const std::string& node, outgoing_ask what, time_point deadline, ask_callback done);

  /// Ends the connection to another node, see link::cut(). Errors: not_found.
  result<bool> cut_link(const std::string& node, time_point until);

  std::vector<member_status> members() const;

  /// Returns whether this node's beats have come back through etcd lately: else others may take it
  /// for failed.
  bool is_heard() const;

  /// Tells everybody that this node takes no new work, or that it does again. Errors: unavailable.
  result<void> set_draining(bool draining);

  /// Forgets a node that is gone. Errors: not_found, not_permitted (it is alive), unavailable.
  result<void> forget(const std::string& id);

  /// Waits while this node holds the log and there is another one that could, until `limit` has
  /// passed.
  void wait_for_successor(duration limit) const;

private:
  class state;
  explicit membership(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

} // namespace ducat::cluster
