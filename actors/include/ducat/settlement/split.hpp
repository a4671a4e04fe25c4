/// How a capture is divided among merchants. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::settlement {

struct share {
  std::string to;
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;
  bool rest = false; ///< What the others leave; then it has no fraction.

  friend bool operator==(const share&, const share&) = default;
};

using split_rule = std::vector<share>;

constexpr std::size_t shares_max = 32;
constexpr std::uint32_t denominator_max = 1'000'000;

/// In order of the checks.
enum class split_problem : std::uint8_t {
  none = 0,
  empty = 1,
  too_many = 2,
  recipient_twice = 3,  ///< Or without a name.
  fraction_invalid = 4, ///< Over 1, or a denominator of 0 or over denominator_max.
  rest_twice = 5,
  more_than_whole = 6,
  less_than_whole = 7, ///< And nobody gets the rest.
};

std::string_view to_string(split_problem value) noexcept;
std::ostream& operator<<(std::ostream& out, split_problem value);

/// Returns what is wrong with the rule.
split_problem check(const split_rule& rule) noexcept;

/// Returns each one's part, in order: of each share the floor; what is left over goes one unit each
/// to the first recipients. The parts sum up to the amount. (Formance's rule.) Requires check(rule)
/// == none, amount >= 0.
std::vector<std::int64_t> split(const split_rule& rule, std::int64_t amount);

} // namespace ducat::settlement
