/// A machine that is asked for random things, and the log of those that had an effect.
#pragma once

#include "check/checker.hpp"
#include "settlement/draw.hpp"
#include "settlement/settlement_world.hpp"

#include <set>
#include <string>
#include <vector>

namespace ducat::testing {

class random_history {
public:
  random_history(std::uint64_t seed, v1::SettlementModel model);

  /// Asks for one thing.
  void step();

  /// Returns what the checker says of the log, and of `more` after it.
  cli::verdict judge(const std::vector<v1::Command>& more = {},
                     const std::vector<std::string>& said = {}) const;

  /// Returns what the machine says of settlement, as lists in JSON.
  std::vector<std::string> said() const;

  /// Expects that the accounts of the machine hold what the checker has added up.
  void expect_same_balances(const cli::verdict& judged) const;

  /// Returns the newest commands that had no effect.
  const std::vector<v1::Command>& refused() const noexcept { return refused_; }

  std::size_t entries() const noexcept { return at_.size(); }

private:
  void run(const v1::Command& command);
  void let_pass();
  v1::Command payment();
  v1::Command attempt();
  v1::Command change();
  v1::Command terminal();
  v1::Command window();
  v1::Command payout();
  v1::Command exception();
  v1::Command terms();

  std::int64_t pick(std::int64_t from) { return random_.whole(0, from - 1); }

  bool one_in(std::int64_t many) { return pick(many) == 0; }

  std::string key(const char* kind) { return kind + std::to_string(++keys_); }

  /// Returns one of the newest payments, mostly; of those in one of the states, if it finds one.
  std::string some_payment(const std::set<v1::Payment::State>& in);
  std::string some_key();

  std::int64_t some_amount() {
    return one_in(2) ? random_.whole(1, 2'000) : 100 * random_.whole(1, 20);
  }

  settlement::test::draw random_;
  settlement::test::settlement_world world_;
  std::vector<std::uint64_t> at_{}; ///< Of each entry.
  std::vector<std::string> payment_keys_{};
  std::vector<v1::Command> refused_{};
  std::uint64_t passed_ = 0;
  int keys_ = 0;
};

} // namespace ducat::testing
