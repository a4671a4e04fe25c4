/// How long attempts were in doubt.
#pragma once

#include <cstdint>
#include <map>

namespace ducat::payment {

/// Counts times in buckets whose width grows with them: a time is known to within a sixteenth of
/// itself, and memory is bounded however many there are. The longest is known exactly. No floating
/// point: every node has the same.
class doubt_times {
public:
  void add(std::uint64_t nanoseconds);
  void add(const doubt_times& other);

  std::uint64_t count() const noexcept { return count_; }

  /// Returns a time that so many of a thousand were not longer than: the end of the bucket that
  /// holds the rank, and not more than the longest; 0 if there is none. Requires 1 <= permille <=
  /// 1000.
  std::uint64_t percentile(std::uint64_t permille) const;

  std::uint64_t longest() const noexcept { return longest_; }

  /// Returns how many were not longer than that, as the ends of their buckets tell.
  std::uint64_t count_to(std::uint64_t nanoseconds) const;

  /// Returns the sum of all, each as the end of its bucket, in whole microseconds.
  std::uint64_t sum_us() const;

private:
  std::map<std::uint32_t, std::uint64_t> buckets_; ///< Those that hold something.
  std::uint64_t count_ = 0;
  std::uint64_t longest_ = 0;
};

} // namespace ducat::payment
