/// The two kinds of time: the monotonic clock of a process and the clock of the log.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>

namespace ducat {

/// Monotonic time of this process: deadlines, restart windows. Never stored.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// Where monotonic time comes from; tests pass their own.
using clock_function = std::function<time_point()>;

/// Nanoseconds since the Unix epoch as stamped on a log entry. It only grows along the log, so
/// machines may order and expire by it; no machine ever reads another clock.
struct log_time {
  std::uint64_t nanoseconds = 0;

  friend auto operator<=>(const log_time&, const log_time&) = default;
};

} // namespace ducat
