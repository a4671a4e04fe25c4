/// Where actors of a tree count, for others to read.
#pragma once

#include <ducat/child_figures.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ducat {

/// Messages on their way to one life. Whoever sends adds, the life takes; anybody reads.
class mailbox_count {
public:
  void add() noexcept { added_.fetch_add(1, std::memory_order_relaxed); }

  /// Only the life, for a message that was added.
  void take() noexcept {
    taken_.store(taken_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// Returns how many were added and not taken.
  std::uint64_t waiting() const noexcept {
    const std::uint64_t taken = taken_.load(std::memory_order_acquire);
    return added_.load(std::memory_order_relaxed) - taken;
  }

private:
  std::atomic<std::uint64_t> added_{0};
  std::atomic<std::uint64_t> taken_{0};
};

/// The router of one path, over all its lives. The router writes; anybody reads.
struct router_probe {
  std::atomic<std::size_t> in_flight{0};
  std::atomic<std::size_t> workers_able{0};
  std::atomic<std::size_t> breakers_open{0};
  std::atomic<std::uint64_t> overloaded{0};
  std::atomic<std::uint64_t> unavailable{0};
  std::atomic<std::uint64_t> late{0};

  /// Counts a request that was refused. Other errors are no refusals.
  void refused(errc why) noexcept;

  router_figures read() const noexcept;
};

} // namespace ducat
