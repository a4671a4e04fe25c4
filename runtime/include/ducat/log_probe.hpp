/// What the logs and the durable actors of this process measure of themselves.
#pragma once

#include <ducat/latency_histogram.hpp>

#include <atomic>
#include <cstdint>

namespace ducat {

/// A process is one node, so there is one of it, as of fault points. Any thread.
struct log_probe {
  std::atomic<std::uint64_t> entries{0}; ///< Appended, and durable.
  latency_histogram append; ///< Of each of these, from the order on, its wait for others too.
  latency_histogram sync;   ///< Of the write itself: the disk's, or the answer of etcd's majority.
  latency_histogram commit; ///< Of a command, from when a durable actor gets it to its answer.

  /// Notes an entry that is durable.
  void appended(duration took) noexcept {
    entries.fetch_add(1, std::memory_order_relaxed);
    append.record(took);
  }
};

/// Returns that of this process.
log_probe& probe_of_log() noexcept;

/// Measures from where it is made.
class stopwatch {
public:
  duration elapsed() const { return std::chrono::steady_clock::now() - begun_; }

private:
  time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace ducat
