/// What a link has to do: told by link_core, done by the actor around it.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace ducat::device {

/// Connections are numbered from 1, so that what is heard of an old one is not taken for news.
using connection_number = std::uint64_t;

struct connect {
  connection_number connection;
};

struct close {
  connection_number connection;
};

struct write {
  connection_number connection;
  iso8583::message what;
  /// Nothing: it is a message of network management, which lacks field 7 if that is to be set.
  std::optional<request_id> request{};
};

/// The outcome of a request that request() has taken.
struct answer {
  request_id request;
  device::outcome outcome;
};

struct changed {
  link_state from;
  link_state to;
  std::string why; ///< For people; without a byte of a message.
};

/// In the order in which they are to be done.
using action = std::variant<connect, close, write, answer, changed, unmatched>;

} // namespace ducat::device
