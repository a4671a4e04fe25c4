/// How many restarts a supervisor may make in a while.
#pragma once

#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

namespace ducat {

/// The log of restarts of one supervisor, whichever child they were for. Only time empties it.
/// Unlike OTP's, which counts in whole seconds, it counts with the resolution of the clock: an
/// entry counts while it is not older than the window, so `now - window` itself still counts.
class restart_window {
public:
  restart_window(std::uint32_t restarts_max, std::chrono::milliseconds window) noexcept
      : restarts_max_{restarts_max}, window_{window} {}

  /// Other limits from the next record() on; nothing that is recorded is forgotten.
  void set_limits(std::uint32_t restarts_max, std::chrono::milliseconds window) noexcept {
    restarts_max_ = restarts_max;
    window_ = window;
  }

  /// Records an attempt at `now` and returns whether it is allowed. `now` never goes back.
  bool record(time_point now);

  /// Returns the number of attempts in the window, as of the last record().
  std::uint32_t count() const noexcept { return static_cast<std::uint32_t>(log_.size()); }

  /// Returns when these were, the oldest first.
  std::vector<time_point> times() const { return {log_.begin(), log_.end()}; }

  std::uint32_t restarts_max() const noexcept { return restarts_max_; }

private:
  std::uint32_t restarts_max_;
  std::chrono::milliseconds window_;
  std::deque<time_point> log_; // Invariant: ascending.
};

} // namespace ducat
