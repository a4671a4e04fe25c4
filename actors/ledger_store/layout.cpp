#include "ledger_store/layout.hpp"

#include <ducat/ledger/commands.hpp>

#include <algorithm>
#include <cstring>
#include <ranges>

namespace ducat::ledger {

namespace {

template <std::unsigned_integral T>
void put_big_endian(std::string& key, T number) {
  for (std::size_t shift = 8 * sizeof(T); shift > 0; shift -= 8)
    key += static_cast<char>(number >> (shift - 8));
}

std::uint64_t big_endian(const char* bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  return number;
}

/// Reads records off the front of some bytes.
class reader {
public:
  explicit reader(rocksdb::Slice bytes) : left_{bytes} {}

  template <class T>
  bool get(T& record) {
    if (left_.size() < sizeof(T))
      return false;
    std::memcpy(&record, left_.data(), sizeof(T));
    left_.remove_prefix(sizeof(T));
    return true;
  }

  bool is_at_end() const { return left_.empty(); }

private:
  rocksdb::Slice left_;
};

constexpr std::size_t user_data_key_bytes = 1 + 16 + 8;

constexpr char plain_events = 0;
constexpr char events_with_balances = 1;

} // namespace

std::string key_of(std::uint64_t number) {
  std::string key;
  put_big_endian(key, number);
  return key;
}

std::string key_of(std::uint32_t number) {
  std::string key;
  put_big_endian(key, number);
  return key;
}

std::string key_of(transfer_id id) {
  std::string key;
  put_big_endian(key, high_half(id.value));
  put_big_endian(key, low_half(id.value));
  return key;
}

std::string key_of(std::uint32_t segment, row account) {
  std::string key;
  put_big_endian(key, segment);
  put_big_endian(key, account);
  return key;
}

std::string key_of(const subject& about) {
  return static_cast<char>(about.kind) + key_of(transfer_id{about.id});
}

std::string key_of(const user_data& what, std::uint64_t timestamp) {
  std::string key = static_cast<char>(what.where) + key_of(transfer_id{what.value});
  put_big_endian(key, timestamp);
  return key;
}

std::uint64_t timestamp_in_key(rocksdb::Slice key) {
  return key.size() == user_data_key_bytes ? big_endian(key.data() + user_data_key_bytes - 8) : 0;
}

transfer_id id_in_key(rocksdb::Slice key) {
  if (key.size() != 16)
    return {};
  return {make_u128(big_endian(key.data()), big_endian(key.data() + 8))};
}

subject subject_in_key(rocksdb::Slice key) {
  if (key.empty())
    return {};
  const auto kind = static_cast<subject_kind>(key[0]);
  key.remove_prefix(1);
  return {kind, id_in_key(key).value};
}

std::string encode(const id_record& record) {
  std::string bytes;
  put_bytes(bytes, record.timestamp);
  put_bytes(bytes, record.state);
  return bytes;
}

std::string encode(const state_record& record) {
  std::string bytes;
  put_bytes(bytes, record.version);
  put_bytes(bytes, record.segments);
  put_bytes(bytes, record.index);
  put_bytes(bytes, record.hash);
  put_bytes(bytes, record.now);
  put_bytes(bytes, record.newest_transfer);
  return bytes;
}

std::string encode(const segment_record& record) {
  std::string bytes;
  put_bytes(bytes, record.first);
  put_bytes(bytes, record.last);
  put_bytes(bytes, record.newest_transfer);
  return bytes;
}

std::string encode(const account& record) {
  return encode(std::span(&record, 1)).substr(2); // As in a command, without its header.
}

std::string encode(const std::vector<event_record>& events) {
  std::string bytes(1, events_with_balances);
  for (const event_record& each : events) {
    put_bytes(bytes, each.transfer);
    for (const u128 sum : {each.balance->debits_pending, each.balance->debits_posted,
                           each.balance->credits_pending, each.balance->credits_posted})
      put_bytes(bytes, sum);
    put_bytes(bytes, each.balance->timestamp.nanoseconds);
  }
  return bytes;
}

std::string encode_plain(std::span<const std::uint64_t> transfers) {
  std::string bytes(1, plain_events);
  bytes.append(reinterpret_cast<const char*>(transfers.data()), transfers.size_bytes());
  return bytes;
}

std::optional<id_record> decode_id(rocksdb::Slice bytes) {
  id_record record;
  reader from{bytes};
  if (!from.get(record.timestamp) || !from.get(record.state) || !from.is_at_end())
    return std::nullopt;
  return record;
}

std::optional<state_record> decode_state(rocksdb::Slice bytes) {
  state_record record;
  reader from{bytes};
  if (!from.get(record.version) || !from.get(record.segments) || !from.get(record.index) ||
      !from.get(record.hash) || !from.get(record.now) || !from.get(record.newest_transfer))
    return std::nullopt;
  return record;
}

std::optional<segment_record> decode_segment(rocksdb::Slice bytes) {
  segment_record record;
  reader from{bytes};
  if (!from.get(record.first) || !from.get(record.last) || !from.get(record.newest_transfer) ||
      !from.is_at_end())
    return std::nullopt;
  return record;
}

std::optional<account> decode_account(rocksdb::Slice bytes) {
  account record;
  reader from{bytes};
  if (!from.get(record) || !from.is_at_end())
    return std::nullopt;
  return record;
}

std::optional<std::vector<transfer>> decode_transfers(rocksdb::Slice bytes) {
  if (bytes.size() % record_size != 0)
    return std::nullopt;
  std::vector<transfer> records(bytes.size() / record_size);
  if (!records.empty())
    std::memcpy(records.data(), bytes.data(), bytes.size());
  return records;
}

std::optional<transfer> find_transfer(rocksdb::Slice bytes, std::uint64_t timestamp) {
  if (bytes.size() % record_size != 0)
    return std::nullopt;
  const auto record = [&](std::size_t place) {
    transfer out;
    std::memcpy(&out, bytes.data() + place * record_size, record_size);
    return out;
  };
  const auto places = std::views::iota(std::size_t{0}, bytes.size() / record_size);
  const auto found = std::ranges::lower_bound(places, timestamp, {}, [&](std::size_t place) {
    return record(place).timestamp.nanoseconds;
  });
  if (found == places.end() || record(*found).timestamp.nanoseconds != timestamp)
    return std::nullopt;
  return record(*found);
}

std::optional<std::vector<event_record>> decode_events(rocksdb::Slice bytes) {
  std::vector<event_record> events;
  reader from{bytes};
  char kind = plain_events;
  if (!from.get(kind) || (kind != plain_events && kind != events_with_balances))
    return std::nullopt;
  while (!from.is_at_end()) {
    event_record& each = events.emplace_back();
    if (!from.get(each.transfer))
      return std::nullopt;
    if (kind == plain_events)
      continue;
    account_balance balance;
    if (!from.get(balance.debits_pending) || !from.get(balance.debits_posted) ||
        !from.get(balance.credits_pending) || !from.get(balance.credits_posted) ||
        !from.get(balance.timestamp.nanoseconds))
      return std::nullopt;
    each.balance = balance;
  }
  return events;
}

} // namespace ducat::ledger
