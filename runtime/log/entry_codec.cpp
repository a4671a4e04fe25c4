#include "log/entry_codec.hpp"

#include "log/raw_fields.hpp"

#include <ducat/check.hpp>

#include <bit>
#include <ostream>

namespace ducat {

namespace {

static_assert(std::endian::native == std::endian::little, "stored integers are copied as they are");

constexpr std::size_t header_size = 64;
constexpr std::size_t trailer_size = sizeof(digest) + sizeof(std::uint64_t);

bool checksum_is_right(std::string_view bytes) {
  const std::size_t end = bytes.size() - sizeof(std::uint64_t);
  return checksum(bytes.substr(0, end)) == get<std::uint64_t>(bytes, end);
}

/// Returns the fields of an entry whose size and checksum are right.
entry fields_of(std::string_view bytes, std::size_t payload_size) {
  return {.index = get<std::uint64_t>(bytes, 8),
          .writer = {get<std::uint64_t>(bytes, 16)},
          .at = {get<std::uint64_t>(bytes, 24)},
          .previous = get<digest>(bytes, 32),
          .hash = get<digest>(bytes, header_size + payload_size),
          .payload = std::string{bytes.substr(header_size, payload_size)}};
}

} // namespace

std::string_view to_string(entry_damage damage) noexcept {
  switch (damage) {
  case entry_damage::truncated:
    return "is truncated";
  case entry_damage::trailing_bytes:
    return "has trailing bytes";
  case entry_damage::checksum:
    return "has a wrong checksum";
  case entry_damage::other_format:
    return "has a format this program does not know";
  case entry_damage::index:
    return "carries another index";
  case entry_damage::hash:
    return "does not match its own hash";
  }
  return "is damaged";
}

std::ostream& operator<<(std::ostream& out, entry_damage damage) {
  return out << to_string(damage);
}

std::string encode_entry(const entry& e) {
  DUCAT_CHECK(e.payload.size() <= payload_bytes_max);
  std::string bytes;
  bytes.reserve(header_size + e.payload.size() + trailer_size);
  put(bytes, entry_format_version);
  put(bytes, static_cast<std::uint32_t>(e.payload.size()));
  put(bytes, e.index);
  put(bytes, e.writer.value);
  put(bytes, e.at.nanoseconds);
  put(bytes, e.previous);
  DUCAT_CHECK(bytes.size() == header_size);
  bytes += e.payload;
  put(bytes, e.hash);
  put(bytes, checksum(bytes));
  return bytes;
}

tl::expected<entry, entry_damage> decode_entry(std::uint64_t index, std::string_view bytes) {
  if (bytes.size() < header_size + trailer_size)
    return tl::unexpected(entry_damage::truncated);
  const bool known_format = get<std::uint32_t>(bytes, 0) == entry_format_version;
  const std::size_t payload_size = get<std::uint32_t>(bytes, 4);
  const std::size_t size = header_size + payload_size + trailer_size;
  if (known_format && bytes.size() < size)
    return tl::unexpected(entry_damage::truncated);
  if (known_format && bytes.size() > size)
    return tl::unexpected(entry_damage::trailing_bytes);
  if (!checksum_is_right(bytes))
    return tl::unexpected(entry_damage::checksum);
  if (!known_format)
    return tl::unexpected(entry_damage::other_format);
  entry e = fields_of(bytes, payload_size);
  if (e.index != index)
    return tl::unexpected(entry_damage::index);
  if (e.hash != hash_of(e))
    return tl::unexpected(entry_damage::hash);
  return e;
}

} // namespace ducat
