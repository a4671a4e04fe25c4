/// Payments in a simulated cluster that breaks all the time: what was acknowledged is there once.

#include "payment_load.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <iostream>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

/// Something breaks, and is whole again within three seconds.
void break_something(sim_cluster& on) {
  const std::string node = on.nodes()[on.draw(on.nodes().size())];
  const duration later{static_cast<duration::rep>(on.draw(3'000'000'000))};
  switch (on.draw(8)) {
  case 0:
    on.after_messages(on.draw(200), [&on, node] { on.kill(node); });
    on.after(later, [&on, node] { on.restart(node); });
    return;
  case 1:
    on.isolate(node);
    on.after(later, [&on] { on.join_all(); });
    return;
  case 2:
    on.stop(node);
    on.after(later, [&on, node] { on.go_on(node); });
    return;
  case 3:
    on.arm("durable.before_append", {.kind = fault_kind::exit}, node);
    return;
  case 4:
    on.cut("log", node); // What it writes is written, and it is not told.
    on.after(later, [&on] { on.join_all(); });
    return;
  case 5:
    on.arm("payment.after_authorize", {.kind = fault_kind::crash, .times = 3});
    return;
  case 6:
    on.crash(node, "payments/w" + std::to_string(1 + on.draw(4)));
    return;
  default:
    on.crash(node, "ledger");
  }
}

/// Whatever the faults have left behind.
void heal(sim_cluster& on) {
  on.join_all();
  for (const std::string& each : on.nodes()) {
    on.go_on(each);
    on.restart(each);
  }
}

struct outcome {
  digest trace;
  std::uint64_t paid = 0;
  std::uint64_t unknown = 0;
};

outcome run(std::uint64_t seed) {
  constexpr int payments = 200;
  sim_cluster cluster{{.seed = seed}, describe_payments};
  cluster.run_for(1s);
  payment_load load{cluster};
  load.open_accounts();
  load.pay(payments);
  for (int faults = 0; faults < 4; ++faults) {
    break_something(cluster);
    cluster.run_for(duration{static_cast<duration::rep>(cluster.draw(1'000'000'000))});
  }
  cluster.run_for(3s);
  heal(cluster);
  EXPECT_TRUE(load.settle()) << "an outcome stays unknown, seed " << seed;
  EXPECT_EQ(load.paid(), payments) << "seed " << seed;
  for (const std::string& each : cluster.nodes()) {
    const auto balance = load.balance(each);
    EXPECT_TRUE(balance) << each << ", seed " << seed;
    EXPECT_EQ(balance.value_or(0), payments * payment_load::amount) << each << ", seed " << seed;
  }
  return {cluster.trace(), load.paid(), load.unknown()};
}

TEST(PaymentsInASimulation, AreMadeOnceWhateverBreaks) {
  const char* const given = std::getenv("DUCAT_SEED");
  const std::uint64_t first = given == nullptr ? 1 : std::stoull(given);
  const std::uint64_t runs = given == nullptr ? 100 : 1;
  std::uint64_t unknown = 0;
  for (std::uint64_t seed = first; seed < first + runs && !HasFailure(); ++seed)
    unknown += run(seed).unknown;
  std::cout << "seeds " << first << " to " << first + runs - 1 << ", answers unknown " << unknown
            << '\n';
  if (given == nullptr) {
    EXPECT_GT(unknown, runs) << "too little was broken to say anything";
  }
}

TEST(PaymentsInASimulation, RunTheSameWayTwice) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    EXPECT_EQ(to_hex(run(seed).trace), to_hex(run(seed).trace)) << "seed " << seed;
}

} // namespace
} // namespace ducat::testing
