/// What checks of settlement's commands say, and what they ask of texts and dates.
#pragma once

#include "settlement/book.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ducat::settlement {

inline constexpr verdict nothing_new{.changes_nothing = true};

inline verdict refuse(refusal why, std::string_view param) {
  return {.why = why, .param = param};
}

/// Says whether terms may replace those that hold: if their version is the next, or not given.
template <class Terms>
verdict replace(const Terms& now, const Terms& by) {
  Terms same = by;
  same.set_version(now.version());
  if (same.SerializeAsString() == now.SerializeAsString())
    return nothing_new;
  return by.version() == 0 || by.version() == now.version() + 1
             ? verdict{}
             : refuse(refusal::version_not_next, "version");
}

/// Returns whether it is a day, written yyyymmdd, from 1900 to 2999.
bool is_date(std::uint32_t value) noexcept;

/// Returns whether it has 1 to `longest` characters, all of them visible ASCII.
bool is_printable(std::string_view text, std::size_t longest) noexcept;

/// Returns whether it may name a file, of at most 128 characters.
bool is_file_name(std::string_view text) noexcept;

} // namespace ducat::settlement
