/// How long something served and how often it failed: counted from timed facts, in bounded memory.
/// Pure: time comes in.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace ducat::monitor {

/// How something is at one moment.
struct condition {
  bool serving = false;
  bool fault_present = false; ///< In it, or in what it consists of, whether or not it serves.
  bool in_order = false;      ///< If it does not serve: it was told to stop, or was done.

  /// Returns whether it does not serve, and nobody wanted that.
  bool has_failed() const noexcept { return !serving && !in_order; }

  friend bool operator==(const condition&, const condition&) = default;
};

/// What is looked at: the time up to now, or less if it was observed for less.
enum class window : std::uint8_t {
  start = 1,  ///< Since it was first observed.
  minute = 2, ///< At least a minute, and up to a second more.
  hour = 3,   ///< At least an hour, and up to a minute more.
  day = 4,    ///< At least a day, and up to a quarter of an hour more.
};

/// Returns "start", "1m", "1h" or "1d".
std::string_view to_string(window value) noexcept;

/// Returns the window of that name, if there is one.
std::optional<window> window_named(std::string_view name) noexcept;

/// What was counted in a window. Invariant: serving + failed <= observed; the rest is time in which
/// it was stopped in order.
struct measured {
  duration observed{};
  duration serving{};
  duration failed{};
  duration with_fault{};         ///< A fault was present.
  duration serving_with_fault{}; ///< And it served all the same.
  std::uint64_t failures = 0;    ///< That began in the window.
  std::uint64_t repairs = 0;     ///< That ended in the window: of failures whose begin was seen.
  duration repair_time{};        ///< From those failures to their repair, all of it.

  measured& operator+=(const measured& other) noexcept;
  friend bool operator==(const measured&, const measured&) = default;
};

/// Each of these returns nothing if there was nothing to measure: no time, no time with a fault, no
/// failure, no repair. The first two are from 0 to 1.
std::optional<double> availability_of(const measured& what) noexcept;    ///< serving / observed
std::optional<double> fault_tolerance_of(const measured& what) noexcept; ///< Of the time with one.
std::optional<duration> mtbf_of(const measured& what) noexcept; ///< Time serving, per failure.
std::optional<duration> mttr_of(const measured& what) noexcept; ///< From a failure to its repair.

/// Follows one thing. Until its condition changes for the first time it is a few words; then it
/// keeps, for each window, at most one record for each part of it in which something changed (at
/// most 219, of 88 bytes). Not thread-safe.
class availability_tracker {
public:
  /// It is observed from `now` on. If it has failed by then that failure is not counted, nor its
  /// repair, for nobody saw it begin.
  availability_tracker(condition first, time_point now);
  availability_tracker(availability_tracker&&) noexcept;
  availability_tracker& operator=(availability_tracker&&) noexcept;
  ~availability_tracker();

  /// It is so from `now` on. A `now` before the last one is taken for the last one. Whoever fails
  /// after a stop in order has failed once more; a repair is a failure after which it serves.
  void set(condition next, time_point now);

  condition current() const noexcept { return now_; }

  measured over(window what, time_point now) const;

private:
  struct past;

  measured count(condition next, time_point at);

  condition now_;
  time_point first_;
  time_point since_;                         ///< Of the last change. Invariant: >= first_.
  std::optional<time_point> failed_since_{}; ///< Of a failure whose begin was seen.
  std::unique_ptr<past> past_;               ///< Null until the first change.
};

} // namespace ducat::monitor
