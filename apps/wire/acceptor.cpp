#include "wire/acceptor.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace ducat::wire {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

result<void> open(tcp::acceptor& acceptor, const tcp::endpoint& where) {
  error_code failure;
  acceptor.open(where.protocol(), failure);
  if (!failure)
    acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure)
    acceptor.bind(where, failure);
  if (!failure)
    acceptor.listen(tcp::acceptor::max_listen_connections, failure);
  if (!failure)
    return {};
  return fail(failure == asio::error::address_in_use ? errc::in_use : errc::io,
              "cannot listen: " + failure.message());
}

asio::awaitable<std::optional<tcp::socket>> accept_from(tcp::acceptor& acceptor) {
  asio::steady_timer pause{acceptor.get_executor()};
  while (acceptor.is_open()) {
    error_code failure;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (!failure) {
      socket.set_option(tcp::no_delay{true}, failure);
      co_return std::move(socket);
    }
    pause.expires_after(std::chrono::milliseconds{100}); // Out of file descriptors, as a rule.
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  }
  co_return std::nullopt;
}

} // namespace ducat::wire
