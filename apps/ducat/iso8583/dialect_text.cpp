#include "iso8583/dialect_file.hpp"

#include <toml++/toml.h>

#include <sstream>

namespace ducat::cli {

namespace {

using iso8583::dialect;
using iso8583::field_spec;

std::string toml_text(std::string_view text) {
  std::ostringstream out;
  out << toml::toml_formatter{toml::value<std::string>{text}, toml::format_flags::none};
  return out.str();
}

template <class Enum>
std::string pair_of(const std::string& key, Enum value) {
  return key + " = " + toml_text(to_string(value));
}

/// What a row says unless it says something else.
field_spec defaults(int number, const field_spec& row) {
  return {.written =
              row.kind == iso8583::content::b ? iso8583::encoding::raw : iso8583::encoding::ascii,
          .shown = iso8583::default_exposure(number)};
}

std::string row_of(int number, const field_spec& row) {
  const field_spec plain = defaults(number, row);
  std::string text = std::to_string(number) + " = { name = " + toml_text(row.name) + ", " +
                     pair_of("kind", row.kind) + ", length = " + std::to_string(row.length);
  if (row.prefix_digits != plain.prefix_digits)
    text += ", prefix_digits = " + std::to_string(row.prefix_digits);
  if (row.written != plain.written)
    text += ", " + pair_of("encoding", row.written);
  if (row.prefix != plain.prefix)
    text += ", " + pair_of("prefix_encoding", row.prefix);
  if (row.counts != plain.counts)
    text += ", " + pair_of("counts", row.counts);
  if (row.filled != plain.filled)
    text += ", " + pair_of("padding", row.filled);
  if (row.shown != plain.shown)
    text += ", " + pair_of("show", row.shown);
  return text + " }\n";
}

std::string head_of(const dialect& shown) {
  return "name = " + toml_text(shown.name) + "\nabout = " + toml_text(shown.about) + "\n" +
         pair_of("length_header", shown.header) + "\n" + pair_of("mti", shown.mti) +
         "\nversions = " + toml_text(shown.versions) + "\n" + pair_of("bitmap", shown.bitmap) +
         "\n" + pair_of("bitmap_size", shown.bitmap_bytes) + "\n" +
         pair_of("hex_digits", shown.hex_digits) +
         "\n\n[tpdu]\nbytes = " + std::to_string(shown.tpdu.bytes) +
         "\ncounted = " + (shown.tpdu.counted ? "true" : "false") + "\n\n[fields]\n";
}

} // namespace

std::string toml_of(const dialect& shown) {
  std::string text = head_of(shown);
  for (const auto& [number, row] : shown.fields)
    text += row_of(number, row);
  return text;
}

} // namespace ducat::cli
