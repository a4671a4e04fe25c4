#include "ledger_store/state_database.hpp"

#include "ledger_store/fault_points.hpp"
#include "ledger_store/file_checksum.hpp"
#include "ledger_store/writer_thread.hpp"

#include <ducat/fatal.hpp>

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <unistd.h>

#include <cstdarg>
#include <mutex>
#include <system_error>
#include <vector>

namespace ducat::ledger {

namespace {

/// Keeps RocksDB's own log off the disk; what goes wrong is in the statuses.
class no_info_log final : public rocksdb::Logger {
public:
  using rocksdb::Logger::Logv;

  void Logv(const char*, va_list) override {}
};

/// There is no WAL: the log of the node is one. A segment is one batch, and one flush of all
/// families makes it durable.
rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.paranoid_checks = true;
  options.max_bgerror_resume_count = 0; // A failed write is final: the process ends.
  options.atomic_flush = true;
  options.max_open_files = 512;
  options.max_background_jobs = 4; // A flush, and others beside a merge that takes long.
  options.file_checksum_gen_factory = file_checksums();
  options.bytes_per_sync = 1 << 20; // Spreads the work of the sync at the end of a file.
  options.info_log = std::make_shared<no_info_log>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

/// For keys that are written in their order: their files are never merged, only moved.
rocksdb::ColumnFamilyOptions ordered_family(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true; // So that the cache bounds them too.
  // In small parts: a look for an id that is in no order costs one of them, not a file's whole
  // filter.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_block_size = 4096;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(12));
  table.block_size = 16 * 1024;
  table.checksum = rocksdb::ChecksumType::kXXH3;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 256 << 20; // More than a segment: only its own flush writes it out.
  options.target_file_size_base = 64 << 20;
  options.max_bytes_for_level_base = 512 << 20;
  // A flush waits for merges only when they are far behind: the machine waits for it.
  options.level0_slowdown_writes_trigger = 64;
  options.level0_stop_writes_trigger = 128;
  return options;
}

/// For keys in no order, which all files share. By levels, a few small segments have a whole level
/// written again; here each is merged with what is about as large.
rocksdb::ColumnFamilyOptions scattered_family(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = ordered_family(cache);
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  return options;
}

/// Returns whether a database may be made in `directory`: nothing was ever stored there.
bool is_free(const std::filesystem::path& directory) {
  std::error_code code;
  for (const auto& each : std::filesystem::directory_iterator{directory, code})
    if (each.path().extension() == ".sst")
      return false;
  return !code || code == std::errc::no_such_file_or_directory;
}

/// Makes the directory, durably: the log may be trimmed behind what is in it.
result<void> make_directory(const std::filesystem::path& directory) {
  std::error_code code;
  if (std::filesystem::exists(directory, code))
    return {};
  std::filesystem::create_directory(directory, code);
  const int parent = ::open(directory.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_durable = !code && parent >= 0 && ::fsync(parent) == 0;
  if (parent >= 0)
    ::close(parent);
  if (!is_durable)
    return fail(errc::io, "cannot create " + directory.string());
  return {};
}

[[noreturn]] void give_up(const rocksdb::Status& status, const char* while_doing) {
  const bool is_disk = status.IsIOError();
  end_process({is_disk ? errc::io : errc::corrupt,
               std::string{"cannot "} + while_doing + " the ledger's state: " + status.ToString()});
}

class rocksdb_database final : public state_database {
public:
  ~rocksdb_database() override {
    for (rocksdb::ColumnFamilyHandle* each : families_)
      db_->DestroyColumnFamilyHandle(each);
  }

  rocksdb::Status open(const rocksdb::DBOptions& options, const std::string& directory,
                       bool read_only) {
    const auto cache = rocksdb::NewLRUCache(128 << 20);
    const std::vector<rocksdb::ColumnFamilyDescriptor> families{
        {rocksdb::kDefaultColumnFamilyName, scattered_family(cache)},
        {"transfers", ordered_family(cache)},
        {"ids", scattered_family(cache)},
        {"accounts", scattered_family(cache)},
        {"open", scattered_family(cache)},
        {"events", ordered_family(cache)},
        {"metadata", scattered_family(cache)},
        {"user_data", scattered_family(cache)}};
    rocksdb::DB* db = nullptr;
    const auto status =
        read_only ? rocksdb::DB::OpenForReadOnly(options, directory, families, &families_, &db)
                  : rocksdb::DB::Open(options, directory, families, &families_, &db);
    db_.reset(db);
    if (status.ok())
      db->GetEnv()->LowerThreadPoolCPUPriority(rocksdb::Env::LOW); // Merges can wait.
    return status;
  }

  std::optional<std::string> get(family from, const std::string& key) const override {
    std::string value;
    const auto status = db_->Get({}, handle(from), key, &value);
    if (status.IsNotFound())
      return std::nullopt;
    if (!status.ok())
      give_up(status, "read");
    return value;
  }

  std::unique_ptr<rocksdb::Iterator> iterate(family over) const override {
    return std::unique_ptr<rocksdb::Iterator>{db_->NewIterator({}, handle(over))};
  }

  result<void> verify() const override {
    if (const auto status = db_->VerifyFileChecksums({}); !status.ok())
      return fail(status.IsIOError() ? errc::io : errc::corrupt,
                  "the ledger's state: " + status.ToString());
    return {};
  }

  void put(rocksdb::WriteBatch& batch, family into, const std::string& key,
           const std::string& value) const override {
    batch.Put(handle(into), key, value);
  }

  void remove(rocksdb::WriteBatch& batch, family from, const std::string& key) const override {
    batch.Delete(handle(from), key);
  }

  std::uint64_t begin_session() override {
    const std::lock_guard guard{writing_};
    return ++session_;
  }

  bool is_newest(std::uint64_t session) const override {
    const std::lock_guard guard{writing_};
    return session == session_;
  }

  bool write(std::uint64_t session, rocksdb::WriteBatch& batch) override {
    const std::lock_guard guard{writing_};
    if (session != session_)
      return false;
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    if (const auto status = db_->Write(options, &batch); !status.ok())
      give_up(status, "write");
    before_flush.hit();
    if (const auto status = db_->Flush({}, families_); !status.ok())
      give_up(status, "write");
    return true;
  }

  /// Between two writes: then there is nothing in memory only.
  result<void> copy_to(const std::filesystem::path& to) const override {
    const std::lock_guard guard{writing_};
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint{made};
    if (status.ok())
      status = checkpoint->CreateCheckpoint(to.string());
    if (!status.ok())
      return fail(errc::io,
                  "cannot copy the ledger's state to " + to.string() + ": " + status.ToString());
    return {};
  }

private:
  rocksdb::ColumnFamilyHandle* handle(family of) const {
    return families_[static_cast<std::size_t>(of)];
  }

  std::unique_ptr<rocksdb::DB> db_;
  mutable std::mutex writing_;
  std::uint64_t session_ = 0; ///< The newest. Needs `writing_`.
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

} // namespace

result<std::unique_ptr<state_database>> state_database::open(const std::filesystem::path& directory,
                                                             bool read_only) {
  if (auto made = read_only ? result<void>{} : make_directory(directory); !made)
    return tl::unexpected(made.error());
  rocksdb::DBOptions options = database_options();
  options.create_if_missing = options.create_missing_column_families =
      !read_only && is_free(directory);
  auto opened = std::make_unique<rocksdb_database>();
  const auto status = opened->open(options, directory.string(), read_only);
  if (status.ok())
    return opened;
  const std::string text = "the ledger's state in " + directory.string() + ": " + status.ToString();
  if (status.IsIOError() && text.find("lock ") != std::string::npos)
    return fail(errc::in_use, text);
  return fail(status.IsIOError() && !status.IsPathNotFound() ? errc::io : errc::corrupt, text);
}

void state_database::check(const rocksdb::Iterator& at) {
  if (!at.status().ok())
    give_up(at.status(), "read");
}

std::unique_ptr<segment_writer> state_database::make_writer(std::uint64_t session,
                                                            std::uint32_t first) {
  return std::make_unique<writer_thread>(*this, session, first);
}

} // namespace ducat::ledger
