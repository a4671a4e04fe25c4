/// The runtime's side of its guardian: it tells that it lives.
#pragma once

#include <caf/fwd.hpp>

#include <memory>

namespace ducat::guardian {

/// The lines that a runtime writes, beside crash_report's.
constexpr const char* beat_line = "beat";
constexpr const char* ready_line = "ready";

/// Writes a beat every 500 ms. Members are for one thread; the beats have their own.
class heart {
public:
  /// Begins to beat into `pipe`; does nothing at all if that is -1.
  explicit heart(int pipe);
  heart(const heart&) = delete;
  heart& operator=(const heart&) = delete;
  ~heart();

  /// From now on no beat is written before an actor of `system` has answered since the last one: a
  /// scheduler that does not move any more is a hang. Call stop() before the system ends.
  void watch(caf::actor_system& system);

  /// Tells that the node is ready.
  void tell_ready();

  /// The last beat was. The guardian does not mind, if it has told the runtime to stop.
  void stop();

private:
  struct state;
  std::unique_ptr<state> state_; // Null: nobody guards.
};

} // namespace ducat::guardian
