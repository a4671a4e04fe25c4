#include <ducat/payment/webhook_url.hpp>

#include <algorithm>
#include <charconv>

namespace ducat::payment {

namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host(std::string_view host, bool in_brackets) {
  const std::string_view others = in_brackets ? ":." : "-._";
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [&](char c) {
    return is_alphanumeric(c) || others.find(c) != others.npos;
  });
}

/// Takes HOST or [ADDRESS] from the front of `rest`; returns whether it is one.
bool take_host(std::string_view& rest, std::string& host) {
  const bool in_brackets = rest.starts_with('[');
  const std::size_t end = in_brackets ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (end == rest.npos)
    return false;
  host = rest.substr(in_brackets ? 1 : 0, in_brackets ? end - 1 : end);
  rest.remove_prefix(in_brackets ? end + 1 : end);
  return is_host(host, in_brackets);
}

bool take_port(std::string_view rest, std::uint16_t& port) {
  if (rest.empty())
    return true;
  if (!rest.starts_with(':'))
    return false;
  const char* const end = rest.data() + rest.size();
  const auto [stop, failure] = std::from_chars(rest.data() + 1, end, port);
  return failure == std::errc{} && stop == end && port != 0;
}

} // namespace

std::string webhook_url::authority() const {
  const std::string named = host.find(':') == host.npos ? host : "[" + host + "]";
  return port == (is_tls ? https_port : http_port) ? named : named + ":" + std::to_string(port);
}

std::optional<webhook_url> parse_webhook_url(std::string_view text) {
  constexpr std::string_view http = "http://";
  constexpr std::string_view https = "https://";
  const bool is_plain = text.size() <= webhook_url_bytes_max &&
                        text.find_first_of("#\\@\"<>") == text.npos &&
                        std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
  if (!is_plain || (!text.starts_with(http) && !text.starts_with(https)))
    return std::nullopt;
  webhook_url url;
  url.is_tls = text.starts_with(https);
  url.port = url.is_tls ? https_port : http_port;
  text.remove_prefix(url.is_tls ? https.size() : http.size());
  const std::size_t path = std::min(text.find_first_of("/?"), text.size());
  url.target = text.substr(path);
  if (!url.target.starts_with('/'))
    url.target.insert(0, "/");
  std::string_view rest = text.substr(0, path);
  if (!take_host(rest, url.host) || !take_port(rest, url.port))
    return std::nullopt;
  return url;
}

bool is_webhook_secret(std::string_view text) {
  constexpr std::string_view prefix = "whsec_";
  if (!text.starts_with(prefix))
    return false;
  text.remove_prefix(prefix.size());
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const std::size_t bytes = text.size() / 4 * 3 - padding;
  text.remove_suffix(padding);
  return (text.size() + padding) % 4 == 0 && bytes >= 24 && bytes <= 64 &&
         std::ranges::all_of(text,
                             [](char c) { return is_alphanumeric(c) || c == '+' || c == '/'; });
}

} // namespace ducat::payment
