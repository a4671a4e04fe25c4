#include "access/rate_limit.hpp"

#include <algorithm>

namespace ducat::access {

bool rate_limit::take(const principal& who, time_point now) {
  if (limits_.per_second == 0)
    return true;
  const duration one = duration{std::chrono::seconds{1}} / limits_.per_second;
  const duration full = one * limits_.burst;
  if (buckets_.size() >= forget_at_)
    forget_full(now);
  const auto [found, is_new] = buckets_.try_emplace({who.role, who.name}, bucket{full, now});
  bucket& its = found->second;
  its.filled = std::min<duration>(full, its.filled + (now - its.since));
  its.since = now;
  if (its.filled < one)
    return false;
  its.filled -= one;
  return true;
}

/// A full bucket says no more than none.
void rate_limit::forget_full(time_point now) {
  const duration full = duration{std::chrono::seconds{1}} / limits_.per_second * limits_.burst;
  std::erase_if(buckets_, [&](const auto& each) {
    return each.second.filled + (now - each.second.since) >= full;
  });
  forget_at_ = std::max<std::size_t>(1'024, 2 * buckets_.size());
}

} // namespace ducat::access
