#include "iso8583/field_codec.hpp"

#include "iso8583/length_prefix.hpp"

namespace ducat::iso8583 {

namespace {

tl::unexpected<part_problem> truncated(std::size_t needed, std::size_t left) {
  return wrong(fault::truncated, left,
               std::to_string(needed) + " bytes are needed, and " + std::to_string(left) +
                   " are left");
}

part_result<read_field> read_fixed(const field_spec& field, hex_case digits,
                                   std::string_view rest) {
  const std::size_t bytes = wire_bytes(field, field.length);
  if (rest.size() < bytes)
    return truncated(bytes, rest.size());
  return read_value(field, digits, rest.substr(0, bytes), field.length).map([&](value what) {
    return read_field{.what = std::move(what), .bytes = bytes};
  });
}

/// The value behind a length prefix that holds `number`.
part_result<read_field> read_counted(const field_spec& field, hex_case digits,
                                     std::string_view rest, std::size_t number) {
  if (number > counted(field, field.length))
    return wrong(fault::too_long, 0,
                 "its length is " + std::to_string(number) + ", and at most " +
                     std::to_string(counted(field, field.length)) + " is allowed");
  const bool by_wire = field.counts == counting::wire;
  if (by_wire && field.written == encoding::hex && number % 2 != 0)
    return wrong(fault::bad_length_prefix, 0, "an odd number of hexadecimal digits");
  const std::size_t prefix = prefix_bytes(field);
  const std::size_t bytes = by_wire ? number : wire_bytes(field, number);
  if (rest.size() - prefix < bytes)
    return truncated(prefix + bytes, rest.size());
  const std::string_view wire = rest.substr(prefix, bytes);
  const std::size_t length = by_wire ? value_length(field, wire) : number;
  if (length > field.length)
    return wrong(fault::too_long, prefix, "more digits than the field has");
  auto what = read_value(field, digits, wire, length);
  if (!what)
    return wrong(what.error().what, prefix + what.error().at, what.error().detail);
  return read_field{.what = *std::move(what), .bytes = prefix + bytes};
}

/// Why a value of that length cannot be written; nothing if it can.
std::optional<part_problem> check_length(const field_spec& field, std::size_t length) {
  const std::string is = "its length is " + std::to_string(length);
  if (field.prefix_digits == 0)
    return length == field.length
               ? std::nullopt
               : std::optional{part_problem{fault::wrong_length, 0,
                                            is + ", and must be " + std::to_string(field.length)}};
  if (length > field.length)
    return part_problem{fault::too_long, 0,
                        is + ", and at most " + std::to_string(field.length) + " is allowed"};
  if (field.counts == counting::wire && field.written == encoding::bcd && length % 2 != 0 &&
      field.filled != padding::right_f)
    return part_problem{fault::wrong_length, 0,
                        is + ": an odd number of digits could not be told from the next even one"};
  return std::nullopt;
}

} // namespace

std::size_t counted(const field_spec& field, std::size_t length) noexcept {
  return field.counts == counting::wire ? wire_bytes(field, length) : length;
}

part_result<read_field> read(const field_spec& field, hex_case digits, std::string_view rest) {
  if (field.prefix_digits == 0)
    return read_fixed(field, digits, rest);
  const std::size_t prefix = prefix_bytes(field);
  if (rest.size() < prefix)
    return truncated(prefix, rest.size());
  return read_prefix(field, rest.substr(0, prefix)).and_then([&](std::size_t number) {
    return read_counted(field, digits, rest, number);
  });
}

part_result<std::string> write(const field_spec& field, hex_case digits, const value& what) {
  if (auto bad = check_length(field, what.data.size()))
    return tl::unexpected(*std::move(bad));
  auto wire = write_value(field, digits, what);
  if (wire && field.prefix_digits != 0)
    wire->insert(0, write_prefix(field, counted(field, what.data.size())));
  return wire;
}

} // namespace ducat::iso8583
