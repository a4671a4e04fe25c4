/// The acquirer on the network: a port for ISO 8583 and one for control.
#pragma once

#include "host.hpp"
#include "wire/byte_stream.hpp"
#include "wire/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::acquirer {

struct server_options {
  boost::asio::ip::tcp::endpoint listen;            ///< Port 0: a free one.
  boost::asio::ip::tcp::endpoint control;           ///< On the loopback.
  std::shared_ptr<boost::asio::ssl::context> tls{}; ///< Null: in the clear.
  bool must_sign_on = false; ///< A connection takes no payment before 0800 with 001.
};

/// Runs on one thread, that of `io`, which outlives it.
///
/// What the requests of many connections do is collected, synced once, and answered: one sync
/// serves all that came while the last one took.
class server {
public:
  server(boost::asio::io_context& io, host& to, server_options options)
      : io_{io}, host_{to}, options_{std::move(options)} {}

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Begins to serve. Errors: in_use (another program listens there), io.
  result<void> start();

  std::uint16_t port() const { return payments_.local_endpoint().port(); }

  std::uint16_t control_port() const { return control_.local_endpoint().port(); }

  /// Puts on disk what was done, sends what waits for that, and ends io_context::run(). What was to
  /// be sent later is lost.
  void stop();

  /// Why it stopped by itself: the journal cannot be written.
  const std::optional<error>& failure() const noexcept { return failure_; }

private:
  struct peer {
    std::shared_ptr<wire::connection> link;
    session state;
  };

  struct waiting {
    std::weak_ptr<wire::connection> to;
    std::vector<sending> what;
  };

  boost::asio::awaitable<void> accept_peers();
  boost::asio::awaitable<void> serve_peer(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> accept_control();
  boost::asio::awaitable<void> serve_control(boost::asio::ip::tcp::socket socket);
  void take(peer& from, const std::string& payload);
  void settle();
  void dispatch(const std::weak_ptr<wire::connection>& to, sending what);

  boost::asio::io_context& io_;
  host& host_;
  server_options options_;
  boost::asio::ip::tcp::acceptor payments_{io_};
  boost::asio::ip::tcp::acceptor control_{io_};
  std::vector<waiting> waiting_; ///< For the next settle().
  bool is_settling_ = false;     ///< One is on its way.
  std::optional<error> failure_;
};

} // namespace ducat::acquirer
