/// Times for people.
#pragma once

#include <ducat/time.hpp>

#include <string>

namespace ducat::cli {

/// Returns `time` as ISO 8601 in UTC: 2026-01-31T23:59:59.000000001Z.
std::string utc(log_time time);

} // namespace ducat::cli
