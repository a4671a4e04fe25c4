/// What a peer sends, in each dialect. What is read is written the same way again, and nothing that
/// must be secret is shown.

#include "fuzz/input.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/display.hpp>
#include <ducat/iso8583/framer.hpp>

namespace {

using namespace ducat;

void read_message(const iso8583::dialect& with, std::string_view payload) {
  const auto read = iso8583::decode(with, payload);
  if (!read)
    return;
  const auto written = iso8583::encode(with, *read);
  DUCAT_CHECK(written && *written == payload);
  (void)iso8583::to_display(with, *read);
}

/// In pieces, as a socket gives them.
void read_stream(const iso8583::dialect& with, std::string_view bytes) {
  iso8583::framer frames{with, {.payload_bytes_max = 2'000}};
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, 7);
    bytes.remove_prefix(piece.size());
    frames.feed(piece);
    for (auto next = frames.next(); next && *next; next = frames.next())
      read_message(with, **next);
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto& dialects = iso8583::shipped_dialects();
  const iso8583::dialect& with = dialects[in.choose(dialects.size())];
  read_message(with, in.rest());
  read_stream(with, in.rest());
  return 0;
}
