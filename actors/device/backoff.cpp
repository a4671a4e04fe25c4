#include "device/backoff.hpp"

#include <algorithm>

namespace ducat::device {

duration wait_after(const backoff_options& options, std::uint32_t waits, std::uint64_t chance) {
  const std::int64_t full =
      std::min(options.max.count(), options.initial.count() << std::min(waits, 30U));
  const auto share = static_cast<std::int64_t>(chance % (options.jitter_percent + 1ULL));
  return std::chrono::microseconds{full * 1000 - full * 10 * share};
}

} // namespace ducat::device
