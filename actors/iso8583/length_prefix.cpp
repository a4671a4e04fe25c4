#include "iso8583/length_prefix.hpp"

namespace ducat::iso8583 {

namespace {

std::size_t number_of(std::string_view big_endian) {
  std::size_t number = 0;
  for (const char byte : big_endian)
    number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

std::string big_endian(std::size_t number, std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; number >>= 8U)
    text[i] = static_cast<char>(number & 0xFFU);
  return text;
}

/// The digits of a length prefix as a field of its own.
field_spec prefix_field(const field_spec& field) {
  return {.kind = content::n,
          .length = field.prefix_digits,
          .written = field.prefix == prefix_encoding::ascii    ? encoding::ascii
                     : field.prefix == prefix_encoding::ebcdic ? encoding::ebcdic
                                                               : encoding::bcd};
}

} // namespace

std::size_t prefix_bytes(const field_spec& field) noexcept {
  const bool is_text =
      field.prefix == prefix_encoding::ascii || field.prefix == prefix_encoding::ebcdic;
  return is_text ? field.prefix_digits : (field.prefix_digits + 1) / 2;
}

std::size_t prefix_max(const field_spec& field) noexcept {
  std::size_t most = 1;
  const bool is_binary = field.prefix == prefix_encoding::binary;
  const std::size_t places = is_binary ? prefix_bytes(field) : field.prefix_digits;
  for (std::size_t i = 0; i < places; ++i)
    most *= is_binary ? 256 : 10;
  return most - 1;
}

part_result<std::size_t> read_prefix(const field_spec& field, std::string_view wire) {
  if (field.prefix == prefix_encoding::binary)
    return number_of(wire);
  const auto digits = read_value(prefix_field(field), hex_case::upper, wire, field.prefix_digits);
  if (!digits)
    return tl::unexpected(
        part_problem{fault::bad_length_prefix, digits.error().at, "the length is no number"});
  return std::stoul(digits->data);
}

std::string write_prefix(const field_spec& field, std::size_t number) {
  if (field.prefix == prefix_encoding::binary)
    return big_endian(number, prefix_bytes(field));
  std::string digits = std::to_string(number);
  digits.insert(0, field.prefix_digits - digits.size(), '0');
  return write_value(prefix_field(field), hex_case::upper, {.data = digits}).value();
}

} // namespace ducat::iso8583
