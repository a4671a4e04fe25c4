/// The part of a past that one window looks at.
#pragma once

#include <ducat/availability.hpp>

#include <cstdint>
#include <vector>

namespace ducat::monitor {

/// Returns what is counted while something is `so` for that long.
measured lasting(condition so, duration how_long) noexcept;

/// Time is cut into parts of one length. All changes within a part are one record, and a part
/// without a change has none, so that memory goes with what happens and is bounded by `parts`.
/// Pure; times must not go back.
class window_history {
public:
  /// Looks at the last `parts` parts and the one that has begun.
  window_history(duration part, std::int64_t parts, condition first, time_point begin);

  /// It is `next` from `at` on; `counts` are the events of that moment.
  void change(condition next, time_point at, const measured& counts);

  measured until(time_point now) const;

  std::size_t records() const noexcept { return changes_.size(); }

private:
  /// What happened from the first change of a part to its last one.
  struct record {
    time_point begin;
    time_point end;
    measured counts;
    condition after;
  };

  std::int64_t part_of(time_point at) const noexcept;
  time_point oldest_at(time_point now) const noexcept;

  duration part_;
  std::int64_t parts_;
  condition before_; ///< Ahead of the first record.
  time_point begin_;
  std::vector<record> changes_; ///< Invariant: in different parts, in order.
};

} // namespace ducat::monitor
