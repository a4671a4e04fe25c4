#include <ducat/settlement/rounding.hpp>

namespace ducat::settlement {

i128 round_half_even(i128 dividend, i128 divisor) noexcept {
  const i128 whole = dividend / divisor;
  const i128 left = dividend % divisor;
  const i128 to_next = divisor - left;
  if (left < to_next || (left == to_next && whole % 2 == 0))
    return whole;
  return whole + 1;
}

std::int64_t part_of(std::int64_t amount, std::uint32_t basis_points) noexcept {
  return static_cast<std::int64_t>(
      round_half_even(i128{amount} * basis_points, basis_points_per_whole));
}

} // namespace ducat::settlement
