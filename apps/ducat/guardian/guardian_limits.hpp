/// How much a guardian bears, and how long it waits.
#pragma once

#include <ducat/child_spec.hpp>

#include <chrono>
#include <cstdint>

namespace ducat::guardian {

struct guardian_limits {
  std::uint32_t restarts_max = 5; ///< More than that within `window`, and it gives up.
  std::chrono::milliseconds window{60'000};
  /// Without jitter: nobody else starts when this one does. A life that lasts for `max` ends the
  /// growing of the waits.
  backoff_spec backoff{.initial = std::chrono::milliseconds{100},
                       .max = std::chrono::milliseconds{10'000},
                       .jitter_percent = 0};
  std::chrono::milliseconds hang_after{10'000}; ///< Without a beat.
  std::chrono::milliseconds core_grace{3'000};  ///< From SIGABRT to SIGKILL, to write a core.
  std::chrono::milliseconds stop_within{20'000};
  bool tells_beats = false; ///< Whether the service manager wants to hear of each.
};

} // namespace ducat::guardian
