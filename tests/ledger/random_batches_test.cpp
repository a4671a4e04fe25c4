#include "command_generator.hpp"
#include "duel.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

namespace ducat::ledger::test {

namespace {

constexpr std::size_t commands_per_world = 250; ///< Short worlds: a new one is another mixture.

#if defined(DUCAT_ADDRESS_SANITIZED) || defined(DUCAT_THREAD_SANITIZED) || !defined(__OPTIMIZE__)
constexpr std::uint64_t commands_by_default = 100'000;
#else
constexpr std::uint64_t commands_by_default = 1'000'000;
#endif

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::stoull(given) : otherwise;
}

std::uint64_t seed_of_world = 0; ///< For when the book finds itself corrupt and aborts.

void print_seed(int) {
  std::cerr << "aborted in the world of DUCAT_SEED=" << seed_of_world << std::endl;
}

/// A world with its own seed, until it has had its commands or the two differ.
struct world {
  world(std::uint64_t seed, outcomes_seen& seen) {
    seed_of_world = seed;
    command_generator generator(seed);
    duel fight(seen);
    while (wrong.empty() && commands < commands_per_world)
      run(fight, generator.next(fight.model()));
    if (wrong.empty())
      run(fight, look_closely{});
  }

  void run(duel& fight, command next) {
    history.push_back(std::move(next));
    commands += size_of(history.back());
    wrong = fight.run(history.back());
  }

  std::vector<command> history;
  std::size_t commands = 0;
  std::string wrong;
};

std::string report_of(const world& failed) {
  const shrinker shrunk(failed.history);
  const verdict v = judge(shrunk.commands());
  std::ostringstream report;
  report << v.wrong << "\nafter the commands\n";
  for (const command& c : shrunk.commands())
    report << c << '\n';
  return report.str();
}

/// Expects that of every outcome with a name, up to `last`, there was one.
template <class Outcome>
void expect_complete(const std::set<Outcome>& seen, Outcome last) {
  for (int number = 0; number <= static_cast<int>(last); ++number) {
    const auto outcome = static_cast<Outcome>(number);
    EXPECT_TRUE(to_string(outcome) == "unknown" || seen.contains(outcome)) << outcome;
  }
}

} // namespace

TEST(LedgerProperties, ABookAgreesWithANaiveModelAndKeepsItsInvariants) {
  const std::uint64_t seed = number_from("DUCAT_SEED", 20'240'601);
  const std::uint64_t wanted = number_from("DUCAT_COMMANDS", commands_by_default);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::signal(SIGABRT, print_seed);
  outcomes_seen seen;
  std::uint64_t commands = 0;
  for (std::uint64_t i = 0; commands < wanted && !HasFailure(); ++i) {
    const world next(seed + i, seen);
    commands += next.commands;
    if (!next.wrong.empty())
      ADD_FAILURE() << "world of DUCAT_SEED=" << seed + i << ": " << report_of(next);
  }
  std::signal(SIGABRT, SIG_DFL);
  std::cout << "commands=" << commands << " seed=" << seed << '\n';
  RecordProperty("commands", std::to_string(commands));
  if (HasFailure() || commands < 100'000)
    return; // too few to have seen everything
  expect_complete(seen.accounts, account_outcome::imported_event_timestamp_must_not_regress);
  expect_complete(seen.transfers, transfer_outcome::exceeds_debits);
}

} // namespace ducat::ledger::test
