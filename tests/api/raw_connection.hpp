/// A TCP connection to a port of this machine, for bytes that no client library would send.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace ducat::testing {

class raw_connection {
public:
  /// From 127.0.0.`own`: each is an address of its own.
  explicit raw_connection(int port, std::uint8_t own = 1)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in from = on_loopback(own, 0);
    const sockaddr_in where = on_loopback(1, port);
    const timeval patience{.tv_sec = 30, .tv_usec = 0}; // A test that hangs must end.
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (own != 1 && ::bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof(from)) != 0)
      throw std::system_error(errno, std::generic_category(), "bind");
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof(where)) != 0)
      throw std::system_error(errno, std::generic_category(), "connect");
  }

  raw_connection(const raw_connection&) = delete;
  raw_connection& operator=(const raw_connection&) = delete;

  ~raw_connection() { ::close(socket_); }

  /// Sends as much of `bytes` as the peer takes.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0)
        return;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }

  /// Tells the peer that no more will come.
  void end() { ::shutdown(socket_, SHUT_WR); }

  /// Returns what comes next; "" at the end of the connection.
  std::string receive() {
    char bytes[65536];
    const auto size = ::recv(socket_, bytes, sizeof(bytes), 0);
    has_timed_out_ = size < 0 && errno == EAGAIN;
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : "";
  }

  /// Returns all that comes until the peer closes.
  std::string receive_all() {
    std::string all;
    for (std::string next = receive(); !next.empty(); next = receive())
      all += next;
    return all;
  }

  /// Returns whether the last receive() ended without the peer's doing.
  bool has_timed_out() const noexcept { return has_timed_out_; }

private:
  static sockaddr_in on_loopback(std::uint8_t last, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1U + last);
    return address;
  }

  int socket_;
  bool has_timed_out_ = false;
};

} // namespace ducat::testing
