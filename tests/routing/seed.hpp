/// The seed of a random test: DUCAT_SEED, or another one each time.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace ducat::test {

/// Tell it with SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed)).
inline std::uint64_t seed_of_this_run() {
  const char* const given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace ducat::test
