/// A supervision tree for tests: real supervisors and actors, one thread, a virtual clock.
///
///   ducat::testing::virtual_tree tree{spec};
///   tree.crash("w1");
///   EXPECT_EQ(tree.wait_until_restarted("w1"), 2u);
///   EXPECT_EQ(tree.tree(), "w1 running #2 restarts=1\n");
///
/// It needs no test framework. What it tells is text, one line each, to be compared as a whole.
#pragma once

#include <ducat/error.hpp>
#include <ducat/fault.hpp>
#include <ducat/handle.hpp>
#include <ducat/supervisor.hpp>
#include <ducat/testing/virtual_system.hpp>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace ducat::testing {

/// Runs `spec` from construction to destruction. Children that ask for a thread of their own run on
/// the one thread too, and nobody watches a handler_budget. What waits for time, such as a backoff
/// or a deadline, is decided by the virtual clock: it waits for as long as it says, and no test
/// waits with it. One thread uses it.
class virtual_tree {
public:
  explicit virtual_tree(const supervisor_spec& spec);
  virtual_tree(const virtual_tree&) = delete;
  virtual_tree& operator=(const virtual_tree&) = delete;
  ~virtual_tree();

  /// Returns how the start went: the root supervisor, or the error of start_tree().
  const result<caf::actor>& outcome() const noexcept;

  // ---- time -----------------------------------------------------------------------------------

  virtual_system& system() noexcept;

  time_point now() const;

  /// Runs the actors until nobody has anything to do; the clock stands still.
  void run();

  /// Moves the clock by `by`; what is due in between happens when it is due.
  void advance(duration by);

  // ---- requests -------------------------------------------------------------------------------

  /// Asks the child at `path` once, and runs until its answer is there; the clock moves if that
  /// takes time. Errors: those of error_of(); invalid_argument if the answer is no T;
  /// outcome_unknown if there is none within virtual_patience.
  template <class T, class... Args>
  result<T> ask(const std::string& path, Args&&... args) {
    const auto answer = ask_for_message(path, caf::make_message(std::forward<Args>(args)...));
    if (!answer)
      return tl::unexpected{answer.error()};
    if (!answer->template match_elements<T>())
      return fail(errc::invalid_argument, path + " answered with something else");
    return answer->template get_as<T>(0);
  }

  /// As ask(); returns the answer whatever its type.
  result<caf::message> ask_for_message(const std::string& path, const caf::message& request);

  // ---- faults ---------------------------------------------------------------------------------

  /// Crashes the life of `path` that runs, and runs until nobody has anything to do: then it has
  /// ended, and has been restarted unless that takes time. Of a pool it crashes the supervisor.
  /// Throws if `path` does not run.
  void crash(const std::string& path);

  /// The same by a kill, which no actor can trap.
  void kill(const std::string& path);

  /// Arms `point` until it has fired `what.times` times or this tree ends; throws if the fault is
  /// impossible.
  void arm(const fault_point& point, const fault& what = {});

  /// Runs until `path` has a new life, and moves the clock as far as needed; returns the number of
  /// that life. New is a life that began after the last crash() or kill() of `path` or
  /// wait_until_restarted() for it, or else after the start of the tree.
  /// Errors: unavailable, saying what has become of `path`, if that never happens.
  result<std::uint64_t> wait_until_restarted(const std::string& path);

  // ---- what there is and what was -------------------------------------------------------------

  handle find(const std::string& path) const;

  std::vector<child_status> list() const;

  /// Returns the messages that nobody will handle.
  ducat::dead_letters& letters() noexcept;

  /// Returns one line for each child, depth first, in start order: path, state, the number of the
  /// current or last life, lives after the first: "pool/w1 running #2 restarts=1".
  std::string tree() const;

  /// Returns one line for each event since the start or the last take_events(), as to_string() has
  /// it: "down a#1 crashed: no disk".
  std::string events() const;

  /// Returns events() and forgets them.
  std::string take_events();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat::testing
