#include "log/chain.hpp"

#include "log/entry_codec.hpp"
#include "log/raw_fields.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace ducat {

namespace {

constexpr std::uint64_t link_format_version = 1;
constexpr std::size_t link_size = 4 * 8 + sizeof(digest) + 8;

bool is_intact(std::string_view bytes) {
  if (bytes.size() < 16)
    return false;
  const std::size_t end = bytes.size() - 8;
  return checksum(bytes.substr(0, end)) == get<std::uint64_t>(bytes, end);
}

} // namespace

chain_link link_of(const entry& e) {
  return {.last = {e.index, e.hash}, .writer = e.writer, .at = e.at};
}

entry following(const chain_link& before, epoch writer, log_time at, std::string payload) {
  DUCAT_CHECK(before.at.nanoseconds < std::numeric_limits<std::uint64_t>::max());
  entry e{.index = before.last.index + 1,
          .writer = writer,
          .at = std::max(at, log_time{before.at.nanoseconds + 1}),
          .previous = before.last.hash,
          .hash = {},
          .payload = std::move(payload)};
  e.hash = hash_of(e);
  return e;
}

std::string encode_link(const chain_link& link) {
  std::string bytes;
  bytes.reserve(link_size);
  put(bytes, link_format_version);
  put(bytes, link.last.index);
  put(bytes, link.writer.value);
  put(bytes, link.at.nanoseconds);
  put(bytes, link.last.hash);
  put(bytes, checksum(bytes));
  DUCAT_CHECK(bytes.size() == link_size);
  return bytes;
}

result<chain_link> decode_link(std::string_view bytes, const std::string& name) {
  if (!is_intact(bytes))
    return fail(errc::corrupt, name + " is damaged");
  if (get<std::uint64_t>(bytes, 0) != link_format_version)
    return fail(errc::newer_version, name + " has a format this program does not know");
  chain_link link{.last = {get<std::uint64_t>(bytes, 8), get<digest>(bytes, 32)},
                  .writer = {get<std::uint64_t>(bytes, 16)},
                  .at = {get<std::uint64_t>(bytes, 24)}};
  if (bytes.size() != link_size || link.last.index == 0)
    return fail(errc::corrupt, name + " is damaged");
  return link;
}

tl::unexpected<error> damaged(std::uint64_t index, std::string_view what, errc code) {
  return fail(code, "log entry " + std::to_string(index) + " " + std::string{what});
}

result<entry> stored_entry(std::uint64_t index, std::string_view bytes) {
  auto decoded = decode_entry(index, bytes);
  if (decoded)
    return std::move(*decoded);
  const bool newer = decoded.error() == entry_damage::other_format;
  return damaged(index, to_string(decoded.error()), newer ? errc::newer_version : errc::corrupt);
}

tl::unexpected<error> missing(std::uint64_t index, std::uint64_t found) {
  return damaged(index, "is missing; the next one is " + std::to_string(found));
}

tl::unexpected<error> lost(std::uint64_t index) {
  return damaged(index, "is missing, though it was acknowledged");
}

tl::unexpected<error> trimmed(const chain_link& anchor) {
  return fail(errc::not_found, "the entries up to " + std::to_string(anchor.last.index) +
                                   " were trimmed away; the first one kept is " +
                                   std::to_string(anchor.last.index + 1));
}

result<void> check_link(const chain_link& before, const entry& e) {
  if (e.previous != before.last.hash)
    return damaged(e.index, "does not continue entry " + std::to_string(before.last.index) +
                                ": the hash chain is broken");
  if (e.writer < before.writer || e.writer.value == 0)
    return damaged(e.index, "has an epoch older than the entry before it");
  if (e.at <= before.at)
    return damaged(e.index, "is not later than the entry before it");
  return {};
}

} // namespace ducat
