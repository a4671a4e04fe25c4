#include "iso8583/field_table.hpp"

#include <ducat/iso8583/dialect.hpp>

#include <algorithm>

namespace ducat::iso8583 {

namespace {

dialect ascii87() {
  return {.name = "ascii87",
          .about = "ISO 8583:1987 in ASCII: raw bitmap, bytes as they are",
          .header = length_header::binary2,
          .fields = fields_of_1987()};
}

/// As the ASCII packagers of jPOS and moov-io write it.
dialect ascii87_hex() {
  dialect made = ascii87();
  made.name = "ascii87-hex";
  made.about = "ISO 8583:1987 in printable ASCII: bitmap and bytes are hexadecimal";
  made.header = length_header::ascii4;
  made.bitmap = bitmap_encoding::hex;
  for (auto& [number, field] : made.fields)
    if (field.kind == content::b)
      field.written = encoding::hex;
  made.fields.at(55).counts = counting::wire; // So that three digits of length are enough
  made.fields.at(55).length = 499;            // for 998 of data.
  return made;
}

field_spec bytes_field(field_spec base, std::uint32_t bytes) {
  base.kind = content::b;
  base.written = encoding::raw;
  base.length = bytes;
  return base;
}

/// Field 127 is a message of its own there, behind six digits: here it is bytes.
dialect npm_iso8583() {
  dialect made = ascii87();
  made.name = "npm-iso8583";
  made.about = "The npm package iso_8583, as it is without custom formats";
  made.versions = "012";
  made.bitmap_bytes = bitmap_size::always_16;
  made.hex_digits = hex_case::lower;
  const auto change = [&](int field, content kind, std::uint32_t length, std::uint32_t prefix) {
    field_spec& changed = made.fields.at(field);
    changed.kind = kind;
    changed.written = encoding::ascii;
    changed.length = length;
    changed.prefix_digits = prefix;
  };
  change(36, content::n, 104, 3);
  change(40, content::n, 3, 0);
  change(49, content::n, 3, 0);
  change(51, content::n, 3, 0);
  change(55, content::ans, 999, 3);
  change(58, content::n, 11, 2);
  change(59, content::ans, 255, 3);
  for (const int field : {118, 119, 120, 121, 122})
    change(field, content::n, 999, 3);
  change(123, content::an, 999, 3);
  made.fields.at(53) = bytes_field(made.fields.at(53), 48);
  for (const int field : {64, 96, 128})
    made.fields.at(field).length = 4;
  made.fields.at(127) = bytes_field(made.fields.at(127), 999'999);
  made.fields.at(127).prefix_digits = 6;
  return made;
}

/// As terminals send it.
dialect bcd87() {
  dialect made = ascii87();
  made.name = "bcd87";
  made.about = "ISO 8583:1987 in BCD: TPDU, digits two a byte, raw bitmap";
  made.tpdu = {.bytes = 5, .counted = true};
  made.mti = encoding::bcd;
  for (auto& [number, field] : made.fields) {
    if (field.prefix_digits != 0)
      field.prefix = prefix_encoding::bcd;
    if (field.kind != content::n && field.kind != content::z && field.kind != content::xn)
      continue;
    field.written = encoding::bcd;
    if (field.prefix_digits != 0)
      field.filled = padding::right_f;
  }
  return made;
}

} // namespace

const std::vector<dialect>& shipped_dialects() {
  static const std::vector<dialect> all = {ascii87(), ascii87_hex(), npm_iso8583(), bcd87()};
  return all;
}

const dialect* find_dialect(std::string_view name) {
  const auto& all = shipped_dialects();
  const auto found = std::ranges::find(all, name, &dialect::name);
  return found == all.end() ? nullptr : &*found;
}

} // namespace ducat::iso8583
