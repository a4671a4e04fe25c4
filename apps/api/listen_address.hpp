/// Where an edge listens, written HOST:PORT.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ducat::api {

/// A host and a port. Port 0 lets the system choose a free one.
struct listen_address {
  std::string host; ///< A numeric address or a name; IPv6 without its brackets.
  std::uint16_t port = 0;
};

/// Returns `text` taken apart: `127.0.0.1:7410`, `localhost:0`, `[::1]:7410`.
/// Errors: invalid_argument (no port, an empty host, a port that is no number up to 65535).
result<listen_address> parse_listen_address(std::string_view text);

/// Returns `text` taken apart if it is on the loopback interface; `localhost` becomes 127.0.0.1.
/// Errors: as parse_listen_address; not_permitted (any other host: the edges speak plaintext).
result<listen_address> parse_loopback_address(std::string_view text);

/// Returns HOST:PORT, with brackets around an IPv6 host.
std::string to_string(const listen_address& address);

} // namespace ducat::api
