#include "byte_reader.hpp"

#include <ducat/ledger/commands.hpp>

#include <bit>
#include <cstring>
#include <type_traits>

namespace ducat::ledger {

namespace {

static_assert(std::endian::native == std::endian::little, "stored integers are copied as they are");
static_assert(sizeof(transfer) == record_size && std::has_unique_object_representations_v<transfer>,
              "a transfer is stored as it is in memory");
static_assert(sizeof(account) == record_size && std::is_trivially_copyable_v<account>,
              "an account is stored as it is in memory, but for its padding");

constexpr char format_version = 1;

/// Values are on disk: never renumber, never reuse.
enum class kind : char {
  create_accounts = 1,
  create_transfers = 2,
  advance = 3,
  revert = 4,
  set_metadata = 5,
};

std::string header(kind k, std::size_t content) {
  std::string bytes;
  bytes.reserve(2 + content);
  bytes += static_cast<char>(k);
  bytes += format_version;
  return bytes;
}

template <class T>
void put(std::string& out, const T& field) {
  out.append(reinterpret_cast<const char*>(&field), sizeof(T));
}

template <class T>
void put_records(std::string& out, std::span<const T> batch) {
  out.append(reinterpret_cast<const char*>(batch.data()), batch.size_bytes());
}

/// Leaves out what the padding holds, which is not of the record.
void put(std::string& out, const account& a) {
  const std::size_t start = out.size();
  put_records(out, std::span(&a, 1));
  constexpr std::size_t padding = offsetof(account, flags) + sizeof(account_flags);
  constexpr std::size_t end = offsetof(account, timestamp);
  std::memset(out.data() + start + padding, 0, end - padding);
}

template <class T>
result<command> records_of(std::string_view bytes) {
  const std::size_t count = bytes.size() / record_size;
  if (bytes.size() % record_size != 0)
    return fail(errc::invalid_argument, "a batch ends inside a record");
  if (count > batch_events_max)
    return fail(errc::invalid_argument, "a batch of " + std::to_string(count) +
                                            " events is too large; at most " +
                                            std::to_string(batch_events_max));
  std::vector<T> batch(count);
  if (count != 0)
    std::memcpy(batch.data(), bytes.data(), bytes.size());
  return batch;
}

result<command> advance_of(std::string_view bytes) {
  advance what;
  if (bytes.size() != sizeof(what.to.nanoseconds))
    return fail(errc::invalid_argument, "a time has another size");
  std::memcpy(&what.to.nanoseconds, bytes.data(), bytes.size());
  if (what.to > advance_max)
    return fail(errc::invalid_argument, "the time is out of range");
  return what;
}

tl::unexpected<error> malformed(const char* what) {
  return fail(errc::invalid_argument, std::string{what} + " of the ledger is malformed");
}

result<command> reversal_of(std::string_view bytes) {
  byte_reader from{bytes};
  const auto id = from.integer<u128>();
  const auto reverts = from.integer<u128>();
  const auto force = from.integer<std::uint8_t>();
  if (!id || !reverts || !force || *force > 1 || !from.is_at_end())
    return malformed("a reversal");
  return reversal{.id = {*id}, .reverts = {*reverts}, .force = *force == 1};
}

bool is_valid(const std::string& key, const std::optional<std::string>& value) {
  return !key.empty() && key.size() <= metadata_key_bytes_max &&
         (!value || value->size() <= metadata_value_bytes_max);
}

result<command> metadata_of(std::string_view bytes) {
  byte_reader from{bytes};
  const auto of = from.integer<subject_kind>();
  const auto id = from.integer<u128>();
  if (!id || (*of != subject_kind::account && *of != subject_kind::transfer))
    return malformed("metadata");
  set_metadata change{.about = {*of, *id}, .entries = {}};
  while (!from.is_at_end()) {
    auto key = from.text();
    const auto has_value = from.integer<std::uint8_t>();
    auto value = has_value == 1 ? from.text() : std::nullopt;
    if (!key || !has_value || *has_value > 1 || (*has_value == 1 && !value) ||
        !is_valid(*key, value) || !change.entries.emplace(*key, std::move(value)).second)
      return malformed("metadata");
  }
  return change;
}

} // namespace

std::string encode(std::span<const account> batch) {
  std::string bytes = header(kind::create_accounts, batch.size_bytes());
  for (const account& a : batch)
    put(bytes, a);
  return bytes;
}

std::string encode(std::span<const transfer> batch) {
  std::string bytes = header(kind::create_transfers, batch.size_bytes());
  put_records(bytes, batch);
  return bytes;
}

std::string encode(const advance& what) {
  std::string bytes = header(kind::advance, sizeof(what.to.nanoseconds));
  put(bytes, what.to.nanoseconds);
  return bytes;
}

std::string encode(const reversal& what) {
  std::string bytes = header(kind::revert, 2 * sizeof(u128) + 1);
  put(bytes, what.id);
  put(bytes, what.reverts);
  bytes += what.force ? '\1' : '\0';
  return bytes;
}

std::string encode(const set_metadata& what) {
  std::string bytes = header(kind::set_metadata, 0);
  bytes += static_cast<char>(what.about.kind);
  put(bytes, what.about.id);
  for (const auto& [key, value] : what.entries) {
    put_text(bytes, key);
    bytes += value ? '\1' : '\0';
    if (value)
      put_text(bytes, *value);
  }
  return bytes;
}

std::string encode(const command& what) {
  return std::visit(
      [](const auto& each) {
        if constexpr (requires { each.data(); })
          return encode(std::span(each));
        else
          return encode(each);
      },
      what);
}

result<command> decode_command(std::string_view bytes) {
  if (bytes.size() < 2)
    return fail(errc::invalid_argument, "a command of the ledger is cut short");
  if (bytes[1] != format_version)
    return fail(errc::newer_version, "a command of the ledger has an unknown version");
  const std::string_view content = bytes.substr(2);
  switch (static_cast<kind>(bytes[0])) {
  case kind::create_accounts:
    return records_of<account>(content);
  case kind::create_transfers:
    return records_of<transfer>(content);
  case kind::advance:
    return advance_of(content);
  case kind::revert:
    return reversal_of(content);
  case kind::set_metadata:
    return metadata_of(content);
  }
  return fail(errc::newer_version, "a command of the ledger has an unknown kind");
}

std::string encode(const reply& what) {
  std::string bytes(1, static_cast<char>(what.status));
  bytes.append(what.outcomes.begin(), what.outcomes.end());
  return bytes;
}

result<reply> decode_reply(std::string_view bytes) {
  if (bytes.empty())
    return fail(errc::corrupt, "a reply of the ledger is empty");
  return reply{static_cast<reply_status>(bytes.front()), {bytes.begin() + 1, bytes.end()}};
}

} // namespace ducat::ledger
