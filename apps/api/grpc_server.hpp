/// The gRPC edge: Payments, Accounts and Node of ducat.v1, with health and reflection.
#pragma once

#include "api/guard.hpp"
#include "api/service.hpp"

#include <ducat/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace ducat::api {

struct grpc_server_options {
  std::string address; ///< HOST:PORT; port 0 means a free one. Without `guarded` on the loopback.
  std::chrono::milliseconds stop_grace{2'000}; ///< For calls in flight when the server stops.
  std::optional<guard> guarded{};              ///< Nothing: in the clear, for this machine.
};

/// Serves until it is stopped. The health of every service and of the whole ("") follows
/// service::is_ready() within 100 ms. A call waits for the service as long as its client does, but
/// 30 s at most, and 10 s if the client set no deadline. Limits: messages of 64 KiB, 8 KiB of
/// metadata, 100 calls at a time per connection. Errors look as in grpc_status.hpp. With a guard it
/// speaks TLS only and has no reflection.
/// Thread-safety: any thread. The service is called on gRPC's threads.
class grpc_server {
public:
  /// Returns a server that listens. `to` must outlive it, and may answer even later.
  /// Errors: invalid_argument (no HOST:PORT), not_permitted (not the loopback, without a guard),
  /// in_use (another program listens there), io.
  static result<std::unique_ptr<grpc_server>> start(service& to, grpc_server_options options);

  ~grpc_server();
  grpc_server(const grpc_server&) = delete;
  grpc_server& operator=(const grpc_server&) = delete;

  int port() const noexcept;

  /// Takes no more calls, gives those in flight the grace, cancels the rest, and returns. Clients
  /// of cancelled calls see CANCELLED, UNAVAILABLE or DEADLINE_EXCEEDED: an unknown outcome.
  void stop();

private:
  struct state;
  explicit grpc_server(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

} // namespace ducat::api
