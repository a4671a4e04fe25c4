#include "iso8583/charset.hpp"

#include <ducat/iso8583/display.hpp>

#include <algorithm>

namespace ducat::iso8583 {

namespace {

constexpr std::size_t shown_first = 6;
constexpr std::size_t shown_last = 4;
constexpr std::size_t long_enough = 13; ///< To hide something between the two.

/// Text that has never been checked may hold anything; a log line stays one line.
std::string printable(std::string text) {
  std::ranges::replace_if(text, [](char c) { return !has(content::ans, c); }, '?');
  return text;
}

std::string secret(const value& shown) {
  return "<secret, " + std::to_string(shown.data.size()) + " bytes>";
}

template <class Exposure>
std::string display(const message& shown, Exposure exposure_of) {
  std::string line = printable(shown.mti());
  for (const auto& [field, what] : shown.fields())
    line += " " + std::to_string(field) + "=" + to_display(what, exposure_of(field));
  return line;
}

} // namespace

std::string masked_pan(std::string_view pan) {
  std::string masked(pan.size(), '*');
  if (pan.size() >= long_enough)
    masked.replace(0, shown_first, pan.substr(0, shown_first));
  if (pan.size() > shown_last)
    masked.replace(pan.size() - shown_last, shown_last, pan.substr(pan.size() - shown_last));
  return masked;
}

std::string to_display(const value& shown, exposure as) {
  if (as == exposure::secret || (as == exposure::pan && shown.is_bytes))
    return secret(shown);
  if (as == exposure::pan)
    return printable(masked_pan(shown.data));
  return shown.is_bytes ? to_hex(shown.data, hex_case::upper) : printable(shown.data);
}

std::string to_display(const dialect& with, const message& shown) {
  return display(shown, [&](int field) {
    const auto row = with.fields.find(field);
    return row == with.fields.end() ? default_exposure(field) : row->second.shown;
  });
}

std::string to_display(const message& shown) {
  return display(shown, default_exposure);
}

} // namespace ducat::iso8583
