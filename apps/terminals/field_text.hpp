/// Numbers and times as fields have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ducat::terminals {

/// Returns `number` with zeros in front; it must not be longer than `size`.
std::string digits(std::uint64_t number, std::size_t size);

struct date_and_time {
  std::string date; ///< MMDD
  std::string time; ///< hhmmss
};

/// Returns seconds since the Unix epoch as UTC; date and time together are field 7.
date_and_time utc(std::int64_t unix_s);

} // namespace ducat::terminals
