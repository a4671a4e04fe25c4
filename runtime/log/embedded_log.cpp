#include "log/data_directory.hpp"
#include "log/database.hpp"
#include "log/entry_codec.hpp"
#include "log/fault_points.hpp"
#include "log/verified_read.hpp"

#include <ducat/check.hpp>
#include <ducat/embedded_log.hpp>
#include <ducat/log_probe.hpp>
#include <ducat/planted.hpp>

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>

namespace ducat {

namespace {

class embedded_log final : public log {
public:
  embedded_log(data_directory directory, std::unique_ptr<database> db, const log_end& end,
               bool read_only)
      : directory_{std::move(directory)}, db_{std::move(db)}, read_only_{read_only}, end_{end},
        newest_{end.newest}, first_{end.first} {}

  ~embedded_log() override {
    if (!read_only_)
      (void)
          directory_.sync(); // Only to be found at once after a power loss; no promise hangs on it.
  }

  result<epoch> take_epoch() override {
    const std::lock_guard guard{writing_};
    if (auto writable = check_writable(); !writable)
      return tl::unexpected(writable.error());
    DUCAT_CHECK(end_.granted.value < std::numeric_limits<std::uint64_t>::max());
    log_end next = end_;
    ++next.granted.value;
    rocksdb::WriteBatch batch;
    batch.Put(db_->meta(), epoch_key, number_bytes(next.granted.value));
    if (auto done = commit(batch, next); !done)
      return tl::unexpected(done.error());
    return next.granted;
  }

  result<entry> append(epoch writer, log_time at, std::string payload) override {
    const stopwatch begun;
    const std::lock_guard guard{writing_};
    if (auto permitted = check_append(writer, payload.size()); !permitted)
      return tl::unexpected(permitted.error());
    entry e = following({.last = end_.newest, .writer = writer, .at = end_.at}, writer, at,
                        std::move(payload));
    rocksdb::WriteBatch batch;
    batch.Put(db_->log(), number_bytes(e.index), encode_entry(e));
    log_end next = end_;
    next.newest = {e.index, e.hash};
    next.at = e.at;
    if (auto done = commit(batch, next); !done)
      return tl::unexpected(done.error());
    probe_of_log().appended(begun.elapsed());
    return e;
  }

  result<void> checkpoint(std::uint64_t up_to) override {
    const std::lock_guard guard{writing_};
    if (auto writable = check_writable(); !writable)
      return writable;
    if (up_to <= std::max(end_.checkpoint, end_.first - 1))
      return {};
    if (up_to > end_.newest.index)
      return fail(errc::not_found, "there is no log entry " + std::to_string(up_to));
    const auto link = link_at(up_to);
    if (!link)
      return tl::unexpected(link.error());
    rocksdb::WriteBatch batch;
    batch.Put(db_->meta(), checkpoint_key, encode_link(*link));
    log_end next = end_;
    next.checkpoint = up_to;
    failed_ = true;
    if (auto done = directory_.sync(); !done) // What was acknowledged must not lie before it.
      return done;
    return commit(batch, next);
  }

  result<void> trim(std::uint64_t up_to) override {
    const std::lock_guard one{trimming_};
    before_trim.hit();
    const auto last = move_anchor(up_to);
    if (!last)
      return tl::unexpected(last.error());
    if (*last == 0)
      return {};
    after_trim.hit();
    return give_space_back(*last);
  }

  result<void> read(std::uint64_t from,
                    const std::function<bool(const entry&)>& visit) const override {
    return scan(*db_, from, last().index, visit);
  }

  receipt last() const override {
    const std::lock_guard guard{reading_};
    return newest_;
  }

  std::uint64_t first() const override {
    const std::lock_guard guard{reading_};
    return first_;
  }

private:
  result<void> check_writable() const {
    if (read_only_)
      return fail(errc::not_permitted, "the log was opened read-only");
    if (failed_)
      return fail(errc::io, "an earlier write to the log failed; the process must end");
    return {};
  }

  result<void> check_append(epoch writer, std::size_t payload_bytes) const {
    if (auto writable = check_writable(); !writable)
      return writable;
    const bool is_newest =
        writer == end_.granted || planted::is_on(planted::bug::epoch_not_checked);
    if (writer.value == 0 || !is_newest)
      return fail(errc::epoch_lost, "epoch " + std::to_string(writer.value) +
                                        " may not append; the log is at epoch " +
                                        std::to_string(end_.granted.value));
    if (payload_bytes > payload_bytes_max)
      return fail(errc::invalid_argument,
                  "a payload of " + std::to_string(payload_bytes) + " bytes is too large");
    return {};
  }

