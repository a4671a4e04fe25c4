/// What the streams of server-sent events have in common.
#pragma once

#include "api/http_call.hpp"

#include <chrono>
#include <cstddef>

namespace ducat::api {

constexpr std::chrono::milliseconds look_every(100); ///< At a number: no question is asked.
constexpr const char* stream_header = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                      "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
constexpr const char* heartbeat = ": \n\n";

/// One of the server's streams for as long as this lives.
class place_among_streams {
public:
  explicit place_among_streams(std::size_t& streams) : streams_{++streams} {}

  place_among_streams(const place_among_streams&) = delete;
  place_among_streams& operator=(const place_among_streams&) = delete;

  ~place_among_streams() { --streams_; }

private:
  std::size_t& streams_;
};

/// Returns the answer to one stream too many.
http_response too_many_streams();

} // namespace ducat::api
