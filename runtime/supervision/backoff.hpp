/// How long to wait before a failed child is started again. Pure: chance comes in.
#pragma once

#include <ducat/child_spec.hpp>

#include <chrono>
#include <cstdint>

namespace ducat::supervision {

/// Returns the wait after `waits` waits before it: initial, doubled `waits` times, at most max;
/// then less by a share between 0 and jitter_percent that `chance` picks, any number being as good.
std::chrono::milliseconds backoff_after(const backoff_spec& spec, std::uint32_t waits,
                                        std::uint64_t chance);

/// Returns the least that backoff_after() returns for any chance.
std::chrono::milliseconds shortest_backoff_after(const backoff_spec& spec, std::uint32_t waits);

} // namespace ducat::supervision
