/// Times for people.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <string>

namespace ducat::cli {

/// Returns `time` as ISO 8601 in UTC: 2026-01-31T23:59:59.000000001Z.
std::string utc(log_time time);

/// Returns how long that is, roughly: 94 s, 12 min, 7 h.
std::string about(std::uint64_t milliseconds);

} // namespace ducat::cli
