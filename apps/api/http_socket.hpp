/// The connection of an HTTP client, in the clear or with TLS, as a stream of Asio.
#pragma once

#include <ducat/certificates.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace ducat::api {

/// For the thread that runs its io_context.
class http_socket {
public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;
  using error_code = boost::system::error_code;

  /// Null `tls`: in the clear.
  http_socket(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

  executor_type get_executor() { return lowest().get_executor(); }

  /// Returns once bytes can go through; with TLS that is after the handshake.
  boost::asio::awaitable<error_code> open();

  /// Returns what the client's certificate says; nothing without one.
  std::optional<security::certificate_info> peer() const;

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return std::visit(
        [&](auto& stream) { return stream.async_read_some(into, std::forward<Token>(token)); },
        stream_);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return std::visit(
        [&](auto& stream) { return stream.async_write_some(from, std::forward<Token>(token)); },
        stream_);
  }

  /// What waits on it returns.
  void cancel();

  /// Says that nothing more is sent. What comes from then on can be discarded, and not be read.
  boost::asio::awaitable<error_code> end_sending();

  template <class Buffers, class Token>
  auto async_discard_some(const Buffers& into, Token&& token) {
    return lowest().async_read_some(into, std::forward<Token>(token));
  }

private:
  using plain = boost::asio::ip::tcp::socket;
  using secured = boost::asio::ssl::stream<plain>;

  plain& lowest();

  std::shared_ptr<boost::asio::ssl::context> tls_;
  std::variant<plain, secured> stream_;
};

} // namespace ducat::api
