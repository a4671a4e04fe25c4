#include <ducat/check.hpp>
#include <ducat/payment/doubt_times.hpp>

#include <algorithm>
#include <bit>

namespace ducat::payment {

namespace {

/// Each power of two has so many buckets; times below that many nanoseconds one each.
constexpr std::uint32_t parts = 16;
constexpr std::uint32_t parts_bits = 4;

std::uint32_t bucket_of(std::uint64_t time) {
  if (time < parts)
    return static_cast<std::uint32_t>(time);
  const auto shift = static_cast<std::uint32_t>(std::bit_width(time)) - parts_bits - 1;
  return shift * parts + static_cast<std::uint32_t>(time >> shift);
}

/// Returns the longest time of the bucket.
std::uint64_t end_of(std::uint32_t bucket) {
  if (bucket < parts)
    return bucket;
  const std::uint32_t shift = bucket / parts - 1;
  const std::uint64_t first = bucket - std::uint64_t{shift} * parts;
  return ((first + 1) << shift) - 1; // Of the last bucket: 0 - 1, which is the longest there is.
}

} // namespace

void doubt_times::add(std::uint64_t nanoseconds) {
  ++buckets_[bucket_of(nanoseconds)];
  ++count_;
  longest_ = std::max(longest_, nanoseconds);
}

void doubt_times::add(const doubt_times& other) {
  for (const auto& [bucket, count] : other.buckets_)
    buckets_[bucket] += count;
  count_ += other.count_;
  longest_ = std::max(longest_, other.longest_);
}

std::uint64_t doubt_times::percentile(std::uint64_t permille) const {
  DUCAT_CHECK(permille >= 1);
  DUCAT_CHECK(permille <= 1'000);
  // Rounded up, without a product that could overflow.
  const std::uint64_t rank = count_ / 1'000 * permille + (count_ % 1'000 * permille + 999) / 1'000;
  std::uint64_t seen = 0;
  for (const auto& [bucket, count] : buckets_) {
    seen += count;
    if (seen >= rank)
      return std::min(end_of(bucket), longest_);
  }
  return 0;
}

std::uint64_t doubt_times::count_to(std::uint64_t nanoseconds) const {
  std::uint64_t found = 0;
  for (const auto& [bucket, count] : buckets_) {
    if (std::min(end_of(bucket), longest_) > nanoseconds)
      break;
    found += count;
  }
  return found;
}

std::uint64_t doubt_times::sum_us() const {
  constexpr std::uint64_t nanoseconds_per_microsecond = 1'000;
  std::uint64_t sum = 0;
  for (const auto& [bucket, count] : buckets_)
    sum += std::min(end_of(bucket), longest_) / nanoseconds_per_microsecond * count;
  return sum;
}

} // namespace ducat::payment
