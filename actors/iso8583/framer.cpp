#include "iso8583/header.hpp"

#include <ducat/iso8583/framer.hpp>

namespace ducat::iso8583 {

framer::framer(const dialect& with, frame_limits limits)
    : header_{with.header}, tpdu_{with.tpdu}, limits_{limits} {}

void framer::feed(std::string_view bytes) {
  drop_taken();
  bytes_ += bytes;
}

result<std::optional<std::string>> framer::next() {
  if (broken_)
    return tl::unexpected(*broken_);
  if (header_ == length_header::none)
    return refuse(fault::bad_length_header, "the dialect has no length header");
  const std::size_t header = header_bytes(header_);
  if (pending() < header)
    return std::nullopt;
  const auto number = read_header(header_, std::string_view{bytes_}.substr(taken_, header));
  if (!number)
    return refuse(fault::bad_length_header, "the length header is no number");
  const std::size_t payload = *number + uncounted_bytes(tpdu_);
  if (payload > limits_.payload_bytes_max)
    return refuse(fault::too_long, "a frame of " + std::to_string(payload) +
                                       " bytes, and at most " +
                                       std::to_string(limits_.payload_bytes_max) + " is allowed");
  if (pending() < header + payload)
    return std::nullopt;
  std::string frame = bytes_.substr(taken_ + header, payload);
  taken_ += header + payload;
  return frame;
}

result<std::optional<std::string>> framer::refuse(fault what, std::string detail) {
  broken_ = problem{.what = what, .offset = dropped_ + taken_, .detail = std::move(detail)};
  return tl::unexpected(*broken_);
}

void framer::drop_taken() {
  bytes_.erase(0, taken_);
  dropped_ += taken_;
  taken_ = 0;
}

} // namespace ducat::iso8583
