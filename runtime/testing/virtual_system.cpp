#include <ducat/testing/virtual_system.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace ducat::testing {

namespace {

struct testing_policy final : caf::actor_system_config {
  testing_policy() { set("scheduler.policy", caf::atom("testing")); }
};

} // namespace

struct virtual_system::state {
  testing_policy config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());

  auto& clock() { return scheduler.clock(); }

  /// Runs whatever is due before `end`, and returns whether something was.
  bool step(time_point end) {
    const auto& schedule = clock().schedule();
    if (schedule.empty() || schedule.begin()->first > end)
      return false;
    clock().trigger_timeout();
    scheduler.run();
    return true;
  }
};

virtual_system::virtual_system() : state_{std::make_unique<state>()} {}

/// CAF waits for the actors that are left, so nobody may wait for the clock any more.
virtual_system::~virtual_system() {
  run();
  state_->clock().cancel_all();
  run();
}

caf::actor_system& virtual_system::get() noexcept {
  return state_->system;
}

time_point virtual_system::now() const {
  return state_->clock().now();
}

void virtual_system::run() {
  state_->scheduler.run();
}

void virtual_system::advance(duration by) {
  const time_point end = now() + by;
  run();
  while (state_->step(end)) {
  }
  state_->scheduler.advance_time(end - now());
  run();
}

void virtual_system::run_to_the_end() {
  run();
  while (state_->step(time_point::max())) {
  }
}

bool virtual_system::run_until(const std::function<bool()>& done) {
  const time_point end = now() + virtual_patience;
  run();
  while (!done())
    if (!state_->step(end))
      return false;
  return true;
}

} // namespace ducat::testing
