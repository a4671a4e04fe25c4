/// One node: its log, its machines, its supervision tree.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/dead_letters.hpp>
#include <ducat/handle.hpp>
#include <ducat/log.hpp>
#include <ducat/machine.hpp>
#include <ducat/replica.hpp>
#include <ducat/supervisor.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ducat {

/// Returns the start of the child `id`, which owns the machine and keeps it in a log of its own
/// choice: `options.log` is not given.
using replication_start =
    std::function<child_start(const std::string& id, replica_options options)>;

/// How a machine is kept beside its log.
struct machine_keeping {
  log_retention retention = log_retention::all;
  std::shared_ptr<state_store> store{}; ///< As in replica_options.
};

class node;

struct node_options {
  std::string id = "node1";
  std::string cluster{};      ///< See embedded_log_options.
  std::filesystem::path data; ///< The data directory; made if it is missing.

  /// How replicate() keeps the machine; default: in the log in `data`, as durable() does.
  replication_start replicated{};

  /// Of a node among others; else null.
  std::shared_ptr<const grant_board> grants{};

  /// Returns the start of the child "nodes", the last one, through which the node's children and
  /// those of other nodes reach each other. Default: there is none.
  std::function<child_start(node&)> others{};
  std::size_t threads = 0;         ///< Of the scheduler; 0: one a core.
  std::function<log_time()> now{}; ///< Stamps log entries; default: the wall clock.
  std::string last_end{};          ///< How the process before this one ended, if it did.

  /// Called once, on a runtime thread, when the root supervisor has given up. Default: the process
  /// ends, for its guardian to start it again.
  std::function<void()> on_give_up{};

  /// Where the node's actors live: a system of one thread and virtual time, which outlives the
  /// node, for simulations. No child has a thread of its own there. Default: a system of its own.
  caf::actor_system* system = nullptr;
  std::uint64_t seed = 0; ///< Of the jitter of backoffs; 0: drawn.

  /// Called with every event of the tree, on the thread of a supervisor.
  std::function<void(const supervision_event&)> observer{};
};

/// Lives from start() to stop(). Members may be called from any thread unless they say otherwise.
class node {
public:
  /// Opens the log in options.data, unless options.replicated has another, lets `describe` say what
  /// runs here, and starts it; returns when every child has started. Errors: those of
  /// open_embedded_log() and start_tree().
  static result<std::unique_ptr<node>> start(node_options options,
                                             const std::function<void(node&)>& describe);

  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Stops the node if it runs.
  ~node();

  /// Adds the durable actor `id`, which owns the machine and this node's log; at most one a node.
  /// Returns its handle. Only while describing.
  handle replicate(const std::string& id, machine_factory machine, machine_keeping keeping = {});

  /// Adds children after those there are, and sets the root supervisor's flags. Only while
  /// describing.
  void supervise(const supervisor_flags& flags, std::vector<child_spec> children);

  /// Returns the handle of the child at `path`, whether or not there is one.
  handle find(const std::string& path) const;

  /// Returns every child, depth first, in start order.
  std::vector<child_status> tree() const;

  /// Returns the tree as a spec: see directory::spec().
  supervisor_spec spec() const;

  /// Returns what nobody in the tree will handle.
  ducat::dead_letters& dead_letters() const noexcept;

  const std::string& id() const noexcept;

  /// Returns how the process before this one ended, as node_options said.
  const std::string& last_end() const noexcept;

  /// For scoped actors and clocks of tests and edges.
  caf::actor_system& system() const noexcept;

  /// Ends every actor of the tree where it stands, as the end of the process would. Nothing of it
  /// is undone but by the log. Only on a system of a simulation, which has yet to run.
  void kill();

  /// Stops the tree in reverse order of start. Idempotent. One thread only. The log is closed, and
  /// its directory free, when the node is destroyed.
  void stop();

private:
  struct state;
  explicit node(std::unique_ptr<state> s);
  result<void> start_children();

  std::unique_ptr<state> state_;
};

} // namespace ducat
