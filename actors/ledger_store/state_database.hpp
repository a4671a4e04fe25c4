/// What a segment store keeps its segments in.
#pragma once

#include <ducat/error.hpp>

#include <rocksdb/iterator.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace ducat::ledger {

/// The column families, in the order in which they are opened.
enum class family : std::size_t {
  meta,
  transfers,
  ids,
  accounts,
  open,
  events,
  metadata_texts,
  user_data
};

class segment_writer;

/// Ordered keys and values on a disk, as a segment store uses them. What fails while it is open
/// ends the process. Members may be called from any thread.
class state_database {
public:
  /// Opens RocksDB. With `read_only` nothing is written, and no lock taken; then only members that
  /// are const are called. Errors: in_use, corrupt, io.
  static result<std::unique_ptr<state_database>> open(const std::filesystem::path& directory,
                                                      bool read_only);

  state_database() = default;
  state_database(const state_database&) = delete;
  state_database& operator=(const state_database&) = delete;
  virtual ~state_database() = default;

  /// Returns the value under `key`, nothing if there is none.
  virtual std::optional<std::string> get(family from, const std::string& key) const = 0;

  /// Returns an iterator that is nowhere yet; check() it when it has come to an end.
  virtual std::unique_ptr<rocksdb::Iterator> iterate(family over) const = 0;

  static void check(const rocksdb::Iterator& at);

  virtual void put(rocksdb::WriteBatch& batch, family into, const std::string& key,
                   const std::string& value) const = 0;
  virtual void remove(rocksdb::WriteBatch& batch, family from, const std::string& key) const = 0;

  /// Reads every file of the database and compares it with its checksum.
  /// Errors: corrupt (names the file), io.
  virtual result<void> verify() const = 0;

  /// Begins a session of writing, and ends the one before; waits for a write of that.
  virtual std::uint64_t begin_session() = 0;

  /// Returns whether no other session has begun since.
  virtual bool is_newest(std::uint64_t session) const = 0;

  /// Writes `batch` whole or not at all; it is durable when this returns. Returns whether it was
  /// written: not if another session has begun since.
  virtual bool write(std::uint64_t session, rocksdb::WriteBatch& batch) = 0;

  /// Returns who writes the segments of a session, from that number on, behind the back of the
  /// machine. This must outlive it.
  virtual std::unique_ptr<segment_writer> make_writer(std::uint64_t session, std::uint32_t first);

  /// Writes what is durable into the new directory `to`: see state_store::copy_to(). Errors: io.
  virtual result<void> copy_to(const std::filesystem::path& to) const = 0;
};

} // namespace ducat::ledger
