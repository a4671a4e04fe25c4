#include "iso8583/wire_value.hpp"

#include "iso8583/charset.hpp"

namespace ducat::iso8583 {

namespace {

tl::unexpected<part_problem> bad_character(std::size_t at, content kind) {
  return tl::unexpected(part_problem{fault::bad_character, at, std::string{describe(kind)}});
}

/// Half a byte: 0 is the upper half of the first one.
unsigned half(std::string_view bytes, std::size_t index) {
  const auto byte = static_cast<unsigned char>(bytes[index / 2]);
  return index % 2 == 0 ? byte >> 4U : byte & 0xFU;
}

part_result<std::string> read_text(const field_spec& field, std::string_view wire) {
  std::string text{wire};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (field.written == encoding::ebcdic) {
      const auto c = from_ebcdic(text[i]);
      if (!c)
        return bad_character(i, field.kind);
      text[i] = *c;
    }
    if (!has_at(field.kind, i, text[i]))
      return bad_character(i, field.kind);
  }
  return text;
}

/// What fills up an odd number of digits.
unsigned filler(padding filled) {
  return filled == padding::right_f ? 0xFU : 0U;
}

part_result<std::string> read_bcd(const field_spec& field, std::string_view wire,
                                  std::size_t count) {
  const bool is_odd = count % 2 != 0;
  const bool is_left = is_odd && field.filled == padding::left_zero;
  const std::size_t fill_at = is_left ? 0 : count;
  if (is_odd && half(wire, fill_at) != filler(field.filled))
    return tl::unexpected(
        part_problem{fault::bad_padding, fill_at / 2, "not what fills up an odd number of digits"});
  std::string text;
  for (std::size_t i = is_left ? 1 : 0; text.size() < count; ++i) {
    const unsigned digit = half(wire, i);
    if (digit <= 9)
      text += static_cast<char>('0' + digit);
    else if (digit == 0xD && field.kind == content::z)
      text += '=';
    else
      return bad_character(i / 2, field.kind);
  }
  return text;
}

/// The letter is a byte of its own.
part_result<std::string> read_signed_bcd(const field_spec& field, std::string_view wire,
                                         std::size_t length) {
  if (!has_at(content::xn, 0, wire[0]))
    return bad_character(0, content::xn);
  auto digits = read_bcd(field, wire.substr(1), length - 1);
  if (!digits) {
    ++digits.error().at;
    return digits;
  }
  return wire[0] + *digits;
}

part_result<std::string> read_hex(hex_case digits, std::string_view wire) {
  std::string bytes;
  for (std::size_t i = 0; i < wire.size(); i += 2) {
    const auto high = hex_value(wire[i], digits);
    const auto low = hex_value(wire[i + 1], digits);
    if (!high || !low)
      return tl::unexpected(part_problem{fault::bad_character, high ? i + 1 : i,
                                         "not a hexadecimal digit of the dialect's case"});
    bytes += static_cast<char>((*high << 4U) | *low);
  }
  return bytes;
}

part_result<std::string> read_data(const field_spec& field, hex_case digits, std::string_view wire,
                                   std::size_t length) {
  switch (field.written) {
    using enum encoding;
  case ascii:
  case ebcdic:
    return read_text(field, wire);
  case bcd:
    return field.kind == content::xn ? read_signed_bcd(field, wire, length)
                                     : read_bcd(field, wire, length);
  case hex:
    return read_hex(digits, wire);
  case raw:
    break;
  }
  return std::string{wire};
}

std::string write_bcd(const field_spec& field, std::string_view text) {
  std::string halves;
  for (const char c : text)
    halves += static_cast<char>(c == '=' ? 0xD : c - '0');
  if (halves.size() % 2 != 0)
    halves.insert(field.filled == padding::left_zero ? 0 : halves.size(), 1,
                  static_cast<char>(filler(field.filled)));
  std::string bytes;
  for (std::size_t i = 0; i < halves.size(); i += 2)
    bytes += static_cast<char>((halves[i] << 4) | halves[i + 1]);
  return bytes;
}

/// Where in `text` a character is that the field does not have; its size if there is none.
std::size_t find_bad(const field_spec& field, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!has_at(field.kind, i, text[i]) ||
        (field.written == encoding::bcd && text[i] == 'D' && field.kind == content::z))
      return i;
  return text.size();
}

std::string write_text(const field_spec& field, std::string_view text) {
  if (field.written == encoding::bcd)
    return field.kind == content::xn ? text[0] + write_bcd(field, text.substr(1))
                                     : write_bcd(field, text);
  std::string bytes{text};
  if (field.written == encoding::ebcdic)
    for (char& c : bytes)
      c = to_ebcdic(c);
  return bytes;
}

} // namespace

std::size_t wire_bytes(const field_spec& field, std::size_t length) noexcept {
  switch (field.written) {
    using enum encoding;
  case bcd:
    return field.kind == content::xn ? 1 + length / 2 : (length + 1) / 2;
  case hex:
    return 2 * length;
  case ascii:
  case ebcdic:
  case raw:
    break;
  }
  return length;
}

std::size_t value_length(const field_spec& field, std::string_view wire) noexcept {
  if (field.written == encoding::hex)
    return wire.size() / 2;
  if (field.written != encoding::bcd)
    return wire.size();
  const std::size_t halves = 2 * wire.size();
  const bool is_filled =
      halves != 0 && field.filled == padding::right_f && half(wire, halves - 1) == 0xF;
  return is_filled ? halves - 1 : halves;
}

part_result<value> read_value(const field_spec& field, hex_case digits, std::string_view wire,
                              std::size_t length) {
  return read_data(field, digits, wire, length).map([&](std::string data) {
    return value{.data = std::move(data), .is_bytes = field.kind == content::b};
  });
}

part_result<std::string> write_value(const field_spec& field, hex_case digits, const value& what) {
  if (what.is_bytes != (field.kind == content::b))
    return tl::unexpected(
        part_problem{fault::wrong_type, 0,
                     what.is_bytes ? "bytes for a field of text" : "text for a field of bytes"});
  if (what.is_bytes)
    return field.written == encoding::hex ? to_hex(what.data, digits) : what.data;
  const std::size_t bad = find_bad(field, what.data);
  if (bad != what.data.size())
    return tl::unexpected(part_problem{fault::bad_character, 0,
                                       "character " + std::to_string(bad + 1) + " is " +
                                           std::string{describe(field.kind)}});
  return write_text(field, what.data);
}

} // namespace ducat::iso8583
