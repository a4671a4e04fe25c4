#include "supervision/backoff.hpp"

#include <algorithm>

namespace ducat::supervision {

namespace {

using std::chrono::milliseconds;

milliseconds longest_backoff_after(const backoff_spec& spec, std::uint32_t waits) {
  auto wait = std::min(spec.initial, spec.max);
  for (; waits > 0 && wait < spec.max && wait.count() > 0; --waits)
    wait = wait > spec.max / 2 ? spec.max : wait * 2;
  return wait;
}

milliseconds jitter_of(const backoff_spec& spec, milliseconds wait) {
  return milliseconds{wait.count() / 100 * spec.jitter_percent +
                      wait.count() % 100 * spec.jitter_percent / 100};
}

} // namespace

milliseconds backoff_after(const backoff_spec& spec, std::uint32_t waits, std::uint64_t chance) {
  const auto wait = longest_backoff_after(spec, waits);
  const auto jitter_max = static_cast<std::uint64_t>(jitter_of(spec, wait).count());
  return wait - milliseconds{chance % (jitter_max + 1)};
}

milliseconds shortest_backoff_after(const backoff_spec& spec, std::uint32_t waits) {
  const auto wait = longest_backoff_after(spec, waits);
  return wait - jitter_of(spec, wait);
}

} // namespace ducat::supervision
