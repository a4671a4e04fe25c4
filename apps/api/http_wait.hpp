/// What an HTTP connection waits for, and for how long. Pure.
#pragma once

#include "api/http_server.hpp"

#include <chrono>
#include <cstdint>

namespace ducat::api {

enum class http_wait : std::uint8_t {
  handshake, ///< Of TLS.
  request,   ///< Its first byte.
  head,      ///< From its first byte to its last.
  body,      ///< All of it.
  taking,    ///< That the client takes an answer, or a portion of a stream.
  leaving    ///< That the client closes after us.
};

/// Returns how long it waits at most.
constexpr std::chrono::milliseconds time_max(http_wait what,
                                             const http_server_options& options) noexcept {
  switch (what) {
  case http_wait::handshake:
  case http_wait::head:
    return options.header_time_max;
  case http_wait::request:
    return options.idle_time_max;
  case http_wait::body:
  case http_wait::taking:
    return options.body_time_max;
  case http_wait::leaving:
    return std::chrono::seconds{2};
  }
  return {};
}

} // namespace ducat::api
