#include <ducat/log.hpp>

#include <array>
#include <ostream>

namespace ducat {

namespace {

using header_bytes = std::array<char, 32>;

/// Returns the hashed header: index, epoch, time and payload length, 8 little-endian bytes each.
/// Part of every hash ever written: it does not change when the storage format does.
header_bytes hashed_header(const entry& e) {
  const std::array<std::uint64_t, 4> fields{e.index, e.writer.value, e.at.nanoseconds,
                                            e.payload.size()};
  header_bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(fields[i / 8] >> (8 * (i % 8)));
  return bytes;
}

} // namespace

digest hash_of(const entry& e) {
  const header_bytes header = hashed_header(e);
  return sha256({bytes_of(e.previous), {header.data(), header.size()}, e.payload});
}

std::ostream& operator<<(std::ostream& out, const epoch& value) {
  return out << value.value;
}

std::ostream& operator<<(std::ostream& out, const receipt& value) {
  return out << value.index << '/' << to_hex(value.hash);
}

} // namespace ducat
