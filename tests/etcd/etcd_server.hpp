/// A real etcd of one member, on ports of the loopback that were free.
#pragma once

#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace ducat::testing {

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// Returns a port that nobody listens on now.
inline std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  if (!bound)
    throw std::runtime_error("there is no free port");
  return ntohs(address.sin_port);
}

/// Runs until its end; can be killed, paused and started again on the same data and port.
class etcd_server {
public:
  etcd_server() {
    do {
      client_port_ = free_port();
      client_ = address(client_port_);
      peer_ = address(free_port());
      start();
    } while (!is_listening_at_last()); // Somebody else took a port meanwhile.
  }

  void start() {
    const std::string peer = "http://" + peer_;
    const std::string client = "http://" + client_;
    process_ = std::make_unique<child_program>(
        child_program_options{.words = {"setpriv", // Ends with a test that is aborted.
                                        "--pdeathsig",
                                        "KILL",
                                        "etcd",
                                        "--name",
                                        "one",
                                        "--data-dir",
                                        home_.path() / "data",
                                        "--listen-client-urls",
                                        client,
                                        "--advertise-client-urls",
                                        client,
                                        "--listen-peer-urls",
                                        peer,
                                        "--initial-advertise-peer-urls",
                                        peer,
                                        "--initial-cluster",
                                        "one=" + peer,
                                        "--snapshot-count",
                                        "2000",
                                        "--max-request-bytes",
                                        "20971520",
                                        "--logger",
                                        "zap",
                                        "--log-level",
                                        "error"},
                              .error_file = home_.path() / "log"});
  }

  void kill() { process_.reset(); }

  void pause() { process_->pause(); }

  void resume() { process_->signal(SIGCONT); }

  const std::string& endpoint() const { return client_; }

private:
  static std::string address(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

  /// Waits until it takes connections, or has ended; returns whether it does.
  bool is_listening_at_last() {
    while (process_->is_running()) {
      const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in from = loopback(0);
      from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1); // Or else it may connect to itself.
      ::bind(probe, reinterpret_cast<sockaddr*>(&from), sizeof(from));
      sockaddr_in to = loopback(client_port_);
      const bool connected = ::connect(probe, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
      ::close(probe);
      if (connected && process_->is_running())
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  temporary_directory home_;
  std::uint16_t client_port_ = 0;
  std::string client_;
  std::string peer_;
  std::unique_ptr<child_program> process_;
};

} // namespace ducat::testing
