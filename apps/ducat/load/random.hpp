/// Random numbers that are the same on every machine.
#pragma once

#include <cstdint>

namespace ducat::cli {

/// SplitMix64 (Steele, Lea, Flood 2014).
class random_numbers {
public:
  explicit random_numbers(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  /// Returns a number below `limit`, which is not 0. The bias is below limit / 2^64.
  std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }

private:
  std::uint64_t state_;
};

} // namespace ducat::cli
