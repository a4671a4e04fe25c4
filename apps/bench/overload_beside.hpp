/// What goes on beside the payments: captures, voids and administration, a few a second.
#pragma once

#include "bench/latencies.hpp"
#include "client/connection.hpp"

#include <ducat/error.hpp>

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ducat::bench {

struct beside_counts {
  latencies follow_ups{}; ///< Captures and voids of payments that were authorised before.
  std::uint64_t follow_ups_failed = 0;
  latencies administration{}; ///< New accounts, and the status.
  std::uint64_t administration_failed = 0;
  double resident_mib = 0; ///< Of the node, the most that was seen.
};

/// Returns the resident memory of a process in MiB; 0 if the kernel does not tell.
double resident_mib_of(pid_t process);

struct beside_options {
  std::string endpoint;
  pid_t node = 0;
  std::uint32_t per_second = 10;
  std::uint32_t authorised = 0; ///< Payments that are there to be captured or voided.
};

/// A thread of its own, with calls that have a deadline of 5 s.
class calls_beside {
public:
  /// Authorises the payments, and begins. "world" and "shop" are there. Errors: unavailable.
  static result<std::unique_ptr<calls_beside>> start(const beside_options& options);

  calls_beside(const calls_beside&) = delete;
  calls_beside& operator=(const calls_beside&) = delete;

  /// Waits for the calls under way.
  ~calls_beside();

  /// Returns what has come of those since the last time.
  beside_counts take();

private:
  calls_beside(const beside_options& options, std::vector<std::string> authorised);

  void run();
  bool follow_up(std::size_t number) const;
  bool administer(std::size_t number) const;

  beside_options options_;
  std::vector<std::string> authorised_; ///< Their ids.
  cli::connection node_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  beside_counts counts_;
  std::thread thread_;
};

} // namespace ducat::bench
