#include "api/port_probe.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ducat::api {

namespace {

/// Returns 0 or the errno of binding a new socket to `where`.
int try_to_bind(const addrinfo& where) {
  const int handle = socket(where.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (handle < 0)
    return errno;
  const int yes = 1; // As servers do: closed connections of an earlier one are no obstacle.
  setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  const int failure = bind(handle, where.ai_addr, where.ai_addrlen) == 0 ? 0 : errno;
  close(handle);
  return failure;
}

int try_to_bind(const listen_address& address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const auto port = std::to_string(address.port);
  if (getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found) != 0)
    return EADDRNOTAVAIL;
  const int failure = try_to_bind(*found);
  freeaddrinfo(found);
  return failure;
}

} // namespace

std::optional<error> why_not_free(const listen_address& address) {
  const int failure = try_to_bind(address);
  if (failure == 0)
    return std::nullopt;
  const std::string where = "cannot listen on " + to_string(address) + ": ";
  if (failure == EADDRINUSE)
    return error{errc::in_use, where + "another program listens there"};
  return error{errc::io, where + std::generic_category().message(failure)};
}

} // namespace ducat::api
