/// What is wrong with a message, and where.
#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

/// Values are not on the wire; names are in what programs print, so they stay.
enum class fault : std::uint8_t {
  truncated,                ///< The bytes end before the message does.
  trailing_bytes,           ///< The message ends before the bytes do.
  bad_length_header,        ///< It is no number, or not the number of the bytes that follow.
  too_long,                 ///< More than the dialect, the length header or the caller allows.
  unknown_mti,              ///< No message type indicator, or one of another version.
  empty_secondary_bitmap,   ///< Bit 1 announces fields from 65 on, and there are none.
  missing_secondary_bitmap, ///< The dialect always has one.
  tertiary_bitmap,          ///< Bit 65: fields from 129 on are not supported.
  unknown_field,            ///< The dialect does not have it.
  bad_length_prefix,        ///< The length of a variable field is no number, or cannot be.
  wrong_length,             ///< A value does not have the length of its fixed field.
  bad_character,            ///< A byte that the kind of the field does not have.
  bad_padding,              ///< The half byte that fills up an odd number of digits is another one.
  wrong_type,               ///< Text for a field of bytes, or the other way round.
};

/// Returns the name of `what`, such as "bad_character".
std::string_view to_string(fault what) noexcept;

/// Holds no byte of the message: it may be logged.
struct problem {
  fault what;
  /// 0 is the message type indicator, 1 the bitmap; nothing: the length header, the TPDU or the
  /// message as a whole.
  std::optional<int> field{};
  /// Of the byte at which it was noticed, from 0: in what is decoded, or in what encode() had made
  /// so far.
  std::size_t offset = 0;
  std::string detail{}; ///< For people; not stable.

  friend bool operator==(const problem&, const problem&) = default;
};

/// Returns "field 4, byte 17: bad_character: DETAIL".
std::string to_string(const problem& wrong);
std::ostream& operator<<(std::ostream& out, const problem& wrong);

/// A value, or what is wrong.
template <class T>
using result = tl::expected<T, problem>;

} // namespace ducat::iso8583
