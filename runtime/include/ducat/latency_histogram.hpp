/// How long something took, counted in fixed buckets.
#pragma once

#include <ducat/time.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ducat {

/// Any thread may record and read; neither waits. A reading may miss what is recorded meanwhile.
class latency_histogram {
public:
  /// The longest time of each bucket; one more bucket has those that are longer.
  static constexpr std::array<std::chrono::microseconds, 16> bounds{
      std::chrono::microseconds{100},       std::chrono::microseconds{250},
      std::chrono::microseconds{500},       std::chrono::microseconds{1'000},
      std::chrono::microseconds{2'500},     std::chrono::microseconds{5'000},
      std::chrono::microseconds{10'000},    std::chrono::microseconds{25'000},
      std::chrono::microseconds{50'000},    std::chrono::microseconds{100'000},
      std::chrono::microseconds{250'000},   std::chrono::microseconds{500'000},
      std::chrono::microseconds{1'000'000}, std::chrono::microseconds{2'500'000},
      std::chrono::microseconds{5'000'000}, std::chrono::microseconds{10'000'000}};

  struct reading {
    std::array<std::uint64_t, bounds.size() + 1> counts{}; ///< Of each bucket alone.
    std::uint64_t count = 0;                               ///< Invariant: the sum of `counts`.
    std::chrono::nanoseconds sum{};
  };

  /// A time below zero counts as zero.
  void record(duration took) noexcept;

  reading read() const noexcept;

private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

} // namespace ducat
