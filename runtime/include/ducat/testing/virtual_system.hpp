/// An actor system on one thread with a virtual clock. One thread uses it.
#pragma once

#include <ducat/time.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace ducat::testing {

/// How far the clock moves at most while somebody waits for something.
constexpr std::chrono::minutes virtual_patience{10};

/// Nothing moves by itself: actors run, and time passes, only in a member function.
class virtual_system {
public:
  virtual_system();
  virtual_system(const virtual_system&) = delete;
  virtual_system& operator=(const virtual_system&) = delete;
  ~virtual_system();

  caf::actor_system& get() noexcept;

  time_point now() const;

  /// Runs the actors until nobody has anything to do; the clock stands still.
  void run();

  /// Returns how many actors have a message to handle before the clock moves.
  std::size_t ready() const;

  /// Returns the id of one of them, `at` < ready(), in the order in which they became so; 0 if it
  /// is no actor.
  std::uint64_t ready_actor(std::size_t at) const;

  /// Has that one handle one message. The clock stands still.
  void run_ready(std::size_t at);

  /// Returns the id of the actor that was made last: ids only grow.
  std::uint64_t newest_actor() const;

  /// Returns when somebody's timer is due next; nothing if nobody has one.
  std::optional<time_point> next_timer() const;

  /// Moves the clock to `when`, and fires the timers that are due by then. No actor runs.
  void move_clock_to(time_point when);

  /// Moves the clock by `by`. What is due in between happens when it is due, one after the other.
  void advance(duration by);

  /// Runs everything, and the clock as far as anybody waits for it. Does not return if somebody
  /// sets a new timer at every timeout.
  void run_to_the_end();

  /// Runs until `done` returns true, and moves the clock as far as needed, within
  /// virtual_patience. Returns whether it did; if not, nothing is left to do or patience is over.
  bool run_until(const std::function<bool()>& done);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat::testing
