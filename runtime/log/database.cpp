#include "log/database.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdarg>
#include <string>
#include <system_error>

namespace ducat {

namespace {

constexpr const char* log_family = "log";
constexpr const char* meta_family = "meta";

/// Keeps RocksDB's own log off the disk: its file writer aborts the process at the first line after
/// a failed write (Debian builds the library with assertions on), so that a full disk would end in
/// an abort instead of an error. What goes wrong is in the statuses.
class no_info_log final : public rocksdb::Logger {
public:
  using rocksdb::Logger::Logv;

  void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  // A record cut short at the end of the WAL is dropped, any other damage refuses the open. This
  // mode cannot be had together with recycled WAL files: there the first damage is taken for the
  // end. ACKNOWLEDGED catches what it still lets pass (a damaged length near the end).
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.recycle_log_file_num = 0;
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  options.max_bgerror_resume_count = 0; // A failed write is final: the process ends.
  options.atomic_flush = true;          // The rarely written epoch must not hold old WALs back.
  options.max_total_wal_size = 64 << 20;
  options.allow_fallocate = true;
  options.use_fsync = false; // fdatasync.
  options.max_open_files = 256;
  options.max_background_jobs = 2;
  options.info_log = std::make_shared<no_info_log>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions family_options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(8 << 20);
  table.checksum = rocksdb::ChecksumType::kXXH3;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 8 << 20;
  options.max_write_buffer_number = 3;
  options.paranoid_file_checks = true; // Each new table file is read back before it counts.
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> all_families() {
  return {{rocksdb::kDefaultColumnFamilyName, family_options()},
          {log_family, family_options()},
          {meta_family, family_options()}};
}

/// Returns a new, empty directory for RocksDB's notes about a database that it follows. It writes
/// none, since its own log is off; it only wants the directory when it opens.
result<std::filesystem::path> make_scratch_directory() {
  std::error_code code;
  std::string pattern = std::filesystem::temp_directory_path(code) / "ducat-follow-XXXXXX";
  if (code || ::mkdtemp(pattern.data()) == nullptr)
    return fail(errc::io, "cannot create a temporary directory " + pattern);
  return pattern;
}

} // namespace

error error_of(const rocksdb::Status& status, std::string_view while_doing) {
  const std::string text = status.ToString();
  std::string message = "cannot " + std::string{while_doing} + ": " + text;
  if (status.IsIOError() && text.find("lock ") != std::string::npos)
    return {errc::in_use, "the database is in use by another process: " + text};
  const bool is_disk = status.IsIOError() && !status.IsPathNotFound();
  return {is_disk || status.IsAborted() ? errc::io : errc::corrupt, std::move(message)};
}

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

rocksdb::ReadOptions scanning() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  return options;
}

result<bool> database::exists(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path / "CURRENT"))
    return false;
  std::vector<std::string> names;
  const auto status = rocksdb::DB::ListColumnFamilies(database_options(), path, &names);
  if (!status.ok())
    return tl::unexpected(error_of(status, "list the column families"));
  const auto has = [&](const char* name) { return std::ranges::count(names, name) == 1; };
  return has(log_family) && has(meta_family);
}

result<std::unique_ptr<database>> database::open(const std::filesystem::path& path,
                                                 directory_access access) {
  rocksdb::DBOptions options = database_options();
  options.create_if_missing = options.create_missing_column_families =
      access == directory_access::write;
  std::unique_ptr<database> opened{new database};
  rocksdb::DB* db = nullptr;
  const auto status =
      access == directory_access::write
          ? rocksdb::DB::Open(options, path, all_families(), &opened->families_, &db)
          : rocksdb::DB::OpenForReadOnly(options, path, all_families(), &opened->families_, &db);
  opened->db_.reset(db);
  if (!status.ok())
    return tl::unexpected(error_of(status, "open the log in " + path.string()));
  return opened;
}

result<std::unique_ptr<database>> database::follow(const std::filesystem::path& path) {
  rocksdb::DBOptions options = database_options();
  options.max_open_files = -1; // What the writer deletes stays readable.
  const auto scratch = make_scratch_directory();
  if (!scratch)
    return tl::unexpected(scratch.error());
  std::unique_ptr<database> opened{new database};
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::OpenAsSecondary(options, path, *scratch, all_families(),
                                                   &opened->families_, &db);
  opened->db_.reset(db);
  std::error_code ignored;
  std::filesystem::remove_all(*scratch, ignored);
  if (!status.ok())
    return tl::unexpected(error_of(status, "open the log in " + path.string()));
  return opened;
}

result<void> database::catch_up() {
  if (const auto status = db_->TryCatchUpWithPrimary(); !status.ok())
    return tl::unexpected(error_of(status, "follow the log"));
  return {};
}

result<void> database::remove_files(std::string_view begin, std::string_view end) {
  const rocksdb::Slice from{begin.data(), begin.size()};
  const rocksdb::Slice to{end.data(), end.size()};
  if (const auto status = rocksdb::DeleteFilesInRange(db_.get(), log(), &from, &to); !status.ok())
    return fail(errc::io, "cannot remove files of the log: " + status.ToString());
  return {};
}

database::~database() {
  for (rocksdb::ColumnFamilyHandle* family : families_)
    db_->DestroyColumnFamilyHandle(family);
}

} // namespace ducat
