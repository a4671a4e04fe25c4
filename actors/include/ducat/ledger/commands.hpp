/// The commands and replies of the ledger machine, as bytes in the log and on the wire.
///
/// A command is one byte of kind, one of version, and its content; integers are little-endian.
///   create_accounts, create_transfers: records of record_size bytes each, in order
///   advance: u64, the time in ns, up to advance_max
///   revert: id of 16 bytes, reverted id of 16 bytes, one byte: 1 to force
///   set_metadata: one byte of kind, id of 16 bytes; for each entry u16 length and bytes of the
///   key,
///     one byte: 1 if a value follows, u16 length and bytes of the value
/// A record is its fields in the order of their declaration in types.hpp; an account has four bytes
/// of zeroes before its timestamp.
/// A reply is one byte of reply_status and, if that is done, one byte of outcome for each event;
/// revert and set_metadata are one event, advance is none.
#pragma once

#include <ducat/error.hpp>
#include <ducat/ledger/metadata.hpp>
#include <ducat/ledger/outcome.hpp>
#include <ducat/ledger/types.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ducat::ledger {

/// The most events of one batch.
constexpr std::size_t batch_events_max = 8190;

constexpr std::size_t record_size = 128;

/// The latest time that the clock may be moved to. Each event after it takes a nanosecond: the
/// three years that are left until timestamp_max are three thousand of a million events a second.
constexpr log_time advance_max{timestamp_max.nanoseconds - 100'000'000'000'000'000};

/// Moves the clock of the ledger to `to`; what has expired by then is released.
struct advance {
  log_time to;
};

using command =
    std::variant<std::vector<account>, std::vector<transfer>, advance, reversal, set_metadata>;

std::string encode(std::span<const account> batch);
std::string encode(std::span<const transfer> batch);
std::string encode(const advance& what);
std::string encode(const reversal& what);
std::string encode(const set_metadata& what);
std::string encode(const command& what);

/// Errors: invalid_argument (empty, cut short, over a limit), newer_version (an unknown
/// kind or version).
result<command> decode_command(std::string_view bytes);

/// Values are on the wire: never renumber, never reuse.
enum class reply_status : std::uint8_t {
  done = 0,
  malformed = 1, ///< The command could not be decoded; nothing was done.
};

struct reply {
  reply_status status = reply_status::done;
  std::vector<std::uint8_t> outcomes; ///< The outcome of each event: account_outcome,
                                      ///< transfer_outcome or metadata_outcome.
};

std::string encode(const reply& what);

/// Errors: corrupt (empty).
result<reply> decode_reply(std::string_view bytes);

} // namespace ducat::ledger
