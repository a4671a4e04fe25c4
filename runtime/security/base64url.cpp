#include "security/base64url.hpp"

#include <cstdint>

namespace ducat::security {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

std::string base64url_of(std::string_view bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char each : bytes) {
    held = (held << 8) | static_cast<unsigned char>(each);
    for (bits += 8; bits >= 6; bits -= 6)
      text += digits[(held >> (bits - 6)) & 63];
  }
  if (bits != 0)
    text += digits[(held << (6 - bits)) & 63];
  return text;
}

std::optional<std::string> bytes_of_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char each : text) {
    const std::size_t digit = digits.find(each);
    if (digit == std::string_view::npos)
      return std::nullopt;
    held = (held << 6) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8)
      continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits);
  }
  if (base64url_of(bytes) != text) // A digit too many, or bits that say nothing.
    return std::nullopt;
  return bytes;
}

} // namespace ducat::security
