/// Spreading the bits of a number.
#pragma once

#include <cstdint>

namespace ducat {

/// Returns the step of splitmix64 (Steele, Lea, Flood 2014): one to one, and every bit of the
/// result depends on every bit of `x`.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

} // namespace ducat
