/// The child "nodes" of a node among others: through it the children of all nodes reach each other.
#pragma once

#include "cluster/granted_worker.hpp"
#include "cluster/group_view.hpp"
#include "cluster/link.hpp"
#include "cluster/link_server.hpp"
#include "cluster/served_ask.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/grant.hpp>
#include <ducat/handle.hpp>
#include <ducat/protocol.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cluster {

/// The child of another node, at a path there.
using remote_name = std::pair<std::string, std::string>;

/// The way from other threads to the life that the child has now. Any thread.
class exchange_port {
public:
  /// Has an ask of another node answered by a child of this one.
  void serve(incoming_ask ask, link_respond respond) const;

  /// Members, links or grants may have changed.
  void look() const;

  /// From now on the child of another node has a life here while it can be asked.
  void want(remote_name child);

  std::set<remote_name> wanted() const;

  /// Returns the redundancy groups of the node's tree; none before the child's first life.
  std::vector<group_place> groups() const;

private:
  friend class exchange_life;

  struct way {
    std::function<void(std::shared_ptr<served_ask>)> serve;
    std::function<void()> look;
  };

  /// Returns what the worker at that path was told by the life before.
  std::shared_ptr<told_grant> told(const std::string& worker);

  mutable std::mutex guard_;
  std::map<std::string, std::shared_ptr<told_grant>> told_; ///< By worker. Needs the guard.
  way to_life_;                     ///< Needs the guard. Null while there is no life.
  const void* life_ = nullptr;      ///< The newest. Needs the guard.
  std::vector<group_place> groups_; ///< Needs the guard.
  std::set<remote_name> wanted_;    ///< Needs the guard.
};

struct exchange_options {
  std::shared_ptr<const protocol> speaks;
  std::shared_ptr<grant_board> grants;
  std::function<handle(const std::string& path)> find; ///< In the node's tree.
  std::function<supervisor_spec()> spec;               ///< Of the node's tree.
  std::function<surroundings()> see;
  std::function<std::string()> ledger; ///< Returns the path of the child that grants groups.
  std::function<void(const std::string& node, outgoing_ask, time_point deadline, ask_callback)> ask;
};

child_start exchange_child(exchange_options options, std::shared_ptr<exchange_port> port);

} // namespace ducat::cluster
