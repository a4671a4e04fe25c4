/// The runtime's side of its guardian: it tells that it lives.
#pragma once

#include <ducat/time.hpp>

#include <caf/fwd.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace ducat::guardian {

/// The lines that a runtime writes, beside crash_report's.
constexpr const char* beat_line = "beat";
constexpr const char* ready_line = "ready";

constexpr std::chrono::milliseconds beat_interval{500};

/// Returns how long a runtime stood still that came to a beat at `beat` and to its next one at
/// `next`, at most `beat_interval` too much; nothing if it was late by a second or less, which a
/// busy machine may cause. A process that was stopped (SIGSTOP) does not notice it in another way.
std::optional<std::chrono::milliseconds> pause_between(time_point beat, time_point next);

/// Writes a beat every 500 ms, and to the log if the runtime stood still in between. Members are
/// for one thread; the beats have their own.
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
