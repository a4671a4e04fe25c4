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

} // namespace ducat::supervision
