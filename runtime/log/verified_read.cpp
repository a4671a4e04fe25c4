#include "log/verified_read.hpp"

#include "log/entry_codec.hpp"

#include <optional>

namespace ducat {

namespace {

std::optional<std::uint64_t> number_in(std::string_view bytes) {
  if (bytes.size() != 8)
    return std::nullopt;
  std::uint64_t number = 0;
  for (const char byte : bytes)
    number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

tl::unexpected<error> damaged(std::uint64_t index, std::string_view what,
                              errc code = errc::corrupt) {
  return fail(code, "log entry " + std::to_string(index) + " " + std::string{what});
}

/// Returns the entry stored under `key`, if it is the one at `index`.
result<entry> stored_entry(std::uint64_t index, const rocksdb::Slice& key,
                           const rocksdb::Slice& value) {
  const auto found = number_in(key.ToStringView());
  if (!found || *found < index)
    return damaged(index, "is preceded by a key that is no index: " + key.ToString(true));
  if (*found > index)
    return damaged(index, "is missing; the next one is " + std::to_string(*found));
  auto decoded = decode_entry(index, value.ToStringView());
  if (decoded)
    return std::move(*decoded);
  const bool newer = decoded.error() == entry_damage::other_format;
  return damaged(index, to_string(decoded.error()), newer ? errc::newer_version : errc::corrupt);
}

/// Checks that `e` continues the entry `before` it.
result<void> check_link(const entry& before, const entry& e) {
  if (e.previous != before.hash)
    return damaged(e.index, "does not continue entry " + std::to_string(before.index) +
                                ": the hash chain is broken");
  if (e.writer < before.writer || e.writer.value == 0)
    return damaged(e.index, "has an epoch older than the entry before it");
  if (e.at <= before.at)
    return damaged(e.index, "is not later than the entry before it");
  return {};
}

/// Walks the entries of a snapshot of the log in order.
class entry_cursor {
public:
  explicit entry_cursor(const database& db)
      : iterator_{db.get().NewIterator(scanning(), db.log())} {}

  void seek(std::uint64_t index) {
    index <= 1 ? iterator_->SeekToFirst() : iterator_->Seek(number_bytes(index));
  }

  void next() { iterator_->Next(); }

  /// Returns the entry at `index`, where the cursor must stand; nothing at the end of the log.
  result<std::optional<entry>> at(std::uint64_t index) const {
    if (iterator_->Valid())
      return stored_entry(index, iterator_->key(), iterator_->value()).map([](entry e) {
        return std::optional{std::move(e)};
      });
    if (iterator_->status().ok())
      return std::nullopt;
    return tl::unexpected(error_of(iterator_->status(), "read log entry " + std::to_string(index)));
  }

private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

tl::unexpected<error> lost(std::uint64_t index) {
  return damaged(index, "is missing, though it was acknowledged");
}

/// Returns the entry that the one at `from` continues, which must exist, and leaves the cursor at
/// `from`. Nothing comes before the first entry: index 0, all zeroes.
result<entry> anchor_of(std::uint64_t from, entry_cursor& cursor) {
  const std::uint64_t index = from <= 1 ? 0 : from - 1;
  cursor.seek(index);
  if (index == 0)
    return entry{};
  auto anchor = cursor.at(index);
  if (!anchor)
    return tl::unexpected(anchor.error());
  if (!*anchor)
    return lost(index);
  cursor.next();
  return std::move(**anchor);
}

result<epoch> granted_epoch(const database& db) {
  std::string bytes;
  const auto status = db.get().Get(scanning(), db.meta(), epoch_key, &bytes);
  if (status.IsNotFound())
    return epoch{};
  if (!status.ok())
    return tl::unexpected(error_of(status, "read the epoch of the log"));
  const auto value = number_in(bytes);
  if (!value)
    return fail(errc::corrupt, "the epoch of the log is damaged");
  return epoch{*value};
}

} // namespace

std::string number_bytes(std::uint64_t number) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(number >> (8 * (7 - i)));
  return bytes;
}

result<void> scan(const database& db, std::uint64_t from, std::uint64_t newest,
                  const std::function<bool(const entry&)>& visit) {
  if (from > newest + 1)
    return {};
  entry_cursor cursor{db};
  auto before = anchor_of(from, cursor);
  if (!before)
    return tl::unexpected(before.error());
  for (;; cursor.next()) {
    auto e = cursor.at(before->index + 1);
    if (!e)
      return tl::unexpected(e.error());
    if (!*e)
      return before->index < newest ? lost(before->index + 1) : result<void>{};
    if (auto linked = check_link(*before, **e); !linked)
      return linked;
    if (!visit(**e))
      return {};
    before = std::move(**e);
  }
}

result<log_end> verify(const database& db, const acknowledged& least) {
  auto granted = granted_epoch(db);
  if (!granted)
    return tl::unexpected(granted.error());
  log_end end{.newest = {}, .at = {}, .granted = *granted};
  epoch newest_writer;
  bool has_acknowledged = least.newest.index == 0;
  auto scanned = scan(db, 1, least.newest.index, [&](const entry& e) {
    end.newest = {e.index, e.hash};
    end.at = e.at;
    newest_writer = e.writer;
    has_acknowledged = has_acknowledged || end.newest == least.newest;
    return true;
  });
  if (!scanned)
    return tl::unexpected(scanned.error());
  if (!has_acknowledged)
    return damaged(least.newest.index, "is not the one that was acknowledged");
  if (end.granted < least.granted || end.granted < newest_writer)
    return fail(errc::corrupt,
                "the epoch of the log has gone back to " + std::to_string(end.granted.value));
  return end;
}

} // namespace ducat
