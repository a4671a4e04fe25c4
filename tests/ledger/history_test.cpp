#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr log_time t10{10 * second};
constexpr log_time t20{20 * second};
constexpr log_time t30{30 * second};

void create_at(book& b, log_time at, const transfer& t) {
  EXPECT_EQ(b.create_transfers(at, std::span(&t, 1)).front(), transfer_outcome::ok) << t;
}

/// Accounts 1 and 2 of which 1 keeps its history; 100 moves 5 from 1 to 2 at 10 s, 101 moves 2
/// back at 20 s.
book kept_world() {
  book b;
  create(b, std::vector{make_account(1, account_flags::history), make_account(2)});
  create_at(b, t10, make_transfer(100, 1, 2, 5));
  create_at(b, t20, make_transfer(101, 2, 1, 2));
  return b;
}

account_filter all_of(u128 id) {
  return {.account = {id}, .common = {.timestamp_min = {}, .timestamp_max = {}, .limit = 100}};
}

account_balance posted(u128 debits, u128 credits, log_time at) {
  return {.debits_posted = debits, .credits_posted = credits, .timestamp = at};
}

} // namespace

TEST(LedgerHistory, HasTheBalancesAfterEachTransfer) {
  EXPECT_EQ(kept_world().account_balances(all_of(1)),
            (std::vector{posted(5, 0, t10), posted(5, 2, t20)}));
}

TEST(LedgerHistory, IsKeptOnlyForAccountsThatAskForIt) {
  const book b = kept_world();
  EXPECT_TRUE(b.account_balances(all_of(2)).empty());
  EXPECT_EQ(b.balance_at({2}, t30), std::nullopt);
}

TEST(LedgerHistory, FollowsTheFilterOfTransfers) {
  const book b = kept_world();
  account_filter filter = all_of(1);
  filter.debits = false;
  EXPECT_EQ(b.account_balances(filter), std::vector{posted(5, 2, t20)});
  filter = all_of(1);
  filter.common.reversed = true;
  filter.common.limit = 1;
  EXPECT_EQ(b.account_balances(filter), std::vector{posted(5, 2, t20)});
}

TEST(LedgerHistory, ABrokenChainLeavesNone) {
  book b = kept_world();
  const book before = b;
  create(b, std::vector{make_transfer(200, 1, 2, 5, transfer_flags::linked),
                        make_transfer(0, 1, 2, 5)});
  expect_unchanged(b, before);
}

TEST(LedgerBalanceAt, IsThatOfTheLastChangeUntilThen) {
  const book b = kept_world();
  EXPECT_EQ(b.balance_at({1}, {t20.nanoseconds - 1}), posted(5, 0, t10));
  EXPECT_EQ(b.balance_at({1}, t20), posted(5, 2, t20));
  EXPECT_EQ(b.balance_at({1}, t30), posted(5, 2, t20));
}

TEST(LedgerBalanceAt, IsZeroFromTheCreationToTheFirstChange) {
  const book b = kept_world();
  EXPECT_EQ(b.balance_at({1}, noon), posted(0, 0, noon));
  EXPECT_EQ(b.balance_at({1}, {t10.nanoseconds - 1}), posted(0, 0, noon));
}

TEST(LedgerBalanceAt, IsNothingBeforeTheAccountIs) {
  const book b = kept_world();
  EXPECT_EQ(b.balance_at({1}, {noon.nanoseconds - 1}), std::nullopt);
  EXPECT_EQ(b.balance_at({99}, t30), std::nullopt);
}

// The end of a timeout is no transfer, but it changes the balances.
TEST(LedgerBalanceAt, KnowsTheEndOfATimeout) {
  book b = kept_world();
  transfer reserved = make_transfer(200, 1, 2, 7, transfer_flags::pending);
  reserved.timeout = 5;
  create_at(b, t20, reserved);
  b.advance(t30);
  const log_time stamp = b.find(transfer_id{200})->timestamp;
  EXPECT_EQ(b.balance_at({1}, {t30.nanoseconds - 1})->debits_pending, 7u);
  EXPECT_EQ(b.balance_at({1}, {t30.nanoseconds - 1})->timestamp, stamp);
  EXPECT_EQ(b.balance_at({1}, t30), posted(5, 2, t30));
  EXPECT_EQ(b.account_balances(all_of(1)).size(), 3u);
}

} // namespace ducat::ledger::test
