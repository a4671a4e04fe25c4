/// How long to wait before a new try. Pure: chance comes in.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/time.hpp>

#include <cstdint>

namespace ducat::device {

/// Returns the wait after `waits` waits before it; `chance`: any number is as good.
duration wait_after(const backoff_options& options, std::uint32_t waits, std::uint64_t chance);

} // namespace ducat::device
