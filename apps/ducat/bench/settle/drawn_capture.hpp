/// The captures of the bench of settlement, and the terms of its merchants: what all sides settle.
/// Pure: equal seeds, equal captures.
#pragma once

#include <cstdint>

namespace ducat::bench {

constexpr std::int64_t fee_basis_points = 150;
constexpr std::int64_t fee_fixed = 10;
constexpr std::int64_t reserve_basis_points = 500;
constexpr std::uint32_t with_split = 10;       ///< Each so many-th merchant's captures are split:
constexpr std::int64_t split_denominator = 20; ///< such a part is merchant 0's.

struct settle_shape {
  std::uint32_t merchants = 1;
  std::uint32_t payers = 1;
  std::uint64_t seed = 1;
};

struct drawn_capture {
  std::uint64_t merchant; ///< Counted from 0.
  std::uint64_t payer;
  std::int64_t amount; ///< In minor units.
};

/// Returns the capture of that number.
constexpr drawn_capture draw_capture(const settle_shape& shape, std::uint64_t number) noexcept {
  std::uint64_t n = shape.seed * 0x1000'0000'0000ULL + number; // SplitMix64.
  n += 0x9e3779b97f4a7c15ULL;
  n = (n ^ (n >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  n = (n ^ (n >> 27U)) * 0x94d049bb133111ebULL;
  n ^= n >> 31U;
  return {.merchant = (n >> 32U) % shape.merchants,
          .payer = n % shape.payers,
          .amount = static_cast<std::int64_t>(100 + (n & 0xffffU))};
}

} // namespace ducat::bench
