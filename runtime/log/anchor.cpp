#include "log/anchor.hpp"

#include <ducat/check.hpp>

#include <cstring>

namespace ducat {

namespace {

constexpr std::uint64_t anchor_format_version = 1;
constexpr std::size_t anchor_size = 4 * 8 + sizeof(digest) + 8;

template <class T>
void put(std::string& out, const T& field) {
  out.append(reinterpret_cast<const char*>(&field), sizeof(T));
}

template <class T>
T get(std::string_view bytes, std::size_t offset) {
  T field{};
  std::memcpy(&field, bytes.substr(offset, sizeof(T)).data(), sizeof(T));
  return field;
}

bool is_intact(std::string_view bytes) {
  if (bytes.size() < 16)
    return false;
  const std::size_t end = bytes.size() - 8;
  return checksum(bytes.substr(0, end)) == get<std::uint64_t>(bytes, end);
}

result<chain_link> decode_anchor(std::string_view bytes, const std::string& name) {
  if (!is_intact(bytes))
    return fail(errc::corrupt, name + " is damaged");
  if (get<std::uint64_t>(bytes, 0) != anchor_format_version)
    return fail(errc::newer_version, name + " has a format this program does not know");
  chain_link anchor{.last = {get<std::uint64_t>(bytes, 8), get<digest>(bytes, 32)},
                    .writer = {get<std::uint64_t>(bytes, 16)},
                    .at = {get<std::uint64_t>(bytes, 24)}};
  if (bytes.size() != anchor_size || anchor.last.index == 0)
    return fail(errc::corrupt, name + " is damaged");
  return anchor;
}

result<chain_link> read_link(const database& db, const char* key, const std::string& name) {
  std::string bytes;
  const auto status = db.get().Get(scanning(), db.meta(), key, &bytes);
  if (status.IsNotFound())
    return chain_link{};
  if (!status.ok())
    return tl::unexpected(error_of(status, "read " + name));
  return decode_anchor(bytes, name);
}

} // namespace

chain_link link_of(const entry& e) {
  return {.last = {e.index, e.hash}, .writer = e.writer, .at = e.at};
}

std::string encode_anchor(const chain_link& anchor) {
  std::string bytes;
  bytes.reserve(anchor_size);
  put(bytes, anchor_format_version);
  put(bytes, anchor.last.index);
  put(bytes, anchor.writer.value);
  put(bytes, anchor.at.nanoseconds);
  put(bytes, anchor.last.hash);
  put(bytes, checksum(bytes));
  DUCAT_CHECK(bytes.size() == anchor_size);
  return bytes;
}

result<chain_link> read_anchor(const database& db) {
  return read_link(db, anchor_key, "the anchor of the trimmed log");
}

result<chain_link> read_checkpoint(const database& db) {
  return read_link(db, checkpoint_key, "the checkpoint of the log");
}

} // namespace ducat
