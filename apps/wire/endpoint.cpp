#include "wire/endpoint.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace ducat::wire {

result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text) {
  const auto wrong =
      fail(errc::invalid_argument, "'" + std::string{text} + "' is not ADDRESS:PORT");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return wrong;
  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data() + colon + 1, last, port);
  std::string host{text.substr(0, colon)};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host == "localhost")
    host = "127.0.0.1";
  boost::system::error_code unknown;
  const auto address = boost::asio::ip::make_address(host, unknown);
  if (failure != std::errc{} || end != last || unknown)
    return wrong;
  return boost::asio::ip::tcp::endpoint{address, port};
}

boost::asio::ip::address peer_of(const boost::asio::ip::address& address) {
  if (!address.is_v6())
    return address;
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6);
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::make_address_v6(bytes);
}

} // namespace ducat::wire
