/// Texts of fields.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <string>

namespace ducat::acquiring {

/// Returns `number` with zeros in front.
std::string digits_of(std::uint64_t number, int width);

/// Returns DE7, MMDDhhmmss in UTC.
std::string transmitted_at(log_time at);

} // namespace ducat::acquiring
