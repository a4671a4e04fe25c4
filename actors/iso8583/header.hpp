/// The length header of a frame.
#pragma once

#include <ducat/iso8583/dialect.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

/// Returns how many bytes it has.
std::size_t header_bytes(length_header header) noexcept;

/// Returns the largest number it can hold.
std::size_t header_max(length_header header) noexcept;

/// Returns the number in `bytes`, which are header_bytes(header); nothing if it is none.
std::optional<std::size_t> read_header(length_header header, std::string_view bytes);

/// Returns the header with `number`, which is at most header_max(header).
std::string write_header(length_header header, std::size_t number);

/// Returns how many bytes of a frame the length header does not count, besides itself.
inline std::size_t uncounted_bytes(const tpdu_spec& tpdu) noexcept {
  return tpdu.counted ? 0 : tpdu.bytes;
}

} // namespace ducat::iso8583
