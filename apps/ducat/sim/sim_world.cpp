#include "sim/sim_world.hpp"

#include "sim/sim_settlement.hpp"

#include <ducat/fatal.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;

namespace {

/// Often, so that there is much to break.
constexpr ledger::keeping_limits kept{.records = 200, .entries = 25};

std::shared_ptr<sim_state> state_on(const std::shared_ptr<testing::sim_disk>& disk,
                                    const sim_world& around) {
  auto state = sim_state::open(disk, around.copies);
  if (!state)
    end_process(state.error());
  return std::move(*state);
}

} // namespace

testing::describe_on_disk simulated_node(std::shared_ptr<const sim_world> around) {
  return [around = std::move(around)](node& n, const std::shared_ptr<testing::sim_disk>& disk) {
    const auto state = state_on(disk, *around);
    const handle ledger = n.replicate("ledger", machines_on(state, kept), {.store = state});
    n.supervise({.strategy = one_for_one, .restarts_max = 20, .window = 10s},
                {{.id = "payments",
                  .start = start(payment::payment_actor, ledger),
                  .pool = pool_spec{.size = 4, .policy = route::least_requests}},
                 simulated_settlement(ledger, around->nodes, files_on(disk, around->files))});
  };
}

cluster::trim_rule simulated_trimming() {
  return {.entries_kept = 60, .entries_max = 200};
}

} // namespace ducat::cli
