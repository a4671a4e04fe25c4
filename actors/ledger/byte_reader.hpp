/// Texts and integers as bytes, little-endian.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::ledger {

/// Appends the length of `text`, which fits in 16 bits, and its bytes.
inline void put_text(std::string& out, std::string_view text) {
  const auto length = static_cast<std::uint16_t>(text.size());
  out.append(reinterpret_cast<const char*>(&length), sizeof(length));
  out += text;
}

/// Reads off the front of some bytes; each read returns nothing if there are too few.
class byte_reader {
public:
  explicit byte_reader(std::string_view bytes) noexcept : left_{bytes} {}

  bool is_at_end() const noexcept { return left_.empty(); }

  template <class T>
  std::optional<T> integer() {
    T value{};
    if (left_.size() < sizeof(T))
      return std::nullopt;
    std::memcpy(&value, left_.data(), sizeof(T));
    left_.remove_prefix(sizeof(T));
    return value;
  }

  std::optional<std::string> text() {
    const auto length = integer<std::uint16_t>();
    if (!length || left_.size() < *length)
      return std::nullopt;
    std::string value{left_.substr(0, *length)};
    left_.remove_prefix(*length);
    return value;
  }

private:
  std::string_view left_;
};

} // namespace ducat::ledger
