/// How long to wait before a retry.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>

namespace ducat::cli {

/// Doubles from `first` to `cap`; the upper half of each pause is random, so that many clients do
/// not come back at the same moment.
struct backoff {
  duration first = std::chrono::milliseconds{20};
  duration cap = std::chrono::seconds{1};

  /// Returns the pause after `failures` attempts (1 or more), between half of the nominal one and
  /// all of it; any `random` is fine.
  duration pause(unsigned failures, std::uint64_t random) const;
};

} // namespace ducat::cli
