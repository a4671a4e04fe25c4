/// Which business dates of a source belong to a window, and which other windows may have items of
/// them. Pure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/v1/settlement.pb.h>

#include <cstdint>
#include <set>
#include <span>

namespace ducat::settlement {

/// Business dates, yyyymmdd: those after `after`, up to `through`.
struct date_range {
  std::uint32_t after = 0;
  std::uint32_t through = 0;

  bool contains(std::uint32_t date) const noexcept { return after < date && date <= through; }

  friend bool operator==(const date_range&, const date_range&) = default;
};

struct window_scope {
  std::uint64_t window = 0;

  /// What nobody here knows and was done on these dates is of this window. Of several windows of a
  /// date it is the last one that has it; the others' ranges are empty.
  date_range dates{};

  /// Windows before and after it that may have what was done on those dates: where days end there
  /// is always something that one side has on the day before.
  std::set<std::uint64_t> others{};
};

/// `known`: windows of one currency, at least this one, all that follow, and those before it as far
/// as the first one with an earlier date. Errors: invalid_argument (it is not there, or not cut).
result<window_scope> scope_of(std::span<const v1::Window> known, std::uint64_t window);

} // namespace ducat::settlement
