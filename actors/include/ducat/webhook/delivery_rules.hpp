/// When a delivery is tried again, and when it is given up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ducat::webhook {

constexpr std::uint64_t second_ns = 1'000'000'000;
constexpr std::uint64_t minute_ns = 60 * second_ns;
constexpr std::uint64_t hour_ns = 60 * minute_ns;

struct delivery_rules {
  /// The wait before each attempt. The last one is followed by none: the event is dead, not three
  /// days after its first.
  std::vector<std::uint64_t> schedule_ns{0,
                                         5 * second_ns,
                                         5 * minute_ns,
                                         30 * minute_ns,
                                         2 * hour_ns,
                                         5 * hour_ns,
                                         10 * hour_ns,
                                         10 * hour_ns,
                                         10 * hour_ns,
                                         10 * hour_ns,
                                         10 * hour_ns,
                                         10 * hour_ns};
  std::uint64_t retry_after_max_s = 24 * 3600; ///< An endpoint that asks for more gets this.
  std::size_t window = 256;                    ///< Events that are neither delivered nor dead.
  std::size_t under_way_max = 16;

  // The breaker: after so many failures in a row nothing is sent for a while, then one event.
  std::uint32_t failures_max = 5;
  std::uint64_t pause_ns = 30 * second_ns; ///< Each is twice the one before …
  std::uint64_t pause_max_ns = 5 * minute_ns;
};

} // namespace ducat::webhook
