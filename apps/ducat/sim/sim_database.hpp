/// A fake of RocksDB on the disk of a simulated node.
#pragma once

#include "ledger_store/state_database.hpp"

#include <ducat/testing/sim_disk.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::cli {

/// One file of batches, each with its checksum, behind a sector that says how much of it counts: a
/// batch is there when that sector says so. What is there is read when it is opened, and damage is
/// found then. One thread.
class sim_database final : public ledger::state_database,
                           public std::enable_shared_from_this<sim_database> {
public:
  using rows = std::map<std::string, std::string>; ///< A key begins with its family.

  explicit sim_database(std::shared_ptr<testing::sim_disk> disk) : disk_{std::move(disk)} {}

  /// Reads what is there. Errors: corrupt.
  result<void> open();

  /// Expects that `file` can be opened. Errors: corrupt.
  static result<void> check_file(std::string_view file);

  /// Returns the file, as far as it counts.
  std::string file() const;

  std::optional<std::string> get(ledger::family from, const std::string& key) const override;
  std::unique_ptr<rocksdb::Iterator> iterate(ledger::family over) const override;
  void put(rocksdb::WriteBatch& batch, ledger::family into, const std::string& key,
           const std::string& value) const override;
  void remove(rocksdb::WriteBatch& batch, ledger::family from,
              const std::string& key) const override;
  result<void> verify() const override;
  std::uint64_t begin_session() override;

  bool is_newest(std::uint64_t session) const override { return session == session_; }

  bool write(std::uint64_t session, rocksdb::WriteBatch& batch) override;
  std::unique_ptr<ledger::segment_writer> make_writer(std::uint64_t session,
                                                      std::uint32_t first) override;

  /// There are no directories: see file().
  result<void> copy_to(const std::filesystem::path& to) const override;

private:
  void make_durable(const std::string& batch);

  std::shared_ptr<testing::sim_disk> disk_;
  std::shared_ptr<rows> rows_ = std::make_shared<rows>(); ///< Iterators share it, as it was.
  std::size_t end_ = testing::sector_bytes;               ///< Of what counts.
  std::uint64_t session_ = 0;
  bool is_writing_ = false;
};

/// The file's name on the disk.
inline const std::string sim_state_file = "state";

} // namespace ducat::cli
