/// What a fuzzer gives, as the targets here take it.
#pragma once

#include <ducat/check.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ducat::fuzz {

/// Bytes that are taken from the front.
class input {
public:
  input(const std::uint8_t* data, std::size_t size)
      : rest_{reinterpret_cast<const char*>(data), size} {}

  /// Returns all that is left.
  std::string_view rest() const noexcept { return rest_; }

  /// Takes a byte and returns it modulo `count`, 0 if there is none.
  std::size_t choose(std::size_t count) {
    const std::string_view byte = take(1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte[0]) % count;
  }

  /// Takes a part: two bytes of length, and as many bytes, or what there is. Nothing at the end.
  std::optional<std::string_view> part() {
    const std::string_view length = take(2);
    if (length.size() < 2)
      return std::nullopt;
    return take(static_cast<unsigned char>(length[0]) * std::size_t{256} +
                static_cast<unsigned char>(length[1]));
  }

private:
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

} // namespace ducat::fuzz

/// libFuzzer's entry.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
