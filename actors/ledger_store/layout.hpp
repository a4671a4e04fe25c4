/// How a segment store lays its records out in RocksDB. Keys are big-endian, so that their order is
/// that of the numbers; values are little-endian.
///
///   family     key                     value
///   transfers  timestamp of the first  up to block_transfers transfers of 128 bytes each
///   ids        id                      timestamp, id_state
///   accounts   row                     the account, 128 bytes
///   open       id                      the pending transfer, 128 bytes
///   metadata   kind, id                metadata
///   events     segment, account row    for each event of the account: timestamp of the transfer
///   (0:
///                                      a timeout ended) and, with flags::history, the balance
///   user_data  field, value, timestamp nothing: a transfer with that user data, which is not 0
///   meta       "state"                 state_record
///              segment                 segment_record
///              "row/", key             a row that the machine keeps beside its book
#pragma once

#include <ducat/ledger/history.hpp>
#include <ducat/ledger/segment.hpp>
#include <ducat/log.hpp>

#include <rocksdb/slice.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace ducat::ledger {

constexpr std::uint32_t store_format_version = 1;

constexpr row block_transfers = 128;

inline const std::string row_prefix = "row/";

/// Values are on disk: never renumber, never reuse. A pending transfer has its pending_status.
enum class id_state : std::uint8_t {
  pending = 1,
  posted = 2,
  voided = 3,
  expired = 4,
  moved = 5,
  burnt = 6
};

struct id_record {
  std::uint64_t timestamp = 0; ///< 0 if burnt.
  id_state state = id_state::moved;
};

/// Where the store has come to.
struct state_record {
  std::uint32_t version = store_format_version;
  std::uint32_t segments = 0;
  std::uint64_t index = 0; ///< The entry of the log that the last segment ends with.
  digest hash{};
  std::uint64_t now = 0;
  std::uint64_t newest_transfer = 0;
};

/// The times of the events of a segment.
struct segment_record {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t newest_transfer = 0; ///< Of this segment and all before.
};

/// One event of an account.
struct event_record {
  std::uint64_t transfer = 0; ///< Its timestamp; 0 if a timeout ended.
  std::optional<account_balance> balance;
};

std::string key_of(std::uint64_t number);
std::string key_of(std::uint32_t number);
std::string key_of(transfer_id id);
std::string key_of(std::uint32_t segment, row account);
std::string key_of(const subject& about);
std::string key_of(const user_data& what, std::uint64_t timestamp);

transfer_id id_in_key(rocksdb::Slice key);

/// Returns the timestamp at the end of a key of user data.
std::uint64_t timestamp_in_key(rocksdb::Slice key);
subject subject_in_key(rocksdb::Slice key);

/// Appends a record as it is in memory.
template <class T>
  requires std::is_trivially_copyable_v<T>
void put_bytes(std::string& out, const T& record) {
  out.append(reinterpret_cast<const char*>(&record), sizeof(T));
}

std::string encode(const id_record& record);
std::string encode(const state_record& record);
std::string encode(const segment_record& record);
std::string encode(const account& record);
/// Returns the bytes of events with balances.
std::string encode(const std::vector<event_record>& events);

/// Returns the bytes of events without balances: transfers of these timestamps.
std::string encode_plain(std::span<const std::uint64_t> transfers);

/// Each returns nothing if the bytes are no such record.
std::optional<id_record> decode_id(rocksdb::Slice bytes);
std::optional<state_record> decode_state(rocksdb::Slice bytes);
std::optional<segment_record> decode_segment(rocksdb::Slice bytes);
std::optional<account> decode_account(rocksdb::Slice bytes);
std::optional<std::vector<transfer>> decode_transfers(rocksdb::Slice bytes);
std::optional<std::vector<event_record>> decode_events(rocksdb::Slice bytes);

/// Returns the transfer of that timestamp; nothing if it is not among these, or the bytes are no
/// transfers. They are in order of their timestamps.
std::optional<transfer> find_transfer(rocksdb::Slice bytes, std::uint64_t timestamp);

} // namespace ducat::ledger
