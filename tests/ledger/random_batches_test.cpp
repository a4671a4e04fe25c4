#include "ledger_world.hpp"
#include "naive_ledger.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>

namespace ducat::ledger::test {

namespace {

constexpr unsigned rounds = 1000;
constexpr unsigned commands_per_round = 200;

std::uint64_t seed_of_run() {
  const char* given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::stoull(given) : 20'240'601;
}

/// Makes batches that are mostly meaningful, with every mistake a client could make thrown in.
class generator {
public:
  explicit generator(std::uint64_t seed) : random_(seed), huge_(one_in(4)) {}

  std::vector<account> accounts() {
    std::vector<account> all{make_account(9, account_flags::none, 2)};
    for (unsigned id = 1; id <= 8; ++id)
      all.push_back(make_account(id, one_in(3) ? account_flags(2 << below(2)) : account_flags{}));
    return all;
  }

  std::vector<transfer> batch() {
    std::vector<transfer> events(1 + below(8));
    for (transfer& t : events)
      t = event();
    return events;
  }

private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  bool one_in(unsigned n) { return below(n) == 0; }

  transfer event() {
    transfer t = one_in(10) && !sent_.empty() ? sent_[below(sent_.size())] : fresh();
    if (one_in(6))
      spoil(t);
    sent_.push_back(t);
    return t;
  }

  transfer fresh() {
    const u128 id = ++newest_;
    transfer t = one_in(3) ? resolution(id) : movement(id);
    if (one_in(5))
      t.flags = t.flags | transfer_flags::linked;
    if (one_in(4))
      t.user_data_64 = below(3);
    return t;
  }

  transfer movement(u128 id) {
    transfer t = make_transfer(id, 1 + below(8), 1 + below(8), amount());
    if (one_in(2))
      t.flags = transfer_flags::pending;
    return t;
  }

  transfer resolution(u128 id) {
    transfer t = make_resolution(id, 1 + below(newest_), amount(), transfer_flags(4u << below(2)));
    if (one_in(3))
      t.amount = one_in(2) ? u128_max : 0;
    return t;
  }

  u128 amount() { return huge_ && one_in(15) ? u128_max - below(20) : below(30); }

  u128 odd_id() { return one_in(3) ? u128_max : below(3); }

  void spoil(transfer& t) {
    switch (below(14)) {
    case 0:
      return void(t.timestamp = {1});
    case 1:
      return void(t.flags = t.flags | transfer_flags(1u << below(16)));
    case 2:
      return void(t.id = {odd_id()});
    case 3:
      return void(t.id = {1 + below(newest_ + 1)});
    case 4:
      return void(t.debit_account_id = {one_in(2) ? odd_id() : below(12)});
    case 5:
      return void(t.credit_account_id = {one_in(2) ? odd_id() : below(12)});
    case 6:
      return void(t.amount = below(30));
    case 7:
      return void(t.pending_id = {one_in(2) ? odd_id() : 1 + below(newest_)});
    case 8:
      return void(t.pending_id = t.id);
    case 9:
      return void(t.user_data_128 = below(3));
    case 10:
      return void(t.user_data_32 = static_cast<std::uint32_t>(below(3)));
    case 11:
      return void(t.user_data_64 = below(3));
    case 12:
      return void(t.ledger = static_cast<std::uint32_t>(below(3)));
    default:
      return void(t.code = static_cast<std::uint16_t>(below(3)));
    }
  }

