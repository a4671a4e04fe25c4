#include "iso8583/charset.hpp"

#include <algorithm>
#include <array>

namespace ducat::iso8583 {

namespace {

/// Code page 037 of the characters from the space to ~.
constexpr std::array<unsigned char, 95> to_ebcdic_table = {
    0x40, 0x5A, 0x7F, 0x7B, 0x5B, 0x6C, 0x50, 0x7D, 0x4D, 0x5D, 0x5C, 0x4E, 0x6B, 0x60, 0x4B, 0x61,
    0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0x7A, 0x5E, 0x4C, 0x7E, 0x6E, 0x6F,
    0x7C, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6,
    0xD7, 0xD8, 0xD9, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xBA, 0xE0, 0xBB, 0xB0, 0x6D,
    0x79, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96,
    0x97, 0x98, 0x99, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xC0, 0x4F, 0xD0, 0xA1,
};

constexpr char first_printable = ' ';

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_printable(char c) noexcept {
  return c >= ' ' && c <= '~';
}

bool is_special(char c) noexcept {
  return is_printable(c) && !is_digit(c) && !is_letter(c);
}

} // namespace

bool has(content kind, char c) noexcept {
  switch (kind) {
    using enum content;
  case a:
    return is_letter(c);
  case n:
    return is_digit(c);
  case an:
    return is_letter(c) || is_digit(c);
  case anp:
    return is_letter(c) || is_digit(c) || c == ' ';
  case as:
    return is_letter(c) || is_special(c);
  case ns:
    return is_digit(c) || is_special(c);
  case ans:
    return is_printable(c);
  case z:
    return is_digit(c) || c == '=' || c == 'D';
  case xn:
    return is_digit(c) || c == 'C' || c == 'D';
  case b:
    return true;
  }
  return false;
}

bool has_at(content kind, std::size_t index, char c) noexcept {
  if (kind == content::xn)
    return index == 0 ? c == 'C' || c == 'D' : is_digit(c);
  return has(kind, c);
}

std::string_view describe(content kind) noexcept {
  switch (kind) {
    using enum content;
  case a:
    return "not a letter";
  case n:
    return "not a digit";
  case an:
    return "neither a letter nor a digit";
  case anp:
    return "neither a letter, a digit nor a space";
  case as:
    return "neither a letter nor a special character";
  case ns:
    return "neither a digit nor a special character";
  case ans:
    return "not printable ASCII";
  case z:
    return "neither a digit nor a separator of a track";
  case xn:
    return "not C or D and then digits";
  case b:
    return "not hexadecimal";
  }
  return "?";
}

char to_ebcdic(char c) noexcept {
  return static_cast<char>(to_ebcdic_table.at(static_cast<std::size_t>(c - first_printable)));
}

std::optional<char> from_ebcdic(char byte) noexcept {
  const auto* const found = std::ranges::find(to_ebcdic_table, static_cast<unsigned char>(byte));
  if (found == to_ebcdic_table.end())
    return std::nullopt;
  return static_cast<char>(first_printable + (found - to_ebcdic_table.begin()));
}

std::optional<unsigned> hex_value(char c, hex_case digits) noexcept {
  if (is_digit(c))
    return static_cast<unsigned>(c - '0');
  const char first = digits == hex_case::upper ? 'A' : 'a';
  if (c >= first && c <= first + 5)
    return static_cast<unsigned>(c - first) + 10U;
  return std::nullopt;
}

std::string to_hex(std::string_view bytes, hex_case digits) {
  const std::string_view all = digits == hex_case::upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += all[static_cast<unsigned char>(byte) >> 4U];
    text += all[static_cast<unsigned char>(byte) & 0xFU];
  }
  return text;
}

} // namespace ducat::iso8583
