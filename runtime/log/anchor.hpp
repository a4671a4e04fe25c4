/// Where the chain of a trimmed log begins: the last entry that was removed, without its payload.
/// The entry of a checkpoint is noted in the same form.
///
///   offset  0  u64  format version
///           8  u64  index of the entry
///          16  u64  epoch of its writer
///          24  u64  its time, nanoseconds since the Unix epoch
///          32  32   its hash
///          64  u64  XXH3-64 over all bytes before it
///
/// Integers are little-endian. Every later format ends with the same checksum.
#pragma once

#include "log/database.hpp"

#include <ducat/log.hpp>

#include <string>

namespace ducat {

/// An entry as the next one has to continue it. All zeroes before the first entry.
struct chain_link {
  receipt last;
  epoch writer;
  log_time at;
};

/// Returns what the entry after `e` continues.
chain_link link_of(const entry& e);

/// The key of the anchor in database::meta().
constexpr const char* anchor_key = "anchor";
constexpr const char* checkpoint_key = "checkpoint";

/// Returns the stored bytes of `anchor`. Pure.
std::string encode_anchor(const chain_link& anchor);

/// Returns what the first stored entry continues: all zeroes if the log was never trimmed.
/// Errors: corrupt, newer_version, io.
result<chain_link> read_anchor(const database& db);

/// Returns the entry of the newest checkpoint: all zeroes if there was none. Errors: as above.
result<chain_link> read_checkpoint(const database& db);

} // namespace ducat
