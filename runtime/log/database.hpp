/// RocksDB as the embedded log uses it: every option set, failures as ducat errors.
#pragma once

#include "log/data_directory.hpp"

#include <ducat/error.hpp>

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace ducat {

/// Returns `status`, which is not ok, as an error: in_use, io (the disk refused) or corrupt.
error error_of(const rocksdb::Status& status, std::string_view while_doing);

/// Returns the options of a write that is durable when it returns.
rocksdb::WriteOptions synced();

/// Returns the options of a read that verifies checksums and leaves the cache alone.
rocksdb::ReadOptions scanning();

/// RocksDB with its column families, closed in the right order. Members may be called from any
/// thread.
class database {
public:
  /// Opens the database in `path`; with write access creates what is missing of it. Read access
  /// writes nothing and takes no lock.
  /// Errors: in_use, corrupt, io.
  static result<std::unique_ptr<database>> open(const std::filesystem::path& path,
                                                directory_access access);

  /// Returns whether both column families exist: a crash may have cut the creation short.
  /// Writes nothing. Errors: corrupt, io.
  static result<bool> exists(const std::filesystem::path& path);

  /// Opens the database in `path` while a writer may be at work there: catch_up() shows what it has
  /// written since. Writes nothing into `path` and takes no lock.
  /// Errors: corrupt (also if a file went away while it was opened: try again), io.
  static result<std::unique_ptr<database>> follow(const std::filesystem::path& path);

  /// Shows what the writer has written so far. Only after follow(). No iterator may be in use.
  /// Errors: corrupt (see follow()), io.
  result<void> catch_up();

  /// Removes the files that hold nothing but entries between the two keys, inclusively, as far as
  /// they have left level 0. Writes go on meanwhile. Errors: io.
  result<void> remove_files(std::string_view begin, std::string_view end);

  database(const database&) = delete;
  database& operator=(const database&) = delete;
  ~database();

  rocksdb::DB& get() const noexcept { return *db_; }

  /// Returns the entries, under their big-endian index.
  rocksdb::ColumnFamilyHandle* log() const noexcept { return families_[1]; }

  /// Returns the family of the newest granted epoch.
  rocksdb::ColumnFamilyHandle* meta() const noexcept { return families_[2]; }

private:
  database() = default;

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_; ///< default (empty), log, meta.
};

} // namespace ducat
