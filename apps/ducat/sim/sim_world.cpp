#include "sim/sim_world.hpp"

#include "sim/sim_clock.hpp"
#include "sim/sim_settlement.hpp"
#include "sim/sim_terminals.hpp"
#include "terminal_gateway.hpp"

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

sim_world::sim_world(std::uint64_t seed, std::uint32_t node_count, const sim_parts& with)
    : holds{with.holds} {
  for (std::uint32_t i = 1; i <= node_count; ++i)
    nodes.push_back("node" + std::to_string(i));
  if (with.cards)
    acquirer = std::make_shared<sim_acquirer>(seed);
  if (with.webhooks)
    receiver = std::make_shared<sim_receiver>();
  if (with.terminals)
    terminals = simulated_roster(sim_payer, sim_payee);
}

void sim_world::enter(testing::sim_cluster& on) const {
  if (acquirer != nullptr)
    acquirer->enter(on);
  if (receiver != nullptr)
    receiver->enter(on);
}

void sim_world::disturb(duration time) const {
  if (acquirer != nullptr)
    acquirer->disturb(time);
}

void sim_world::heal() const {
  if (acquirer != nullptr)
    acquirer->heal();
  if (receiver != nullptr)
    receiver->heal();
}

testing::describe_on_disk simulated_node(std::shared_ptr<const sim_world> around) {
  return [around = std::move(around)](node& n, const std::shared_ptr<testing::sim_disk>& disk) {
    const auto state = state_on(disk, *around);
    const handle ledger = n.replicate("ledger", machines_on(state, kept), {.store = state});
    std::vector<card_link> links;
    if (around->acquirer != nullptr)
      links.push_back(link_to(around->acquirer, n, around->holds));
    std::vector<child_spec> children{
        {.id = "payments",
         .start = start(payment::card_payment_actor, ledger, routes_over(links, n)),
         .pool = pool_spec{.size = 4, .policy = route::least_requests}},
        simulated_settlement(ledger, around->nodes, files_on(disk, around->files))};
    if (!links.empty())
      children.insert(children.begin(), acquirers_child(links, ledger, n, sim_clock_of(n)));
    if (around->terminals)
      children.push_back(terminals_child({.port = {}, .terminals = *around->terminals}, links, n));
    if (around->receiver != nullptr)
      children.push_back(simulated_delivery(around->receiver, ledger, n));
    n.supervise({.strategy = one_for_one, .restarts_max = 20, .window = 10s}, std::move(children));
  };
}

cluster::trim_rule simulated_trimming() {
  return {.entries_kept = 60, .entries_max = 200};
}

} // namespace ducat::cli
