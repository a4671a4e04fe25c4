/// Random commands of a ledger with few accounts: holds, posts, voids, timeouts, chains, failures.
#pragma once

#include "ledger_world.hpp"

#include <ducat/ledger/commands.hpp>

#include <cstdint>
#include <random>
#include <vector>

namespace ducat::ledger::test {

inline transfer random_transfer(std::mt19937_64& random) {
  const auto draw = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  if (draw(4) == 0)
    return draw(2) == 0 ? make_post(draw(600) + 1, draw(600) + 1, draw(2) == 0 ? u128_max : 1)
                        : make_void(draw(600) + 1, draw(600) + 1, 0);
  transfer t = make_transfer(draw(600) + 1, draw(6) + 1, draw(6) + 1, draw(5));
  if (draw(2) == 0) {
    t.flags = transfer_flags::pending;
    t.timeout = draw(3) == 0 ? 1 : 0;
  }
  if (draw(5) == 0)
    t.flags = t.flags | transfer_flags::linked;
  t.user_data_128 = draw(4);
  t.user_data_64 = draw(4);
  t.user_data_32 = draw(4);
  return t;
}

/// Accounts 1 to 5, of which 2 and 4 keep their history.
inline std::vector<account> five_accounts() {
  std::vector<account> batch;
  for (unsigned id = 1; id <= 5; ++id)
    batch.push_back(make_account(id, id % 2 == 0 ? account_flags::history : account_flags::none));
  return batch;
}

/// Some of the ids are new, some were used before, by this source or another.
class random_commands {
public:
  /// So small that there are many segments.
  static constexpr std::size_t segment_size = 50;

  explicit random_commands(std::uint64_t seed) : random_{seed} {}

  /// Returns a batch of transfers, metadata or, at first, the accounts.
  command next() {
    if (std::exchange(is_first_, false))
      return five_accounts();
    if (random_() % 10 == 0)
      return set_metadata{.about = {subject_kind::account, random_() % 5 + 1},
                          .entries = {{"note", std::to_string(random_())}}};
    std::vector<transfer> batch;
    for (std::uint64_t left = random_() % 8 + 1; left > 0; --left) {
      batch.push_back(random_transfer(random_));
      if (random_() % 2 == 0)
        batch.back().id = {random_() % 1'000'000 + 1000};
    }
    return batch;
  }

private:
  std::mt19937_64 random_;
  bool is_first_ = true;
};

} // namespace ducat::ledger::test
