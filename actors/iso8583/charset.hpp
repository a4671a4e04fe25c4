/// The characters of fields, and of hexadecimal.
#pragma once

#include <ducat/iso8583/dialect.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

/// Returns whether a field of this kind may have `c` at all, or at its place `index`.
bool has(content kind, char c) noexcept;
bool has_at(content kind, std::size_t index, char c) noexcept;

/// Returns what a character is that a field of this kind does not have: "not a digit".
std::string_view describe(content kind) noexcept;

/// Returns printable ASCII in code page 037.
char to_ebcdic(char c) noexcept;

/// Returns the printable ASCII character that `byte` is in code page 037; nothing if it is none.
std::optional<char> from_ebcdic(char byte) noexcept;

/// Returns the value of a hexadecimal digit; nothing if it is none, or of the other case.
std::optional<unsigned> hex_value(char c, hex_case digits) noexcept;

std::string to_hex(std::string_view bytes, hex_case digits);

} // namespace ducat::iso8583
