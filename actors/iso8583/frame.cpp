#include "iso8583/header.hpp"

#include <ducat/iso8583/codec.hpp>

namespace ducat::iso8583 {

namespace {

tl::unexpected<problem> wrong(std::size_t offset, fault what, std::string detail) {
  return tl::unexpected(problem{.what = what, .offset = offset, .detail = std::move(detail)});
}

} // namespace

result<message> decode_frame(const dialect& with, std::string_view frame) {
  const std::size_t header = header_bytes(with.header);
  if (frame.size() < header)
    return wrong(frame.size(), fault::truncated, "the length header is cut off");
  const std::string_view payload = frame.substr(header);
  if (with.header != length_header::none) {
    const auto number = read_header(with.header, frame.substr(0, header));
    if (!number)
      return wrong(0, fault::bad_length_header, "the length header is no number");
    const std::size_t said = *number + uncounted_bytes(with.tpdu);
    if (said != payload.size())
      return wrong(0, fault::bad_length_header,
                   "the length header says that " + std::to_string(said) + " bytes follow, and " +
                       std::to_string(payload.size()) + " do");
  }
  return decode(with, payload).map_error([&](problem why) {
    why.offset += header;
    return why;
  });
}

result<std::string> encode_frame(const dialect& with, const message& what) {
  auto payload = encode(with, what);
  if (!payload || with.header == length_header::none)
    return payload;
  const std::size_t number = payload->size() - uncounted_bytes(with.tpdu);
  if (number > header_max(with.header))
    return wrong(0, fault::too_long,
                 std::to_string(number) + " bytes are more than the length header can say");
  return write_header(with.header, number) + *payload;
}

} // namespace ducat::iso8583
