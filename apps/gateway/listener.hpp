/// The port for terminals: ISO 8583 over TCP, with TLS or in the clear.
#pragma once

#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace ducat::gateway {

struct listener_options {
  std::string address = "127.0.0.1:0"; ///< Port 0: a free one.
  bool plain = false;                  ///< In the clear; else with these files (PEM):
  std::filesystem::path certificate{};
  std::filesystem::path key{};
  std::filesystem::path ca{};  ///< Who has signed the terminals' certificates; empty: none is asked
                               ///< for.
  bool allows_tls_1_2 = false; ///< Otherwise TLS is 1.3.
  iso8583::dialect dialect{};  ///< With a length header.
  std::size_t connections_max = 10'000;
  std::size_t connections_per_address_max = 1'000; ///< Of IPv6 per /64. One more is closed at once.
  // Of a connection:
  std::size_t unsent_bytes_max = 1024 * 1024; ///< Of answers; one that does not read is ended.
  std::size_t unanswered_max = 64;            ///< Messages; then nothing is read.
  std::chrono::milliseconds first_frame_max = std::chrono::seconds{10}; ///< With the handshake.
  std::chrono::milliseconds silence_max = std::chrono::minutes{5};      ///< Then it is ended.
};

/// Returns nothing if a listener can be started with it, but for its port. Errors:
/// invalid_argument.
result<void> check(const listener_options& options);

/// Reads on a thread of its own and gives `desk` what it has read. What cannot be decoded is not
/// answered; what is no frame ends the connection, and so does a limit. Members: any thread.
class listener {
public:
  /// Returns when it listens. Errors: in_use (another program listens there), io,
  /// invalid_argument.
  static result<std::unique_ptr<listener>> start(const handle& desk, listener_options options);

  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener(); ///< Stops it.

  std::uint16_t port() const noexcept;

  /// Returns how many connections it serves now.
  std::size_t connections() const noexcept;

  /// Ends all connections; answers that come later go nowhere. Idempotent; one thread only.
  void stop();

private:
  struct state;
  explicit listener(std::unique_ptr<state> s);

  std::unique_ptr<state> state_;
};

} // namespace ducat::gateway
