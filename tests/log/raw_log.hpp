/// The stored log, altered behind its back.
#pragma once

#include "log/entry_codec.hpp"

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::testing {

/// Returns the key of the entry at `index`, which is below 256.
inline std::string entry_key(std::uint64_t index) {
  std::string bytes(8, '\0');
  bytes[7] = static_cast<char>(index);
  return bytes;
}

/// The database under a log, opened without ducat.
class raw_log {
public:
  explicit raw_log(const std::filesystem::path& path) {
    const std::vector<rocksdb::ColumnFamilyDescriptor> families{
        {"default", {}}, {"log", {}}, {"meta", {}}};
    rocksdb::DB* db = nullptr;
    check(rocksdb::DB::Open({}, path, families, &families_, &db));
    db_.reset(db);
  }

  ~raw_log() {
    for (auto* family : families_)
      db_->DestroyColumnFamilyHandle(family);
  }

  std::string get(std::uint64_t index) const {
    std::string bytes;
    check(db_->Get({}, families_[1], entry_key(index), &bytes));
    return bytes;
  }

  entry entry_at(std::uint64_t index) const { return decode_entry(index, get(index)).value(); }

  void put(std::uint64_t index, const std::string& bytes) {
    check(db_->Put({}, families_[1], entry_key(index), bytes));
  }

  void put(const entry& e) { put(e.index, encode_entry(e)); }

  void put_key(const std::string& name, const std::string& bytes) {
    check(db_->Put({}, families_[1], name, bytes));
  }

  void remove(std::uint64_t index) { check(db_->Delete({}, families_[1], entry_key(index))); }

  void remove_epoch() { check(db_->Delete({}, families_[2], "epoch")); }

  std::string anchor() const {
    std::string bytes;
    check(db_->Get({}, families_[2], "anchor", &bytes));
    return bytes;
  }

  void put_meta(const std::string& key, const std::string& bytes) {
    check(db_->Put({}, families_[2], key, bytes));
  }

  void put_anchor(const std::string& bytes) { put_meta("anchor", bytes); }

  void remove_anchor() { check(db_->Delete({}, families_[2], "anchor")); }

private:
  static void check(const rocksdb::Status& status) {
    if (!status.ok())
      throw std::runtime_error(status.ToString());
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

} // namespace ducat::testing
