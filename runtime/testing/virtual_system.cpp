#include <ducat/testing/virtual_system.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <cstddef>

namespace ducat::testing {

namespace {

struct testing_policy final : caf::actor_system_config {
  testing_policy() { set("scheduler.policy", caf::atom("testing")); }
};

/// Asked at each message of a simulation: what says that it is an actor is spared the walk over its
/// bases.
const caf::scheduled_actor* as_actor(const caf::resumable& job) {
  return job.subtype() == caf::resumable::scheduled_actor
             ? static_cast<const caf::scheduled_actor*>(&job)
             : dynamic_cast<const caf::scheduled_actor*>(&job);
}

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

std::size_t virtual_system::ready() const {
  return state_->scheduler.jobs.size();
}

std::uint64_t virtual_system::ready_actor(std::size_t at) const {
  const auto* const actor = as_actor(*state_->scheduler.jobs.at(at));
  return actor == nullptr ? 0 : actor->id();
}

void virtual_system::run_ready(std::size_t at) {
  auto& jobs = state_->scheduler.jobs;
  const auto chosen = jobs.begin() + static_cast<std::ptrdiff_t>(at);
  std::rotate(jobs.begin(), chosen, chosen + 1);
  state_->scheduler.run_once();
}

std::uint64_t virtual_system::newest_actor() const {
  return state_->system.latest_actor_id();
}

std::optional<time_point> virtual_system::next_timer() const {
  const auto& schedule = state_->clock().schedule();
  return schedule.empty() ? std::nullopt : std::optional{schedule.begin()->first};
}

void virtual_system::move_clock_to(time_point when) {
  state_->scheduler.advance_time(std::max(when - now(), duration::zero())); // Also what is due now.
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
