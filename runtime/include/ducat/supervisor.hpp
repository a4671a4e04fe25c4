/// Starting a supervision tree, looking at it, and changing it while it runs.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/dead_letters.hpp>
#include <ducat/exit_reason.hpp>
#include <ducat/grant.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace ducat {

/// One transition of one child or supervisor: the same stream feeds logs, metrics and tests.
struct supervision_event {
  enum class kind : std::uint8_t {
    started = 1,       ///< A life began.
    start_failed = 2,  ///< `reason` says why.
    down = 3,          ///< A life ended; or was killed, because its supervisor crashed.
    restart = 4,       ///< A restart was granted: `restarts` of `restarts_max` in the window.
    give_up = 5,       ///< The budget is spent; the supervisor at `path` ends.
    removed = 6,       ///< The spec is gone.
    auto_shutdown = 7, ///< A significant child has ended; the supervisor at `path` ends.
    ignored = 8,       ///< The child had nothing to do and does not run; no failure.
    zombie = 9, ///< A life is hung: it was given up, and cannot be interrupted. It is `down`.
    zombie_ended = 10,      ///< Its handler has returned, so that it has ended.
    process_restarted = 11, ///< The first event of a tree whose process ended: `reason` says how.
  };
  kind what;
  std::string path;
  std::uint64_t incarnation = 0;
  exit_reason reason{};
  std::uint32_t restarts = 0;
  std::uint32_t restarts_max = 0;
};

std::string_view to_string(supervision_event::kind kind) noexcept;
std::string to_string(const supervision_event& event);
std::ostream& operator<<(std::ostream& out, const supervision_event& event);

/// What a child is and does right now.
struct child_status {
  enum class role : std::uint8_t { worker = 1, supervisor = 2, router = 3 };
  enum class state : std::uint8_t { running = 1, restarting = 2, stopped = 3 };
  std::string path;
  role what = role::worker;
  state now = state::stopped;
  std::uint64_t incarnation = 0; ///< Of the current or last life.
  std::uint64_t restarts = 0;    ///< Lives after the first that began.
  restart_type restart = permanent;
  std::optional<supervisor_flags> flags{}; ///< Of a supervisor.
  exit_reason last_exit{};                 ///< Why the life before ended; meaningless in the first.
  std::shared_ptr<const child_spec> spec{}; ///< Of the next life; null of the root.
};

std::string_view to_string(child_status::role value) noexcept;
std::string_view to_string(child_status::state value) noexcept;

/// Every child of a tree, by path. Safe from any thread. A supervisor writes it, others look.
class directory {
public:
  directory();
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;
  ~directory();

  /// Returns the handle of `path`, whether or not such a child exists yet: it comes to life when
  /// the child does. So handles can be made before the tree is started.
  handle find(const std::string& path);

  /// Returns whether there is a child at `path` now.
  bool contains(const std::string& path) const;

  /// Returns all children, depth first, in start order; the root itself first, if it has a path. A
  /// pool P shows as the supervisor P, its workers P/w1 .. and its router P/router.
  std::vector<child_status> list() const;

  /// Returns the tree as a spec: the flags and the children that there are by now, also of nested
  /// supervisors. A supervisor that has no children now is as its own spec says, and so is one
  /// under simple_one_for_one: its instances do not show.
  supervisor_spec spec() const;

private:
  friend class directory_writer;
  struct state;
  std::unique_ptr<state> state_;
};

struct supervisor_options {
  std::string path{}; ///< Of the supervisor; empty for the root.
  std::shared_ptr<ducat::directory> directory = std::make_shared<ducat::directory>();
  std::shared_ptr<ducat::dead_letters> dead_letters = std::make_shared<ducat::dead_letters>();
  clock_function clock{};                                   ///< Default: the actor system's clock.
  std::function<void(const supervision_event&)> observer{}; ///< Called on a supervisor's thread.
  std::uint64_t seed = 1;                                   ///< Of the jitter of backoffs.

  /// Of this node among others; null of one that is alone, where redundancy means nothing.
  std::shared_ptr<const grant_board> grants{};

  /// How the process that ran this tree before ended. If it is not empty, the first event says so:
  /// process_restarted, told on the thread that starts the tree.
  std::string last_end{};

  /// Called once, on a thread of its own, when hung handlers hold all threads of the scheduler, so
  /// that nothing can move any more. Default: the process ends, for its guardian to start it again.
  std::function<void()> on_exhausted{};
};

/// Called once, on a thread of the supervisor, when every child of a tree has started, or with why
/// not (unavailable); then the ones that had started have been stopped.
using boot_callback = std::function<void(const result<void>&)>;

/// Starts the root supervisor of a tree in `system` and returns at once. For code that must not
/// wait. Errors: invalid_argument (check() refused the spec; `booted` is not called).
result<caf::actor> launch_tree(caf::actor_system& system, const supervisor_spec& spec,
                               const supervisor_options& options, boot_callback booted);

/// Starts the root supervisor of a tree in `system`; returns when every child has started.
/// The supervisor ends when it gives up (reason shutdown) or is told to stop (stop_tree). Keep the
/// returned actor: a root that nobody refers to ends. With the scheduler policy `testing` this runs
/// the scheduler itself. Not for use in an actor.
/// Errors: invalid_argument (check() refused the spec), unavailable (a child did not start; the
/// ones before it have been stopped; the message names it and the reason).
result<caf::actor> start_tree(caf::actor_system& system, const supervisor_spec& spec,
                              const supervisor_options& options);

/// Stops the tree, children in reverse order, and returns when the supervisor has ended. Not for
/// use in an actor.
void stop_tree(caf::actor_system& system, const caf::actor& root);

} // namespace ducat
