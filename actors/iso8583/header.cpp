#include "iso8583/header.hpp"

#include "iso8583/length_prefix.hpp"

namespace ducat::iso8583 {

namespace {

/// A length header is written as the length prefix of a field.
field_spec as_field(length_header header) {
  field_spec field{.kind = content::n, .length = 4, .prefix_digits = 4};
  if (header == length_header::binary2)
    field.prefix = prefix_encoding::binary;
  if (header == length_header::bcd2)
    field.prefix = prefix_encoding::bcd;
  return field;
}

} // namespace

std::size_t header_bytes(length_header header) noexcept {
  return header == length_header::none ? 0 : prefix_bytes(as_field(header));
}

std::size_t header_max(length_header header) noexcept {
  return header == length_header::none ? 0 : prefix_max(as_field(header));
}

std::optional<std::size_t> read_header(length_header header, std::string_view bytes) {
  const auto number = read_prefix(as_field(header), bytes);
  return number ? std::optional{*number} : std::nullopt;
}

std::string write_header(length_header header, std::size_t number) {
  return write_prefix(as_field(header), number);
}

} // namespace ducat::iso8583
