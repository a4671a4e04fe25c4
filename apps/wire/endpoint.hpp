/// Where to listen or to connect, written ADDRESS:PORT.
#pragma once

#include <ducat/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <string_view>

namespace ducat::wire {

/// Returns `text` taken apart: `127.0.0.1:7420`, `localhost:7420`, `[::1]:7420`. Names other than
/// localhost are not looked up. Errors: invalid_argument.
result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

} // namespace ducat::wire
