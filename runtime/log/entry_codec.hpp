/// The stored bytes of one log entry.
///
///   offset  0  u32  format version
///           4  u32  payload length
///           8  u64  index
///          16  u64  epoch of the writer
///          24  u64  time, nanoseconds since the Unix epoch
///          32  32   hash of the entry before
///          64  ...  payload
///             32    hash of this entry
///             u64   XXH3-64 over all bytes before it
///
/// Integers are little-endian. Every later format ends with the same checksum, so that a damaged
/// version field is never taken for a newer format.
#pragma once

#include <ducat/log.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ducat {

constexpr std::uint32_t entry_format_version = 1;

/// Why bytes are not the entry they should be. In the order in which it is checked.
enum class entry_damage : std::uint8_t {
  truncated = 1,      ///< Fewer bytes than the header announces, or than any entry has.
  trailing_bytes = 2, ///< More bytes than the header announces.
  checksum = 3,       ///< Some byte has changed.
  other_format = 4,   ///< Undamaged, but of a format this program does not know.
  index = 5,          ///< An undamaged entry, but of another index.
  hash = 6,           ///< Its hash is not the hash of its content.
};

/// Returns a phrase for people: "is truncated".
std::string_view to_string(entry_damage damage) noexcept;
std::ostream& operator<<(std::ostream& out, entry_damage damage);

/// Returns the stored bytes of `e`. `e.payload` has at most payload_bytes_max bytes. Pure.
std::string encode_entry(const entry& e);

/// Returns the entry stored as `bytes`, which must be the one at `index`; or the first thing that
/// is wrong with it. Whether it continues the entry before is not checked here. Pure.
tl::expected<entry, entry_damage> decode_entry(std::uint64_t index, std::string_view bytes);

} // namespace ducat
