/// Protobuf messages of the plainest form, read where they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ducat::cli {

/// Takes the fields of a message one after the other, in ascending order. What a writer of ours
/// would not write (fields in another order or twice, unknown ones, text beyond ASCII) is not
/// understood, though it may be a message: is_done() is false then, and protobuf has to read it.
class wire_reader {
public:
  explicit wire_reader(std::string_view message) noexcept : left_{message} {}

  /// Take the field with this number if it is the next one, and return whether it was. Else the
  /// variable is left as it is. Numbers are 1 to 2,047; the text is a part of the message.
  bool message(unsigned field, std::string_view& into) noexcept {
    if (!begins(field, bytes_type))
      return false;
    const std::uint64_t size = varint();
    is_odd_ |= size > left_.size();
    into = left_.substr(0, size);
    left_.remove_prefix(into.size());
    return true;
  }

  bool text(unsigned field, std::string_view& into) noexcept {
    if (!message(field, into))
      return false;
    is_odd_ |= !is_ascii(into); // Beyond ASCII it has to be valid UTF-8.
    return true;
  }

  bool number(unsigned field, std::int64_t& into) noexcept {
    if (!begins(field, varint_type))
      return false;
    into = static_cast<std::int64_t>(varint());
    return true;
  }

  bool flag(unsigned field, bool& into) noexcept {
    std::int64_t value = 0;
    if (!number(field, value))
      return false;
    into = value != 0;
    return true;
  }

  /// Returns whether all of the message was taken and understood.
  bool is_done() const noexcept { return left_.empty() && !is_odd_; }

private:
  // Wire types.
  static constexpr unsigned varint_type = 0;
  static constexpr unsigned bytes_type = 2;

  static constexpr unsigned more_follows = 0x80; ///< In a byte of a varint.

  /// A tag is its number and type as a varint; ours take one byte or two.
  bool begins(unsigned field, unsigned type) noexcept {
    const unsigned tag = field << 3 | type;
    const std::size_t size = tag < more_follows ? 1 : 2;
    if (left_.size() < size)
      return false;
    const bool is_it =
        size == 1 ? byte(0) == tag
                  : byte(0) == (tag % more_follows | more_follows) && byte(1) == tag / more_follows;
    left_.remove_prefix(is_it ? size : 0);
    return is_it;
  }

  using word = std::uint64_t;

  static word word_at(const char* text) noexcept {
    word value = 0;
    std::memcpy(&value, text, sizeof value);
    return value;
  }

  /// Looks at whole words: the last one overlaps with the one before.
  static bool is_ascii(std::string_view text) noexcept {
    constexpr word beyond = 0x8080'8080'8080'8080;
    word all = 0;
    if (text.size() < sizeof(word)) {
      for (const char each : text)
        all |= static_cast<unsigned char>(each);
      return (all & beyond) == 0;
    }
    const std::size_t last = text.size() - sizeof(word);
    for (std::size_t i = 0; i < last; i += sizeof(word))
      all |= word_at(text.data() + i);
    return ((all | word_at(text.data() + last)) & beyond) == 0;
  }

  unsigned byte(std::size_t i) const noexcept { return static_cast<unsigned char>(left_[i]); }

  /// Returns a number of at most nine bytes, and no longer than it has to be.
  std::uint64_t varint() noexcept {
    constexpr unsigned shift_max = 56;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift <= shift_max && !left_.empty(); shift += 7) {
      const unsigned next = byte(0);
      left_.remove_prefix(1);
      value |= std::uint64_t{next % more_follows} << shift;
      if (next >= more_follows)
        continue;
      is_odd_ |= next == 0 && shift != 0; // It could be shorter.
      return value;
    }
    is_odd_ = true;
    return 0;
  }

  std::string_view left_;
  bool is_odd_ = false; ///< Something was not understood.
};

} // namespace ducat::cli
