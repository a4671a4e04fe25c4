/// Cuts a stream of bytes into frames.
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/problem.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

struct frame_limits {
  std::size_t payload_bytes_max = 65'535;
};

/// Not for two threads at a time. Whoever feeds it takes the frames before feeding more, so that it
/// holds no more than one frame and what was fed last.
class framer {
public:
  /// Without a length header in the dialect there are no frames: next() says so.
  explicit framer(const dialect& with, frame_limits limits = {});

  void feed(std::string_view bytes);

  /// Returns the payload of the next frame, as decode() takes it; nothing if it is not complete
  /// yet. An empty payload is what some peers send to see whether a connection lives. After an
  /// error (bad_length_header, too_long) it is not known where a frame begins, and every call
  /// returns the same error: close the connection. Offsets count from the first byte ever fed.
  result<std::optional<std::string>> next();

  /// Bytes that were fed and are in no frame yet. Not zero at the end of a stream: it was cut off.
  std::size_t pending() const noexcept { return bytes_.size() - taken_; }

private:
  result<std::optional<std::string>> refuse(fault what, std::string detail);
  void drop_taken();

  length_header header_;
  tpdu_spec tpdu_;
  frame_limits limits_;
  std::string bytes_;
  std::size_t taken_ = 0;   ///< Invariant: taken_ <= bytes_.size()
  std::size_t dropped_ = 0; ///< Bytes that are no longer in bytes_.
  std::optional<problem> broken_;
};

} // namespace ducat::iso8583
