/// What came of the payments of one part of a run.
#pragma once

#include "bench/latencies.hpp"

#include <cstdint>
#include <mutex>

namespace ducat::bench {

enum class payment_end : std::uint8_t {
  accepted, ///< Captured.
  refused,  ///< `overloaded`: nothing was done.
  late,     ///< Not answered by its deadline.
  failed,   ///< Anything else.
};

struct payment_counts {
  std::uint64_t offered = 0; ///< Sent.
  std::uint64_t held_back =
      0; ///< Due, and not sent: the clients have too many under way, or no time.
  std::uint64_t late = 0;
  std::uint64_t failed = 0;
  latencies accepted{}; ///< From the send to the answer, of each.
  latencies refused{};

  double accepted_share() const {
    return offered == 0 ? 0 : static_cast<double>(accepted.count()) / static_cast<double>(offered);
  }
};

/// Any thread.
class payment_tally {
public:
  void note_sent() {
    const std::lock_guard lock{mutex_};
    ++counts_.offered;
  }

  void note_held_back(std::uint64_t payments) {
    const std::lock_guard lock{mutex_};
    counts_.held_back += payments;
  }

  void note_end(payment_end what, steady::duration after) {
    const std::lock_guard lock{mutex_};
    switch (what) {
    case payment_end::accepted:
      return counts_.accepted.add(after);
    case payment_end::refused:
      return counts_.refused.add(after);
    case payment_end::late:
      ++counts_.late;
      return;
    case payment_end::failed:
      ++counts_.failed;
      return;
    }
  }

  payment_counts counts() const {
    const std::lock_guard lock{mutex_};
    return counts_;
  }

private:
  mutable std::mutex mutex_;
  payment_counts counts_;
};

} // namespace ducat::bench
