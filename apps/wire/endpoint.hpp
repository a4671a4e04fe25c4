/// Where to listen or to connect, written ADDRESS:PORT.
#pragma once

#include <ducat/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <string_view>

namespace ducat::wire {

/// Returns `text` taken apart: `127.0.0.1:7420`, `localhost:7420`, `[::1]:7420`. Names other than
/// localhost are not looked up. Errors: invalid_argument.
result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

/// Returns what counts as one peer: an IPv4 address, one mapped into IPv6 too, or the /64 of an
/// IPv6 address, of which everybody has as many as they like. Pure.
boost::asio::ip::address peer_of(const boost::asio::ip::address& address);

} // namespace ducat::wire
