#include "log/verified_read.hpp"

#include "log/entry_codec.hpp"

#include <ducat/planted.hpp>

#include <algorithm>
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

/// Returns the entry stored under `key`, if it is the one at `index`.
result<entry> entry_under(const rocksdb::Slice& key, std::uint64_t index,
                          const rocksdb::Slice& value) {
  const auto found = number_in(key.ToStringView());
  if (!found)
    return damaged(index, "is preceded by a key that is no index: " + key.ToString(true));
  if (*found > index)
    return missing(index, *found);
  return stored_entry(index, value.ToStringView());
}

/// Walks the entries of a snapshot of the log in order.
class entry_cursor {
public:
  explicit entry_cursor(const database& db)
      : iterator_{db.get().NewIterator(scanning(), db.log())} {}

  void seek(std::uint64_t index) { iterator_->Seek(number_bytes(index)); }

  void next() { iterator_->Next(); }

  /// Returns the entry at `index`, where the cursor must stand; nothing at the end of the log.
  result<std::optional<entry>> at(std::uint64_t index) const {
    if (iterator_->Valid())
      return entry_under(iterator_->key(), index, iterator_->value()).map([](entry e) {
        return std::optional{std::move(e)};
      });
    if (iterator_->status().ok())
      return std::nullopt;
    return tl::unexpected(error_of(iterator_->status(), "read log entry " + std::to_string(index)));
  }

private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

/// Returns what the entry at `from` continues, and leaves `cursor` anywhere.
result<chain_link> link_before(const chain_link& anchor, std::uint64_t from, entry_cursor& cursor) {
  if (from <= anchor.last.index)
    return trimmed(anchor);
  if (from == anchor.last.index + 1)
    return anchor;
  cursor.seek(from - 1);
  const auto before = cursor.at(from - 1);
  if (!before)
    return tl::unexpected(before.error());
  if (!*before)
    return lost(from - 1);
  return link_of(**before);
}

/// Visits what comes after `link`, where the cursor must stand.
result<void> walk(entry_cursor& cursor, chain_link link, std::uint64_t newest,
                  const std::function<bool(const entry&)>& visit) {
  const bool is_torn_tail = planted::is_on(planted::bug::damage_taken_for_torn_tail);
  for (;; cursor.next()) {
    const auto e = cursor.at(link.last.index + 1);
    if (!e && is_torn_tail)
      return {};
    if (!e)
      return tl::unexpected(e.error());
    if (!*e)
      return link.last.index < newest && !is_torn_tail ? lost(link.last.index + 1) : result<void>{};
    if (auto linked = check_link(link, **e); !linked)
      return is_torn_tail ? result<void>{} : linked;
    if (!visit(**e))
      return {};
    link = link_of(**e);
  }
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

// In both scans the cursor is made before the anchor is read: if the log is trimmed in between, the
// cursor still has what the anchor says is there.

result<void> scan_after(const database& db, const chain_link& before, std::uint64_t newest,
                        const std::function<bool(const entry&)>& visit) {
  entry_cursor cursor{db};
  const auto anchor = read_anchor(db);
  if (!anchor)
    return tl::unexpected(anchor.error());
  if (before.last.index < anchor->last.index)
    return trimmed(*anchor);
  cursor.seek(before.last.index + 1);
  return walk(cursor, before, newest, visit);
}

result<void> scan(const database& db, std::uint64_t from, std::uint64_t newest,
                  const std::function<bool(const entry&)>& visit) {
  if (from > newest + 1)
    return {};
  entry_cursor cursor{db};
  const auto anchor = read_anchor(db);
  if (!anchor)
    return tl::unexpected(anchor.error());
  const auto before = link_before(*anchor, std::max<std::uint64_t>(from, 1), cursor);
  if (!before)
    return tl::unexpected(before.error());
  cursor.seek(before->last.index + 1);
  return walk(cursor, *before, newest, visit);
}

namespace {

/// Checks that the entry of the checkpoint is in the log. `cursor` is left anywhere.
result<void> check_checkpoint(const chain_link& checkpoint, entry_cursor& cursor) {
  cursor.seek(checkpoint.last.index);
  const auto e = cursor.at(checkpoint.last.index);
  if (!e)
    return tl::unexpected(e.error());
  if (!*e)
    return lost(checkpoint.last.index);
  if ((*e)->hash != checkpoint.last.hash)
    return damaged(checkpoint.last.index, "is not the one of the checkpoint");
  return {};
}

/// Returns where the verification begins, and leaves `cursor` there.
result<chain_link> begin_of(verified_part part, const chain_link& anchor,
                            const chain_link& checkpoint, entry_cursor& cursor) {
  if (part == verified_part::all || checkpoint.last.index <= anchor.last.index) {
    cursor.seek(anchor.last.index + 1);
    return anchor;
  }
  if (auto found = check_checkpoint(checkpoint, cursor); !found)
    return tl::unexpected(found.error());
  cursor.next();
  return checkpoint;
}

} // namespace

result<log_end> verify(const database& db, const std::optional<acknowledged>& least,
                       verified_part part) {
  const auto granted = granted_epoch(db);
  if (!granted)
    return tl::unexpected(granted.error());
  const auto anchor = read_anchor(db);
  if (!anchor)
    return tl::unexpected(anchor.error());
  const auto checkpoint = read_checkpoint(db);
  if (!checkpoint)
    return tl::unexpected(checkpoint.error());
  const acknowledged known = least.value_or(acknowledged{});
  if (least && known.newest.index < checkpoint->last.index)
    return fail(errc::corrupt, "the checkpoint of the log is entry " +
                                   std::to_string(checkpoint->last.index) +
                                   ", beyond what was acknowledged");
  // A trim makes ACKNOWLEDGED durable first: afterwards it names an entry that was kept.
  if (least && anchor->last.index > 0 && known.newest.index <= anchor->last.index)
    return fail(errc::corrupt, "the log was trimmed up to entry " +
                                   std::to_string(anchor->last.index) +
                                   ", beyond what was acknowledged");
  entry_cursor cursor{db};
  const auto begin = begin_of(part, *anchor, *checkpoint, cursor);
  if (!begin)
    return tl::unexpected(begin.error());
  log_end end{.newest = begin->last,
              .at = begin->at,
              .granted = *granted,
              .first = anchor->last.index + 1,
              .checkpoint = checkpoint->last.index};
  epoch newest_writer = begin->writer;
  bool has_acknowledged = known.newest.index == 0 || known.newest == begin->last;
  const auto walked = walk(cursor, *begin, known.newest.index, [&](const entry& e) {
    end.newest = {e.index, e.hash};
    end.at = e.at;
    newest_writer = e.writer;
    has_acknowledged = has_acknowledged || end.newest == known.newest;
    return true;
  });
  if (!walked)
    return tl::unexpected(walked.error());
  if (!has_acknowledged && !planted::is_on(planted::bug::damage_taken_for_torn_tail))
    return damaged(known.newest.index, "is not the one that was acknowledged");
  if (end.newest == anchor->last && end.newest.index > 0)
    return lost(end.first); // The newest entry is never trimmed away.
  if (end.granted < known.granted || end.granted < newest_writer)
    return fail(errc::corrupt,
                "the epoch of the log has gone back to " + std::to_string(end.granted.value));
  return end;
}

} // namespace ducat
