/// The message type indicator, as a dialect writes it.
#pragma once

#include <ducat/iso8583/dialect.hpp>

#include <string_view>

namespace ducat::iso8583 {

constexpr std::size_t mti_digits = 4;

inline field_spec mti_field(const dialect& with) {
  return {.kind = content::n, .length = mti_digits, .written = with.mti};
}

/// Returns whether `digits` is a message type of one of the dialect's versions.
bool is_known_mti(const dialect& with, std::string_view digits) noexcept;

} // namespace ducat::iso8583
