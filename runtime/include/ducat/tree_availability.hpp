/// The availability of the children of a supervision tree, and of its node, from its events.
#pragma once

#include <ducat/availability_board.hpp>
#include <ducat/supervisor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::monitor {

struct tree_availability_options {
  std::string node;                  ///< Its id.
  std::vector<std::string> needed{}; ///< Paths of what must serve for the node to serve; if there
                                     ///< are none, no child of the root may have failed.
  std::optional<time_point> failed_since{}; ///< If its process was started again: when the one
                                            ///< before ended. Default: the first event.
  std::size_t children_max = 5'000; ///< That are followed though nothing has ever happened to
                                    ///< them. Others are followed from their first end on; up to
                                    ///< twice as many in all.
};

/// Tells a board of every child, by its path, and of the node:
///
/// - A child serves while it runs. It has failed from an abnormal end, or one after which a restart
///   was granted, or a failed start, until it runs. Its other ends are in order: it was stopped,
///   was done, or went with its group. A hung life that was given up is a fault as long as it
///   exists.
/// - A supervisor serves while it runs: its service is to restart others. What fails below it is a
///   fault present in it.
/// - A pool (a supervisor with a child `router`) serves while it, its router and at least one of
///   its workers run. The workers are its units: active_active, one of them is needed.
/// - The node serves while what it needs serves, and it does not drain. What fails in its tree is a
///   fault present in it. If its process is one that was started again, the node has failed since
///   the one before ended, or since this one began if nobody knows.
///
/// A child is observed from its first life on, and forgotten with its spec. Safe from any thread.
class tree_availability {
public:
  /// `board` must outlive it.
  tree_availability(availability_board& board, tree_availability_options options);
  tree_availability(const tree_availability&) = delete;
  tree_availability& operator=(const tree_availability&) = delete;
  ~tree_availability();

  /// For node_options::observer.
  void on_event(const supervision_event& event);

  /// The node takes no new work, by order, or takes it again.
  void set_draining(bool draining);

  /// Returns how often a child was not followed because there were too many.
  std::uint64_t left_out() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat::monitor
