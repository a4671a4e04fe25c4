#include <ducat/latency_histogram.hpp>

#include <algorithm>

namespace ducat {

void latency_histogram::record(duration took) noexcept {
  took = std::max(took, duration::zero());
  const auto bucket = std::ranges::lower_bound(bounds, took) - bounds.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  const auto nanoseconds = std::chrono::nanoseconds{took}.count();
  sum_ns_.fetch_add(static_cast<std::uint64_t>(nanoseconds), std::memory_order_relaxed);
}

latency_histogram::reading latency_histogram::read() const noexcept {
  reading found;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    found.counts[i] = counts_[i].load(std::memory_order_relaxed);
    found.count += found.counts[i];
  }
  found.sum = std::chrono::nanoseconds{sum_ns_.load(std::memory_order_relaxed)};
  return found;
}

} // namespace ducat
