/// Bytes as tests write them.
#pragma once

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

namespace ducat::test {

/// Returns the bytes that hexadecimal digits stand for; other characters are for the eye.
inline std::string from_hex(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0)
      digits += c;
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

inline std::string as_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[byte >> 4U];
    text += "0123456789abcdef"[byte & 0xFU];
  }
  return text;
}

} // namespace ducat::test
