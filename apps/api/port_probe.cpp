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

error why_not_listening(const listen_address& address) {
  const int failure = try_to_bind(address);
  const std::string where = "cannot listen on " + to_string(address) + ": ";
  if (failure == EADDRINUSE)
    return {errc::in_use, where + "another program listens there"};
  return {errc::io, where + (failure == 0 ? "the server did not start"
                                          : std::generic_category().message(failure))};
}

} // namespace ducat::api
