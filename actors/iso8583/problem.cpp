#include <ducat/iso8583/problem.hpp>

#include <ostream>

namespace ducat::iso8583 {

std::string_view to_string(fault what) noexcept {
  switch (what) {
    using enum fault;
  case truncated:
    return "truncated";
  case trailing_bytes:
    return "trailing_bytes";
  case bad_length_header:
    return "bad_length_header";
  case too_long:
    return "too_long";
  case unknown_mti:
    return "unknown_mti";
  case empty_secondary_bitmap:
    return "empty_secondary_bitmap";
  case missing_secondary_bitmap:
    return "missing_secondary_bitmap";
  case tertiary_bitmap:
    return "tertiary_bitmap";
  case unknown_field:
    return "unknown_field";
  case bad_length_prefix:
    return "bad_length_prefix";
  case wrong_length:
    return "wrong_length";
  case bad_character:
    return "bad_character";
  case bad_padding:
    return "bad_padding";
  case wrong_type:
    return "wrong_type";
  }
  return "?";
}

std::string to_string(const problem& wrong) {
  const std::string place = "byte " + std::to_string(wrong.offset);
  std::string part;
  if (wrong.field)
    part = *wrong.field == 0   ? "MTI, "
           : *wrong.field == 1 ? "bitmap, "
                               : "field " + std::to_string(*wrong.field) + ", ";
  return part + place + ": " + std::string{to_string(wrong.what)} + ": " + wrong.detail;
}

std::ostream& operator<<(std::ostream& out, const problem& wrong) {
  return out << to_string(wrong);
}

} // namespace ducat::iso8583
