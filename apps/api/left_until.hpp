/// What is left of a deadline.
#pragma once

#include <ducat/time.hpp>

#include <algorithm>
#include <chrono>

namespace ducat::api {

/// Returns how long it is until then; zero if that is over.
inline duration left_until(time_point deadline) {
  return std::max(deadline - std::chrono::steady_clock::now(), duration::zero());
}

} // namespace ducat::api
