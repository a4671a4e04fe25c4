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
  explicit raw_connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 30, .tv_usec = 0}; // A test that hangs must end.
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
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
  int socket_;
  bool has_timed_out_ = false;
};

} // namespace ducat::testing
