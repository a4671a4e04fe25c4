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

namespace ducat::testing {

/// Returns a port that nobody listens on now.
inline std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
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
  etcd_server() : client_{address()}, peer_{address()} { start(); }

  void start() {
    const std::string peer = "http://" + peer_;
    const std::string client = "http://" + client_;
    process_ = std::make_unique<child_program>(
        child_program_options{.words = {"etcd",
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
  static std::string address() { return "127.0.0.1:" + std::to_string(free_port()); }

  temporary_directory home_;
  std::string client_;
  std::string peer_;
  std::unique_ptr<child_program> process_;
};

} // namespace ducat::testing
