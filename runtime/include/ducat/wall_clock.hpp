/// The clock of the machine, for actors at the edge: what is decided is told the time.
#pragma once

#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>

namespace ducat {

/// Returns the time by the machine's clock, since the Unix epoch. It may go back.
inline log_time wall_clock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
  return {static_cast<std::uint64_t>(ns)};
}

} // namespace ducat
