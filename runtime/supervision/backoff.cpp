#include "supervision/backoff.hpp"

#include <algorithm>

namespace ducat::supervision {

std::chrono::milliseconds backoff_after(const backoff_spec& spec, std::uint32_t waits,
                                        std::uint64_t chance) {
  auto wait = std::min(spec.initial, spec.max);
  for (; waits > 0 && wait < spec.max && wait.count() > 0; --waits)
    wait = wait > spec.max / 2 ? spec.max : wait * 2;
  const auto jitter_max = static_cast<std::uint64_t>(
      wait.count() / 100 * spec.jitter_percent + wait.count() % 100 * spec.jitter_percent / 100);
  return wait - std::chrono::milliseconds{chance % (jitter_max + 1)};
}

} // namespace ducat::supervision