  /// Lets the log begin after `up_to`, or with its newest entry. What is before the anchor is not
  /// read any more. Returns the entry before the first, or 0 if nothing has changed.
  result<std::uint64_t> move_anchor(std::uint64_t up_to) {
    const std::lock_guard guard{writing_};
    if (auto writable = check_writable(); !writable)
      return tl::unexpected(writable.error());
    const std::uint64_t newest = end_.newest.index;
    const std::uint64_t last = std::min(up_to, newest - std::min<std::uint64_t>(newest, 1));
    if (last < end_.first)
      return 0;
    const auto anchor = link_at(last);
    if (!anchor)
      return tl::unexpected(anchor.error());
    rocksdb::WriteBatch batch;
    batch.Put(db_->meta(), anchor_key, encode_link(*anchor));
    log_end next = end_;
    next.first = last + 1;
    failed_ = true;
    if (auto done = directory_.sync();
        !done) // What was acknowledged must not lie before the anchor.
      return tl::unexpected(done.error());
    if (auto done = commit(batch, next); !done)
      return tl::unexpected(done.error());
    return last;
  }

  result<chain_link> link_at(std::uint64_t index) const {
    chain_link found;
    auto done = scan(*db_, index, index, [&](const entry& e) {
      found = link_of(e);
      return false;
    });
    return done.map([&] { return found; });
  }

  /// Removes files of which all is before the anchor. Appends go on meanwhile.
  result<void> give_space_back(std::uint64_t last) {
    const auto done = db_->remove_files(number_bytes(0), number_bytes(last));
    if (!done) {
      const std::lock_guard guard{writing_};
      failed_ = true;
    }
    return done;
  }

  /// Makes `batch` durable, then `next` the end of the log. A failure is final: what a failed sync
  /// left on the disk cannot be known, and asking again would lie.
  result<void> commit(rocksdb::WriteBatch& batch, const log_end& next) {
    failed_ = true;
    const stopwatch begun; // An injected hang is a slow disk.
    before_write.hit();
    if (const auto status = db_->get().Write(synced(), &batch); !status.ok())
      return fail(errc::io, "cannot write to the log: " + status.ToString());
    probe_of_log().sync.record(begun.elapsed());
    after_write.hit();
    if (auto done = directory_.acknowledge({next.newest, next.granted}); !done)
      return done;
    failed_ = false;
    end_ = next;
    const std::lock_guard guard{reading_};
    newest_ = next.newest;
    first_ = next.first;
    return {};
  }

  std::mutex trimming_;        ///< Held while files go. Taken before writing_.
  mutable std::mutex writing_; ///< Held across the sync: appends wait for each other.
  data_directory directory_;
  std::unique_ptr<database> db_; ///< Invariant: destroyed before directory_ gives up its lock.
  bool read_only_;
  bool failed_ = false;
  log_end end_;

  mutable std::mutex reading_; ///< Never held across I/O.
  receipt newest_;             ///< Invariant: equals end_.newest whenever writing_ is free.
  std::uint64_t first_;        ///< Invariant: equals end_.first whenever writing_ is free.
};

/// Opens the database without writing and verifies it from its checkpoint on, so that a damaged log
/// is left as it was found: opening it for writing drops a torn tail and deletes the WAL that
/// showed it.
result<log_end> verify_untouched(const data_directory& directory) {
  auto db = database::open(directory.path(), directory_access::read);
  if (!db)
    return tl::unexpected(db.error());
  return verify(**db, directory.at_open(), verified_part::after_checkpoint);
}

result<std::unique_ptr<log>> open_for_reading(data_directory directory, bool has_database) {
  if (!has_database)
    return fail(errc::not_found, "there is no log in " + directory.path().string());
  auto db = database::open(directory.path(), directory_access::read);
  if (!db)
    return tl::unexpected(db.error());
  // While a writer is at work a reader may come upon less than was acknowledged meanwhile.
  const auto end =
      verify(**db, directory.had_writer() ? std::nullopt : std::optional{directory.at_open()},
             verified_part::all);
  if (!end)
    return tl::unexpected(end.error());
  return std::make_unique<embedded_log>(std::move(directory), std::move(*db), *end, true);
}

result<std::unique_ptr<log>> open_for_writing(data_directory directory, bool has_database) {
  result<log_end> end;
  if (has_database)
    end = verify_untouched(directory);
  if (!end)
    return tl::unexpected(end.error());
  auto db = database::open(directory.path(), directory_access::write);
  if (!db)
    return tl::unexpected(db.error());
  if (auto done = directory.acknowledge({end->newest, end->granted}); !done)
    return tl::unexpected(done.error());
  if (auto done = directory.sync(); !done)
    return tl::unexpected(done.error());
  return std::make_unique<embedded_log>(std::move(directory), std::move(*db), *end, false);
}

} // namespace

result<std::unique_ptr<log>> open_embedded_log(const embedded_log_options& options) {
  const auto access = options.read_only ? directory_access::read : directory_access::write;
  auto directory = data_directory::open(options.directory, access, options.cluster);
  if (!directory)
    return tl::unexpected(directory.error());
  const auto has_database = database::exists(directory->path());
  if (!has_database)
    return tl::unexpected(has_database.error());
  if (!*has_database && directory->at_open() != acknowledged{})
    return fail(errc::corrupt, "the database in " + directory->path().string() + " is gone");
  return options.read_only ? open_for_reading(std::move(*directory), *has_database)
                           : open_for_writing(std::move(*directory), *has_database);
}

} // namespace ducat
