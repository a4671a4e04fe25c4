/// The names of a dialect's parts, as dialect files write them.

#include <ducat/iso8583/dialect.hpp>

namespace ducat::iso8583 {

std::string_view to_string(content kind) noexcept {
  switch (kind) {
    using enum content;
  case a:
    return "a";
  case n:
    return "n";
  case an:
    return "an";
  case anp:
    return "anp";
  case as:
    return "as";
  case ns:
    return "ns";
  case ans:
    return "ans";
  case z:
    return "z";
  case xn:
    return "xn";
  case b:
    return "b";
  }
  return "?";
}

std::string_view to_string(encoding written) noexcept {
  switch (written) {
    using enum encoding;
  case ascii:
    return "ascii";
  case ebcdic:
    return "ebcdic";
  case bcd:
    return "bcd";
  case raw:
    return "raw";
  case hex:
    return "hex";
  }
  return "?";
}

std::string_view to_string(prefix_encoding written) noexcept {
  switch (written) {
    using enum prefix_encoding;
  case ascii:
    return "ascii";
  case ebcdic:
    return "ebcdic";
  case bcd:
    return "bcd";
  case binary:
    return "binary";
  }
  return "?";
}

std::string_view to_string(counting counted) noexcept {
  switch (counted) {
  case counting::value:
    return "value";
  case counting::wire:
    return "wire";
  }
  return "?";
}

std::string_view to_string(padding filled) noexcept {
  switch (filled) {
    using enum padding;
  case left_zero:
    return "left_zero";
  case right_zero:
    return "right_zero";
  case right_f:
    return "right_f";
  }
  return "?";
}

std::string_view to_string(exposure shown) noexcept {
  switch (shown) {
    using enum exposure;
  case open:
    return "open";
  case pan:
    return "pan";
  case secret:
    return "secret";
  }
  return "?";
}

std::string_view to_string(length_header header) noexcept {
  switch (header) {
    using enum length_header;
  case none:
    return "none";
  case binary2:
    return "binary2";
  case ascii4:
    return "ascii4";
  case bcd2:
    return "bcd2";
  }
  return "?";
}

std::string_view to_string(bitmap_size size) noexcept {
  switch (size) {
    using enum bitmap_size;
  case as_needed:
    return "as_needed";
  case always_16:
    return "always_16";
  }
  return "?";
}

std::string_view to_string(bitmap_encoding written) noexcept {
  switch (written) {
    using enum bitmap_encoding;
  case raw:
    return "raw";
  case hex:
    return "hex";
  }
  return "?";
}

std::string_view to_string(hex_case digits) noexcept {
  switch (digits) {
    using enum hex_case;
  case upper:
    return "upper";
  case lower:
    return "lower";
  }
  return "?";
}

} // namespace ducat::iso8583
