/// What is held back of a merchant's captures, and when it is released.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>

namespace ducat::settlement {

/// A rolling reserve. Without basis points nothing is held.
struct reserve_terms {
  std::uint32_t basis_points = 0; ///< Of what a window captured; at most 10,000.
  std::uint32_t windows = 0;      ///< How many windows later it is released; 1: with the next one.

  friend bool operator==(const reserve_terms&, const reserve_terms&) = default;
};

/// In the order in which they are checked.
enum class reserve_problem : std::uint8_t {
  basis_points_too_high, ///< Above 10,000: more than the whole.
  released_at_once,      ///< Something is held for no window.
};

std::string_view to_string(reserve_problem what) noexcept;
std::ostream& operator<<(std::ostream& out, reserve_problem what);

/// Returns the first thing that is wrong with `terms`; nothing if they can be used.
std::optional<reserve_problem> check(const reserve_terms& terms) noexcept;

/// Returns what is held of `gross` that a window captured, rounded half even, in minor units: at
/// least 0, at most `gross`; 0 of nothing and of less. Precondition: check(terms) finds nothing.
std::int64_t held_of(const reserve_terms& terms, std::int64_t gross) noexcept;

/// Returns the window whose reserve is released when `window` is settled; nothing if that would be
/// one before the first. Windows are numbered from 1. It says nothing about amounts: what a window
/// held is what was recorded when it was settled, whatever the terms were then.
std::optional<std::uint64_t> released_with(const reserve_terms& terms,
                                           std::uint64_t window) noexcept;

} // namespace ducat::settlement
