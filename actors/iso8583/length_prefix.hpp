/// The length prefix of a variable field.
#pragma once

#include "iso8583/wire_value.hpp"

namespace ducat::iso8583 {

/// Returns how many bytes it has.
std::size_t prefix_bytes(const field_spec& field) noexcept;

/// Returns the largest number that it can hold.
std::size_t prefix_max(const field_spec& field) noexcept;

/// Returns the number in `wire`, which is prefix_bytes(field) long.
part_result<std::size_t> read_prefix(const field_spec& field, std::string_view wire);

/// Returns the prefix with `number`, which is at most prefix_max(field).
std::string write_prefix(const field_spec& field, std::size_t number);

} // namespace ducat::iso8583
