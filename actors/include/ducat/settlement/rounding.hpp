/// Shares of amounts, computed on the whole.
#pragma once

#include <cstdint>

namespace ducat::settlement {

/// Wide enough for the product of two amounts.
__extension__ typedef __int128 i128; // NOLINT(modernize-use-using)

/// What an amount is multiplied with before it is divided by basis_points_per_whole.
constexpr std::uint32_t basis_points_per_whole = 10'000;

/// Returns the whole number nearest to dividend / divisor; of two that are as near, the even one.
/// Precondition: dividend >= 0, divisor > 0.
i128 round_half_even(i128 dividend, i128 divisor) noexcept;

/// Returns `basis_points` of `amount`, rounded half even. Precondition: amount >= 0, and
/// basis_points <= 10,000, so that the result is at most `amount`.
std::int64_t part_of(std::int64_t amount, std::uint32_t basis_points) noexcept;

} // namespace ducat::settlement
