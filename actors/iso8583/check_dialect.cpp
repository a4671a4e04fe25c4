#include "iso8583/field_codec.hpp"
#include "iso8583/length_prefix.hpp"

#include <ducat/iso8583/dialect.hpp>

#include <algorithm>

namespace ducat::iso8583 {

namespace {

constexpr std::uint32_t prefix_digits_max = 6;
constexpr std::uint32_t fixed_length_max = 9'999;
constexpr int tertiary_bitmap_field = 65;

using complaint = std::optional<std::string>;

std::string in_quotes(std::string_view word) {
  return '"' + std::string{word} + '"';
}

bool can_write(content kind, encoding written) {
  switch (written) {
    using enum encoding;
  case ascii:
  case ebcdic:
    return kind != content::b;
  case bcd:
    return kind == content::n || kind == content::z || kind == content::xn;
  case raw:
  case hex:
    return kind == content::b;
  }
  return false;
}

complaint check_length(const field_spec& field) {
  if (field.length == 0)
    return "its length must be 1 or more";
  if (field.prefix_digits > prefix_digits_max)
    return "a length prefix has at most 6 digits";
  if (field.prefix_digits == 0)
    return field.length <= fixed_length_max ? std::nullopt
                                            : complaint{"a fixed length is at most 9999"};
  if (counted(field, field.length) > prefix_max(field))
    return "its length prefix holds at most " + std::to_string(prefix_max(field));
  return std::nullopt;
}

complaint check_signed(const field_spec& field) {
  if (field.kind != content::xn)
    return std::nullopt;
  if (field.prefix_digits != 0)
    return "kind \"xn\" has a fixed length";
  return field.length >= 2 ? std::nullopt
                           : complaint{"kind \"xn\" has a letter and at least one digit"};
}

complaint check_exposure(int number, const field_spec& field) {
  if (!is_card_data(number) || field.shown == exposure::secret ||
      field.shown == default_exposure(number))
    return std::nullopt;
  return "holds data of a card, and may not be shown as " + in_quotes(to_string(field.shown));
}

complaint check_field(int number, const field_spec& field) {
  if (number < field_number_min || number > field_number_max || number == tertiary_bitmap_field)
    return "fields have the numbers 2 to 128, without 65";
  if (!can_write(field.kind, field.written))
    return "kind " + in_quotes(to_string(field.kind)) + " cannot be written in " +
           in_quotes(to_string(field.written));
  if (auto wrong = check_length(field))
    return wrong;
  if (auto wrong = check_signed(field))
    return wrong;
  return check_exposure(number, field);
}

complaint check_frame(const dialect& with) {
  if (with.tpdu.bytes > tpdu_bytes_max)
    return "a TPDU has at most " + std::to_string(tpdu_bytes_max) + " bytes";
  if (!can_write(content::n, with.mti))
    return "an MTI cannot be written in " + in_quotes(to_string(with.mti));
  if (with.versions.empty() ||
      !std::ranges::all_of(with.versions, [](char c) { return c >= '0' && c <= '9'; }))
    return "`versions` must be digits, such as \"0\" for ISO 8583:1987";
  return std::nullopt;
}

} // namespace

std::optional<misfit> check(const dialect& with) {
  if (const auto wrong = check_frame(with))
    return misfit{.field = {}, .what = *wrong};
  for (const auto& [number, field] : with.fields)
    if (const auto wrong = check_field(number, field))
      return misfit{.field = number, .what = *wrong};
  return std::nullopt;
}

} // namespace ducat::iso8583
