/// RocksDB as a segment store uses it. What fails while it is open ends the process.
#pragma once

#include <ducat/error.hpp>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

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

/// Members may be called from any thread.
class state_database {
public:
  /// With `read_only` nothing is written, and no lock taken; then only members that are const are
  /// called. Errors: in_use, corrupt, io.
  static result<std::unique_ptr<state_database>> open(const std::filesystem::path& directory,
                                                      bool read_only);

  state_database(const state_database&) = delete;
  state_database& operator=(const state_database&) = delete;
  ~state_database();

  /// Returns the value under `key`, nothing if there is none.
  std::optional<std::string> get(family from, const std::string& key) const;

  /// Returns an iterator that is nowhere yet; check() it when it has come to an end.
  std::unique_ptr<rocksdb::Iterator> iterate(family over) const;

  static void check(const rocksdb::Iterator& at);

  void put(rocksdb::WriteBatch& batch, family into, const std::string& key,
           const std::string& value) const;
  void remove(rocksdb::WriteBatch& batch, family from, const std::string& key) const;

  /// Reads every file of the database and compares it with its checksum.
  /// Errors: corrupt (names the file), io.
  result<void> verify() const;

  /// Begins a session of writing, and ends the one before; waits for a write of that.
  std::uint64_t begin_session();

  /// Returns whether no other session has begun since.
  bool is_newest(std::uint64_t session) const;

  /// Writes `batch` whole or not at all; it is durable when this returns. Returns whether it was
  /// written: not if another session has begun since.
  bool write(std::uint64_t session, rocksdb::WriteBatch& batch);

  /// Writes what is durable into the new directory `to`: see state_store::copy_to(). Errors: io.
  result<void> copy_to(const std::filesystem::path& to) const;

private:
  state_database() = default;

  rocksdb::ColumnFamilyHandle* handle(family of) const {
    return families_[static_cast<std::size_t>(of)];
  }

  std::unique_ptr<rocksdb::DB> db_;
  mutable std::mutex writing_;
  std::uint64_t session_ = 0; ///< The newest. Needs `writing_`.
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

} // namespace ducat::ledger
