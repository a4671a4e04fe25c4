/// What is measured of a child, beside its status.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ducat {

/// Of the router of a pool. The counts are of all its lives.
struct router_figures {
  std::size_t in_flight = 0;     ///< Requests that are not answered, or wait for another worker.
  std::size_t workers_able = 0;  ///< They run, and their breaker lets a request through.
  std::size_t breakers_open = 0; ///< Of workers; half open ones too.
  std::uint64_t overloaded = 0;  ///< Requests that were refused, by the error: see routed.
  std::uint64_t unavailable = 0;
  std::uint64_t late = 0;

  friend bool operator==(const router_figures&, const router_figures&) = default;
};

struct child_figures {
  bool is_named = false; ///< The spec of the tree names it: it is no instance, and was not added.
  std::optional<time_point> began{}; ///< The life that runs, by the clock of its tree.

  /// Messages that were sent to the newest life and that it has not handled yet, the one in its
  /// hand too, answers and orders of the runtime among them. Not counted unless it is named.
  std::optional<std::uint64_t> waiting{};

  std::optional<std::uint64_t> kept{}; ///< Messages in its mailbox, if its spec has one.
  std::uint32_t zombies = 0;           ///< Of a supervisor: lives it gave up that still exist.
  std::vector<time_point> restarts{};  ///< Of a supervisor: in its window when it made the last.
  std::optional<router_figures> router{};
};

/// Returns what is measured of the child now. Any thread; waits for nobody.
child_figures figures_of(const handle& name);

/// Returns how many restarts a supervisor may still make at `now`, without giving up. Pure.
std::uint32_t restarts_left(const supervisor_flags& flags, const std::vector<time_point>& restarts,
                            time_point now);

} // namespace ducat