  std::mt19937_64 random_;
  bool huge_; ///< Whether some amounts come near the end of the range.
  std::uint64_t newest_ = 0;
  std::vector<transfer> sent_;
};

void expect_same_account(const account& real, const naive_ledger& naive) {
  using t = transfer;
  EXPECT_TRUE(real.debits_pending == naive.pending(&t::debit_account_id, real.id)) << real;
  EXPECT_TRUE(real.debits_posted == naive.posted(&t::debit_account_id, real.id)) << real;
  EXPECT_TRUE(real.credits_pending == naive.pending(&t::credit_account_id, real.id)) << real;
  EXPECT_TRUE(real.credits_posted == naive.posted(&t::credit_account_id, real.id)) << real;
}

// I1, I2: in each ledger debits equal credits, posted and pending.
void expect_balanced(const book& real) {
  for (const auto& [ledger, sums] : real.totals()) {
    EXPECT_TRUE(sums.debits_posted == sums.credits_posted) << "ledger " << ledger;
    EXPECT_TRUE(sums.debits_pending == sums.credits_pending) << "ledger " << ledger;
  }
}

// I3: no bound is violated.
void expect_within_bounds(const account& a) {
  const bool debits_bound = has(a.flags, account_flags::debits_must_not_exceed_credits);
  const bool credits_bound = has(a.flags, account_flags::credits_must_not_exceed_debits);
  EXPECT_TRUE(!debits_bound || a.debits_pending + a.debits_posted <= a.credits_posted) << a;
  EXPECT_TRUE(!credits_bound || a.credits_pending + a.credits_posted <= a.debits_posted) << a;
}

// I4: what is posted only grows.
void expect_grown(const account& before, const account& now) {
  EXPECT_TRUE(before.debits_posted <= now.debits_posted) << now;
  EXPECT_TRUE(before.credits_posted <= now.credits_posted) << now;
}

// I5: a pending transfer is resolved at most once, and its status says how.
void expect_resolved_at_most_once(const book& real, const naive_ledger& naive) {
  std::map<transfer_id, pending_status> resolved;
  for (const transfer& t : naive.transfers) {
    if (t.pending_id == transfer_id{})
      continue;
    const bool posted = has(t.flags, transfer_flags::post_pending);
    const auto status = posted ? pending_status::posted : pending_status::voided;
    EXPECT_TRUE(resolved.emplace(t.pending_id, status).second) << t;
    EXPECT_EQ(real.status_of(t.pending_id), status) << t;
  }
}

/// Expects that of all that was sent the book has what the model has, and nothing else.
void expect_same_transfers(const book& real, const naive_ledger& naive,
                           const std::vector<std::vector<transfer>>& history) {
  for (const auto& batch : history) {
    for (const transfer& sent : batch) {
      const transfer* found = real.find(sent.id);
      const transfer* wanted = naive.transfer_of(sent.id);
      ASSERT_EQ(found == nullptr, wanted == nullptr) << sent;
      EXPECT_EQ(real.is_burnt(sent.id), naive.burnt.contains(sent.id)) << sent;
      if (found == nullptr)
        continue;
      transfer expected = *wanted;
      expected.timestamp = found->timestamp;
      EXPECT_EQ(*found, expected);
    }
  }
}

/// One history of a book and its model.
class round_of_commands {
public:
  explicit round_of_commands(std::uint64_t seed) : next_(seed) {
    naive_.accounts = next_.accounts();
    create(real_, naive_.accounts);
    before_ = current_accounts();
    while (commands_ < commands_per_round && !testing::Test::HasFailure())
      step();
    expect_same_transfers(real_, naive_, history_);
    expect_replay_is_equal();
  }

  const std::map<transfer_outcome, unsigned>& seen() const { return seen_; }

private:
  void step() {
    history_.push_back(next_.batch());
    const auto outcomes = create(real_, history_.back());
    EXPECT_EQ(outcomes, naive_.run(history_.back()));
    for (const transfer_outcome outcome : outcomes)
      ++seen_[outcome];
    commands_ += outcomes.size();
    expect_balanced(real_);
    expect_resolved_at_most_once(real_, naive_);
    expect_accounts();
  }

  void expect_accounts() {
    std::vector<account> now = current_accounts();
    for (std::size_t i = 0; i < now.size(); ++i) {
      expect_same_account(now[i], naive_);
      expect_within_bounds(now[i]);
      expect_grown(before_[i], now[i]);
    }
    before_ = std::move(now);
  }

  // I6: the same batches make the same book.
  void expect_replay_is_equal() {
    book again;
    create(again, naive_.accounts);
    for (const auto& batch : history_)
      create(again, batch);
    EXPECT_EQ(again.state_digest(), real_.state_digest());
  }

  std::vector<account> current_accounts() const {
    std::vector<account> all;
    for (const account& a : naive_.accounts)
      all.push_back(*real_.find(a.id));
    return all;
  }

  generator next_;
  book real_;
  naive_ledger naive_;
  std::vector<std::vector<transfer>> history_;
  std::vector<account> before_;
  std::map<transfer_outcome, unsigned> seen_;
  std::size_t commands_ = 0;
};

} // namespace

TEST(LedgerProperties, ABookAgreesWithANaiveModelAndKeepsItsInvariants) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::map<transfer_outcome, unsigned> seen;
  for (unsigned i = 0; i < rounds && !HasFailure(); ++i) {
    SCOPED_TRACE("round " + std::to_string(i));
    const round_of_commands round(seed + i);
    for (const auto& [outcome, times] : round.seen())
      seen[outcome] += times;
  }
  for (int number = 0; number < 256; ++number) { // the generator must reach every outcome
    const auto outcome = static_cast<transfer_outcome>(number);
    EXPECT_TRUE(to_string(outcome) == "unknown" || seen.contains(outcome)) << outcome;
  }
}

} // namespace ducat::ledger::test
