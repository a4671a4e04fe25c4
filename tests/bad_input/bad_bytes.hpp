/// Classes of bytes that nobody should send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ducat::bad_input {

struct bad_bytes {
  std::string name;
  std::string bytes;
  bool in_pieces = false; ///< Each byte is a segment of its own.
};

using classes = std::vector<bad_bytes>;

inline std::string repeated(const std::string& what, std::size_t times) {
  std::string all;
  all.reserve(what.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    all += what;
  return all;
}

/// Those that fit no port.
classes plain_bytes(std::uint64_t seed);

/// Those for a port that speaks HTTP/1.1: on `path` a POST with JSON is taken.
classes bytes_of_http(const std::string& path);

/// Those for one that speaks gRPC.
classes bytes_of_http2();

/// Those for terminals, that speak ISO 8583 in ASCII behind a length of four digits.
classes bytes_of_iso8583();

/// What those are made of: a payment that is good.
std::string good_iso8583();

} // namespace ducat::bad_input
