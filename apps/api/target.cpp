#include "api/target.hpp"

#include <charconv>
#include <optional>

namespace ducat::api {

namespace {

tl::unexpected<v1::Error> malformed() {
  return invalid("target_malformed", "the request target is not a path of printable ASCII");
}

bool is_printable(char c) {
  return '!' <= c && c <= '~';
}

/// Returns the character escaped by two hex digits at the start of `digits`.
std::optional<char> unescaped(std::string_view digits) {
  if (digits.size() < 2)
    return std::nullopt;
  unsigned value = 0;
  const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + 2, value, 16);
  const char c = static_cast<char>(value);
  if (failure != std::errc{} || stop != digits.data() + 2 || !is_printable(c))
    return std::nullopt;
  return c;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escaped = text[at] == '%';
    const auto c = escaped ? unescaped(text.substr(at + 1)) : std::optional<char>(text[at]);
    if (!c || !is_printable(*c))
      return std::nullopt;
    plain.push_back(*c);
    at += escaped ? 2 : 0;
  }
  return plain;
}

/// Returns what comes before the first `separator` and removes both from `rest`.
std::string_view take_until(char separator, std::string_view& rest) {
  const auto end = rest.find(separator);
  const std::string_view head = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return head;
}

/// Returns the path and query of `http://host/path`; other texts as they are.
std::string_view without_authority(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (text.substr(0, scheme.size()) != scheme)
    return text;
  text.remove_prefix(scheme.size());
  const auto slash = text.find('/');
  return slash == std::string_view::npos ? std::string_view("/") : text.substr(slash);
}

checked<void> parse_path(std::string_view path, target& parsed) {
  for (bool more = true; more;) {
    more = path.find('/') != std::string_view::npos;
    auto segment = decoded(take_until('/', path));
    if (!segment)
      return malformed();
    parsed.segments.push_back(std::move(*segment));
  }
  return {};
}

checked<void> parse_query(std::string_view query, target& parsed) {
  while (!query.empty()) {
    std::string_view value = take_until('&', query);
    const auto name = decoded(take_until('=', value));
    auto plain = decoded(value);
    if (!name || !plain)
      return malformed();
    if (!parsed.query.emplace(*name, std::move(*plain)).second)
      return invalid("parameter_repeated", "a query parameter is given twice", *name);
  }
  return {};
}

} // namespace

checked<target> parse_target(std::string_view text) {
  std::string_view rest = without_authority(text);
  if (rest.empty() || rest.front() != '/' || rest.find('#') != std::string_view::npos)
    return malformed();
  rest.remove_prefix(1);
  target parsed;
  const std::string_view path = take_until('?', rest);
  return parse_path(path, parsed).and_then([&] { return parse_query(rest, parsed); }).map([&] {
    return std::move(parsed);
  });
}

} // namespace ducat::api
