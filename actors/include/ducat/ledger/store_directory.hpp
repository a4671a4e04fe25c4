/// The directory of a segment store, which the lives of a machine use one after the other.
#pragma once

#include <ducat/error.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/state_store.hpp>

#include <filesystem>
#include <memory>
#include <mutex>

namespace ducat::ledger {

class state_database;

class store_directory final : public state_store {
public:
  /// Opens or creates the store in `directory`, which only this object uses.
  /// Errors: in_use, corrupt, newer_version, io.
  static result<std::shared_ptr<store_directory>> open(const std::filesystem::path& directory);

  explicit store_directory(std::filesystem::path directory);
  ~store_directory() override;

  /// Returns the store for another life of the machine. That of the life before takes nothing more:
  /// a life that was given up and goes on writes nothing over what its successor has written.
  std::shared_ptr<segment_store> begin_life();

  const std::filesystem::path& directory() const noexcept override { return directory_; }

  result<void> copy_to(const std::filesystem::path& to) const override;
  result<void> replace_with(const std::filesystem::path& from) override;

private:
  result<void> open();

  const std::filesystem::path directory_;
  mutable std::mutex guard_;
  std::shared_ptr<state_database> db_; ///< Needs the guard.
};

} // namespace ducat::ledger
