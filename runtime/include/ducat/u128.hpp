/// 128-bit unsigned integers for ids and amounts.
#pragma once

#include <cstdint>
#include <string>

namespace ducat {

__extension__ typedef unsigned __int128 u128; // NOLINT(modernize-use-using)

constexpr u128 u128_max = ~u128{0};

constexpr u128 make_u128(std::uint64_t high, std::uint64_t low) noexcept {
  return (u128{high} << 64) | low;
}

constexpr std::uint64_t high_half(u128 value) noexcept {
  return static_cast<std::uint64_t>(value >> 64);
}

constexpr std::uint64_t low_half(u128 value) noexcept {
  return static_cast<std::uint64_t>(value);
}

/// Returns `value` in decimal, without padding.
std::string to_string(u128 value);

} // namespace ducat
