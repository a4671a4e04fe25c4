#include "sim/sim_state.hpp"

#include "ledger_store/segment_store.hpp"
#include "sim/sim_database.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/machine.hpp>

#include <utility>

namespace ducat::cli {

sim_state::sim_state(std::shared_ptr<testing::sim_disk> disk, std::shared_ptr<sim_copies> copies)
    : disk_{std::move(disk)}, copies_{std::move(copies)}, directory_{disk_->node() + "/state"} {}

sim_state::~sim_state() = default;

result<std::shared_ptr<sim_state>> sim_state::open(std::shared_ptr<testing::sim_disk> disk,
                                                   std::shared_ptr<sim_copies> copies) {
  auto made = std::make_shared<sim_state>(std::move(disk), std::move(copies));
  return made->open().map([&] { return made; });
}

result<void> sim_state::open() {
  db_ = std::make_shared<sim_database>(disk_);
  return db_->open().and_then([this] { return ledger::check_state(*db_, directory_); });
}

std::shared_ptr<ledger::segment_store> sim_state::begin_life() {
  return ledger::make_segment_store(db_);
}

result<void> sim_state::copy_to(const std::filesystem::path& to) const {
  (*copies_)[to] = db_->file();
  return {};
}

result<void> sim_state::replace_with(const std::filesystem::path& from) {
  if (db_.use_count() > 1)
    return fail(errc::in_use, "the state of " + disk_->node() + " is in use");
  auto copy = copies_->extract(from);
  DUCAT_CHECK(!copy.empty());
  if (auto good = sim_database::check_file(copy.mapped()); !good)
    return good;
  if (auto done = disk_->replace(sim_state_file, std::move(copy.mapped())); !done)
    return done;
  return open();
}

machine_factory machines_on(std::shared_ptr<sim_state> state,
                            const ledger::keeping_limits& keeping) {
  return [state = std::move(state), keeping] {
    return std::make_unique<payment::machine>(state->begin_life(), keeping);
  };
}

} // namespace ducat::cli
