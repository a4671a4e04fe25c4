/// By when what a peer owes has to be there. Pure: the time is an argument.
#pragma once

#include <ducat/time.hpp>

#include <chrono>

namespace ducat::wire {

/// Thread-safety: none.
class time_limit {
public:
  /// Gives it `most` from `now` on, whatever was given before.
  void begin(time_point now, std::chrono::milliseconds most) { at_ = now + most; }

  /// Nothing is owed: it is never over.
  void end() { at_ = time_point::max(); }

  /// From when on it is over; time_point::max(): never.
  time_point at() const noexcept { return at_; }

  /// Returns true also at the last instant: after exactly as long as was given it is too late.
  bool is_over(time_point now) const noexcept { return now >= at_; }

private:
  time_point at_ = time_point::max();
};

} // namespace ducat::wire
