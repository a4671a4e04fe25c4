#include "api/listen_address.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace ducat::api {

namespace {

tl::unexpected<error> malformed(std::string_view text) {
  return fail(errc::invalid_argument, "'" + std::string(text) + "' is not HOST:PORT");
}

bool parse_port(std::string_view digits, std::uint16_t& port) {
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, port);
  return failure == std::errc{} && stop == end;
}

bool is_ipv6(std::string_view text) {
  in6_addr six{};
  return inet_pton(AF_INET6, std::string{text}.c_str(), &six) == 1;
}

/// Returns the host without brackets; empty if the brackets do not match, IPv6 has none, or what is
/// in them is not IPv6.
std::string_view unbracketed(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    const auto inner = host.substr(1, host.size() - 2);
    return is_ipv6(inner) ? inner : std::string_view{};
  }
  return host.find_first_of("[]:") == std::string_view::npos ? host : std::string_view{};
}

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1)
    return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

} // namespace

result<listen_address> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find('\0') != std::string_view::npos)
    return malformed(text);
  listen_address address{.host = std::string(unbracketed(text.substr(0, colon)))};
  if (address.host.empty() || !parse_port(text.substr(colon + 1), address.port))
    return malformed(text);
  return address;
}

result<listen_address> parse_loopback_address(std::string_view text) {
  auto address = parse_listen_address(text);
  if (!address)
    return address;
  if (address->host == "localhost")
    address->host = "127.0.0.1";
  if (is_loopback(address->host))
    return address;
  return fail(errc::not_permitted, "will not listen on '" + std::string(text) +
                                       "': without TLS only a loopback address such as "
                                       "127.0.0.1 is allowed");
}

std::string to_string(const listen_address& address) {
  const bool six = address.host.find(':') != std::string::npos;
  return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

} // namespace ducat::api
