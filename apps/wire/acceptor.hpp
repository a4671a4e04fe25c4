/// Where connections come in.
#pragma once

#include <ducat/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>

namespace ducat::wire {

/// Listens on `where`. Errors: in_use, io.
result<void> open(boost::asio::ip::tcp::acceptor& acceptor,
                  const boost::asio::ip::tcp::endpoint& where);

/// Waits for a connection, also while there are no file descriptors. Returns nothing if the port
/// was closed. `acceptor` must stay until it returns.
boost::asio::awaitable<std::optional<boost::asio::ip::tcp::socket>>
accept_from(boost::asio::ip::tcp::acceptor& acceptor);

} // namespace ducat::wire
