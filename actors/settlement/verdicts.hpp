/// What checks of settlement's commands say, and what they ask of texts and dates.
#pragma once

#include "settlement/book.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ducat::settlement {

inline constexpr verdict known{.changes_nothing = true};

inline verdict refuse(refusal why, std::string_view param) {
  return {.why = why, .param = param};
}

/// Dates are yyyymmdd.
bool is_date(std::uint32_t value) noexcept;

/// Returns whether it has 1 to `longest` characters, all of them visible ASCII.
bool is_printable(std::string_view text, std::size_t longest) noexcept;

/// Returns whether it may name a file, of at most 128 characters.
bool is_file_name(std::string_view text) noexcept;

} // namespace ducat::settlement
