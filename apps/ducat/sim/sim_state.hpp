/// A fake of the store in which a machine keeps its state: on the disk of a simulated node.
#pragma once

#include <ducat/ledger/book_keeper.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/machine.hpp>
#include <ducat/state_store.hpp>
#include <ducat/testing/sim_disk.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace ducat::cli {

class sim_database;

/// Copies of states on their way from node to node, by the name of the place they go to.
using sim_copies = std::map<std::filesystem::path, std::string>;

/// In the place of ledger::store_directory, for one life of a node. Above it all is real: segments,
/// their layout, what a machine begins with and what it refuses. One thread.
class sim_state final : public state_store {
public:
  /// Errors: corrupt (what is there is damaged; a write that was under way when the power failed is
  /// no damage).
  static result<std::shared_ptr<sim_state>> open(std::shared_ptr<testing::sim_disk> disk,
                                                 std::shared_ptr<sim_copies> copies);

  explicit sim_state(std::shared_ptr<testing::sim_disk> disk, std::shared_ptr<sim_copies> copies);
  ~sim_state() override;

  /// As ledger::store_directory::begin_life().
  std::shared_ptr<ledger::segment_store> begin_life();

  const std::filesystem::path& directory() const noexcept override { return directory_; }

  result<void> copy_to(const std::filesystem::path& to) const override;
  result<void> replace_with(const std::filesystem::path& from) override;

private:
  result<void> open();

  std::shared_ptr<testing::sim_disk> disk_;
  std::shared_ptr<sim_copies> copies_;
  const std::filesystem::path directory_;
  std::shared_ptr<sim_database> db_;
};

/// Returns what makes payment machines that keep their state there.
machine_factory machines_on(std::shared_ptr<sim_state> state,
                            const ledger::keeping_limits& keeping);

} // namespace ducat::cli
