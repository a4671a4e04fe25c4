#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {

namespace {

using enum transfer_outcome;

constexpr auto by_debit = transfer_flags::balancing_debit;
constexpr auto by_credit = transfer_flags::balancing_credit;
constexpr auto pending = transfer_flags::pending;

/// Account 1 has credits of 30, account 2 debits of 30.
book balanced_world() {
  book b = make_world();
  EXPECT_EQ(create(b, make_transfer(100, 2, 1, 30)), ok);
  return b;
}

/// Expects that `request` is done, and returns what it moved.
u128 moved(book& b, const transfer& request) {
  EXPECT_EQ(create(b, request), ok);
  const auto stored = b.find(request.id);
  return stored ? stored->amount : u128_max;
}

} // namespace

// TigerBeetle, flags.balancing_debit: at most `amount`, and such that debits do not exceed credits.
TEST(LedgerBalancing, ADebitMovesNoMoreThanTheDebitAccountHasLeft) {
  book b = balanced_world();
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_debit)), 30u);
  EXPECT_EQ(b.find(account_id{1})->debits_posted, 30u);
}

TEST(LedgerBalancing, ACreditMovesNoMoreThanTheCreditAccountHasLeft) {
  book b = balanced_world();
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_credit)), 30u);
  EXPECT_EQ(b.find(account_id{2})->credits_posted, 30u);
}

TEST(LedgerBalancing, LessThanIsLeftIsMovedAsAsked) {
  book b = balanced_world();
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, 10, by_debit)), 10u);
}

TEST(LedgerBalancing, TheMaximumMovesAllThatIsLeft) {
  book b = balanced_world();
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, u128_max, by_debit)), 30u);
}

TEST(LedgerBalancing, BothFlagsMoveTheLesserOfBoth) {
  book b = balanced_world();
  create(b, make_account(6));
  ASSERT_EQ(create(b, make_transfer(101, 6, 4, 7)), ok); // 6 has debits of 7
  EXPECT_EQ(moved(b, make_transfer(200, 1, 6, 50, by_debit | by_credit)), 7u);
}

TEST(LedgerBalancing, AnAccountWithNothingLeftMovesZero) {
  book b = balanced_world();
  EXPECT_EQ(moved(b, make_transfer(200, 2, 1, 50, by_debit)), 0u);
}

TEST(LedgerBalancing, PendingDebitsAreNotLeft) {
  book b = balanced_world();
  create(b, make_transfer(101, 1, 2, 12, pending));
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_debit)), 18u);
}

TEST(LedgerBalancing, PendingCreditsAreNotYetThere) {
  book b = balanced_world();
  create(b, make_transfer(101, 2, 1, 12, pending));
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_debit)), 30u);
}

TEST(LedgerBalancing, APendingTransferMayBalance) {
  book b = balanced_world();
  EXPECT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_debit | pending)), 30u);
  EXPECT_EQ(b.find(account_id{1})->debits_pending, 30u);
}

// The bound of the other account holds for what is moved, not for what was asked.
TEST(LedgerBalancing, BoundsHoldForWhatIsMoved) {
  book b = balanced_world();
  EXPECT_EQ(create(b, make_transfer(200, 1, 5, 50, by_debit)), exceeds_debits);
  ASSERT_EQ(create(b, make_transfer(101, 5, 2, 30)), ok);
  EXPECT_EQ(moved(b, make_transfer(201, 1, 5, 50, by_debit)), 30u);
}

// TigerBeetle: a retry with the recorded amount or more exists, with less it is another request.
TEST(LedgerBalancing, ARetryWithNoLessThanWasMovedExists) {
  book b = balanced_world();
  ASSERT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_debit)), 30u);
  EXPECT_EQ(create(b, make_transfer(200, 1, 2, 50, by_debit)), exists);
  EXPECT_EQ(create(b, make_transfer(200, 1, 2, 30, by_debit)), exists);
  EXPECT_EQ(create(b, make_transfer(200, 1, 2, u128_max, by_debit)), exists);
}

TEST(LedgerBalancing, ARetryWithLessThanWasMovedIsAnother) {
  book b = balanced_world();
  ASSERT_EQ(moved(b, make_transfer(200, 1, 2, 50, by_debit)), 30u);
  EXPECT_EQ(create(b, make_transfer(200, 1, 2, 29, by_debit)), exists_with_different_amount);
}

TEST(LedgerBalancing, AResolutionDoesNotBalance) {
  book b = balanced_world();
  create(b, make_transfer(101, 1, 2, 12, pending));
  for (const auto flag : {by_debit, by_credit}) {
    transfer post = make_post(200, 101, u128_max);
    post.flags = post.flags | flag;
    EXPECT_EQ(create(b, post), flags_are_mutually_exclusive);
  }
}

} // namespace ducat::ledger::test
