#include <ducat/trace.hpp>

#include <algorithm>
#include <cstddef>

namespace ducat::trace {

namespace {

constexpr std::size_t length = 55; ///< Of version 00; of others at least.

/// Returns -1 for what is none. Upper case is none.
int value_of_digit(char digit) noexcept {
  if (digit >= '0' && digit <= '9')
    return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

std::optional<std::uint8_t> parse_byte(std::string_view hex) noexcept {
  const int high = value_of_digit(hex[0]);
  const int low = value_of_digit(hex[1]);
  if (high < 0 || low < 0)
    return std::nullopt;
  return static_cast<std::uint8_t>(high * 16 + low);
}

template <class Id>
std::optional<Id> parse_id(std::string_view hex) noexcept {
  Id id;
  if (hex.size() != 2 * id.bytes.size())
    return std::nullopt;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    const auto byte = parse_byte(hex.substr(2 * i, 2));
    if (!byte)
      return std::nullopt;
    id.bytes[i] = *byte;
  }
  return id == Id{} ? std::nullopt : std::optional{id};
}

void append_byte(std::string& text, std::uint8_t byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  text += digits[byte >> 4];
  text += digits[byte & 0xf];
}

template <class Id>
std::string hex_of(const Id& id) {
  std::string text;
  text.reserve(2 * id.bytes.size());
  for (const std::uint8_t byte : id.bytes)
    append_byte(text, byte);
  return text;
}

/// Version 00 ends behind its flags; others may go on behind another dash.
bool ends_well(std::string_view text, std::uint8_t version) noexcept {
  return text.size() == length || (version != 0 && text[length] == '-');
}

} // namespace

std::optional<trace_id> parse_trace_id(std::string_view hex) noexcept {
  return parse_id<trace_id>(hex);
}

std::optional<span_id> parse_span_id(std::string_view hex) noexcept {
  return parse_id<span_id>(hex);
}

std::string to_hex(const trace_id& id) {
  return hex_of(id);
}

std::string to_hex(const span_id& id) {
  return hex_of(id);
}

std::optional<context> parse_traceparent(std::string_view text) noexcept {
  constexpr std::uint8_t no_version = 0xff;
  if (text.size() < length || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return std::nullopt;
  const auto version = parse_byte(text.substr(0, 2));
  if (!version || *version == no_version || !ends_well(text, *version))
    return std::nullopt;
  const auto trace = parse_trace_id(text.substr(3, 32));
  const auto span = parse_span_id(text.substr(36, 16));
  const auto flags = parse_byte(text.substr(53, 2));
  if (!trace || !span || !flags)
    return std::nullopt;
  return context{.trace = *trace, .span = *span, .is_sampled = (*flags & 1) != 0};
}

std::string to_traceparent(const context& what) {
  return "00-" + to_hex(what.trace) + '-' + to_hex(what.span) + (what.is_sampled ? "-01" : "-00");
}

} // namespace ducat::trace
