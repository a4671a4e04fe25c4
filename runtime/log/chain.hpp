/// The chain of the log's entries: what each has to continue, wherever they are stored.
///
/// A link, as it is stored for the anchor of a trimmed log and for a checkpoint:
///   offset  0  u64  format version
///           8  u64  index of the entry
///          16  u64  epoch of its writer
///          24  u64  its time, nanoseconds since the Unix epoch
///          32  32   its hash
///          64  u64  XXH3-64 over all bytes before it
/// Integers are little-endian. Every later format ends with the same checksum.
#pragma once

#include <ducat/log.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ducat {

/// An entry as the next one has to continue it. All zeroes before the first entry.
struct chain_link {
  receipt last;
  epoch writer;
  log_time at;
};

/// Returns what the entry after `e` continues.
chain_link link_of(const entry& e);

/// Returns the entry that continues `before`, hash included. Its time is `at`, or just above that
/// of `before` if that is later. Pure.
entry following(const chain_link& before, epoch writer, log_time at, std::string payload);

/// Returns the stored bytes of `link`. Pure.
std::string encode_link(const chain_link& link);

/// Returns the link stored as `bytes`. Errors: corrupt, newer_version; `name` says of what.
result<chain_link> decode_link(std::string_view bytes, const std::string& name);

/// Returns an error that names the entry.
tl::unexpected<error> damaged(std::uint64_t index, std::string_view what,
                              errc code = errc::corrupt);

/// Returns the entry stored as `bytes`, which must be the one at `index`.
/// Errors: corrupt, newer_version; the message names the index.
result<entry> stored_entry(std::uint64_t index, std::string_view bytes);

/// Returns the error that the entry after `before` is missing: the next one there is `found`.
tl::unexpected<error> missing(std::uint64_t index, std::uint64_t found);

/// Returns the error that an acknowledged entry is missing.
tl::unexpected<error> lost(std::uint64_t index);

/// Returns the error that what is asked for was trimmed away with `anchor`.
tl::unexpected<error> trimmed(const chain_link& anchor);

/// Checks that `e` continues the entry `before` it. Errors: corrupt (names the entry).
result<void> check_link(const chain_link& before, const entry& e);

} // namespace ducat
