/// One field, as it is written, with its length prefix.
#pragma once

#include "iso8583/wire_value.hpp"

namespace ducat::iso8583 {

/// A field that was read, and how many bytes it took.
struct read_field {
  value what;
  std::size_t bytes;
};

/// Returns the field at the beginning of `rest`.
part_result<read_field> read(const field_spec& field, hex_case digits, std::string_view rest);

/// Returns the bytes of `what`.
part_result<std::string> write(const field_spec& field, hex_case digits, const value& what);

/// Returns what the length prefix counts in a value of that length.
std::size_t counted(const field_spec& field, std::size_t length) noexcept;

} // namespace ducat::iso8583
