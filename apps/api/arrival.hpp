/// How a call has come to a service.
#pragma once

#include <ducat/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ducat::api {

enum class edge : std::uint8_t {
  none, ///< It is the node's own.
  http,
  grpc,
};

struct arrival {
  edge over = edge::none;
  std::optional<trace::context> caller{}; ///< What `traceparent` says; nothing if it is no good.
};

/// Returns how a call has come that has so many headers `traceparent`. Several are as none.
inline arrival arrived(edge over, std::size_t headers, std::string_view traceparent) {
  return {.over = over,
          .caller = headers == 1 ? trace::parse_traceparent(traceparent) : std::nullopt};
}

} // namespace ducat::api
