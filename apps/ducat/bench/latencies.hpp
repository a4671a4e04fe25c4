/// How long each request took.
#pragma once

#include <chrono>
#include <vector>

namespace ducat::bench {

using steady = std::chrono::steady_clock;

/// Keeps every sample, so that percentiles are exact.
class latencies {
public:
  void add(steady::duration sample) { samples_.push_back(sample); }

  void add(const latencies& other) {
    samples_.insert(samples_.end(), other.samples_.begin(), other.samples_.end());
  }

  std::size_t count() const noexcept { return samples_.size(); }

  /// Returns the smallest sample that is not below `share` (0 to 1) of the samples, in
  /// microseconds; 0 if there is none.
  double percentile_us(double share) const;

private:
  std::vector<steady::duration> samples_;
};

inline double seconds_of(steady::duration time) {
  return std::chrono::duration<double>(time).count();
}

} // namespace ducat::bench
