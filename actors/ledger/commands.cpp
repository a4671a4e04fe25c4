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
enum class kind : char { create_accounts = 1, create_transfers = 2, advance = 3 };

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
  if (what.to > timestamp_max)
    return fail(errc::invalid_argument, "the time is out of range");
  return what;
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

std::string encode(const command& what) {
  return std::visit(
      [](const auto& each) {
        if constexpr (std::is_same_v<decltype(each), const advance&>)
          return encode(each);
        else
          return encode(std::span(each));
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
