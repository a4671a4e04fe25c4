/// The HTTP/JSON edge. Routes and bodies: docs of http_route.hpp and http_answer.hpp.
#pragma once

#include "api/guard.hpp"
#include "api/service.hpp"
#include "api/web_file.hpp"

#include <ducat/error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ducat::api {

struct http_server_options {
  std::string address; ///< HOST:PORT; port 0 means a free one. Without `guarded` on the loopback.
  std::size_t connections_max = 1'000;
  std::size_t connections_per_address_max = 250;     ///< Of IPv6 per /64.
  std::chrono::milliseconds header_time_max{5'000};  ///< From a request's first byte.
  std::chrono::milliseconds body_time_max{10'000};   ///< Also for the client to take an answer.
  std::chrono::milliseconds idle_time_max{60'000};   ///< Between requests.
  std::chrono::milliseconds answer_time_max{10'000}; ///< The deadline given to the service.
  std::size_t streams_max = 100;
  std::chrono::milliseconds heartbeat{15'000}; ///< Of a stream on which nothing happens.
  std::chrono::milliseconds stop_grace{2'000}; ///< For requests in flight at a stop.

  std::optional<guard> guarded{}; ///< Nothing: in the clear, for this machine.

  std::span<const web_file> page{}; ///< The dashboard; empty: there is none.

  /// Of a port for those who watch the node: it serves /metrics, /alive and /ready, nothing else.
  /// Hands over the node's figures as text, by the deadline, once, on any thread; must not block.
  std::function<void(time_point deadline, std::function<void(std::string)>)> metrics{};
};

/// Serves until it is stopped, with one thread. HTTP/1.1 and 1.0, keep-alive, pipelining, chunked
/// bodies, Expect: 100-continue.
///
/// Requests that are wrong as HTTP are answered with a typed error and the connection is closed,
/// because what follows on it cannot be trusted: 400 http_malformed (also for a missing Host), 408
/// request_too_slow, 413 body_too_large (over 64 KiB, or 1 MiB for lists of items), 431
/// header_too_large (over 8 KiB, with the target). One connection too many, in all or of one
/// address, gets 503 too_many_connections; with a guard it is closed. A call that the service
/// leaves unanswered is answered 504 no_answer_in_time. With a guard the server speaks TLS 1.3
/// only, a connection ends after guard::time_max, and a call that is not let in is answered 401 or
/// 403 once its head is there: its body is not waited for, and ends the connection. Thread-safety:
/// any thread. The service is called on the server's thread.
class http_server {
public:
  /// Returns a server that listens. `to` must outlive it, and may answer even later.
  /// Errors: invalid_argument (no HOST:PORT, or a file of the guard is no such one), not_permitted
  /// (not the loopback, without a guard), in_use (another program listens there), io.
  static result<std::unique_ptr<http_server>> start(service& to, http_server_options options);

  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  int port() const noexcept;

  /// Takes no more requests, gives those in flight the grace, closes all connections, and returns.
  void stop();

private:
  struct state;
  explicit http_server(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

} // namespace ducat::api
