/// Which fields a message has.
#pragma once

#include "iso8583/wire_value.hpp"

#include <bitset>

namespace ducat::iso8583 {

constexpr std::size_t bitmap_block_bytes = 8; ///< Of 64 fields.

/// Field 1 stands at index 1.
using field_set = std::bitset<field_number_max + 1>;

/// The fields that were read, and how many bytes their bitmap took.
struct read_bitmap {
  field_set present;
  std::size_t bytes;
};

/// Returns the bitmap at the beginning of `rest`. Errors: those of a bitmap, but not unknown_field.
part_result<read_bitmap> read_fields_present(const dialect& with, std::string_view rest);

/// Returns the bitmap of `present`, in which bit 1 is not set.
std::string write_fields_present(const dialect& with, const field_set& present);

/// Returns where the bit of `field` stands, in bytes.
std::size_t place_in_bitmap(const dialect& with, int field) noexcept;

} // namespace ducat::iso8583
