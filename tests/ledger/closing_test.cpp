#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {

namespace {

using enum transfer_outcome;
using outcomes = std::vector<transfer_outcome>;

constexpr auto linked = transfer_flags::linked;
constexpr auto pending = transfer_flags::pending;
constexpr auto close_debit = pending | transfer_flags::closing_debit;
constexpr auto close_credit = pending | transfer_flags::closing_credit;

bool is_closed(const book& b, u128 id) {
  return has(b.find(account_id{id})->flags, account_flags::closed);
}

/// 100 is pending from 1 to 2, and 200 has closed account 1.
book closed_world() {
  book b = make_world();
  EXPECT_EQ(create(b, std::vector{make_transfer(100, 1, 2, 5, pending),
                                  make_transfer(200, 1, 2, 0, close_debit)}),
            (outcomes{ok, ok}));
  return b;
}

} // namespace

TEST(LedgerClosing, ATransferMayCloseItsDebitAccount) {
  const book b = closed_world();
  EXPECT_TRUE(is_closed(b, 1));
  EXPECT_FALSE(is_closed(b, 2));
}

TEST(LedgerClosing, ATransferMayCloseItsCreditAccount) {
  book b = make_world();
  ASSERT_EQ(create(b, make_transfer(200, 1, 2, 0, close_credit)), ok);
  EXPECT_FALSE(is_closed(b, 1));
  EXPECT_TRUE(is_closed(b, 2));
}

TEST(LedgerClosing, OneTransferMayCloseBoth) {
  book b = make_world();
  ASSERT_EQ(create(b, make_transfer(200, 1, 2, 0, close_debit | close_credit)), ok);
  EXPECT_TRUE(is_closed(b, 1));
  EXPECT_TRUE(is_closed(b, 2));
}

TEST(LedgerClosing, OnlyAPendingTransferCloses) {
  book b = make_world();
  for (const auto flag : {transfer_flags::closing_debit, transfer_flags::closing_credit})
    EXPECT_EQ(create(b, make_transfer(200, 1, 2, 0, flag)), closing_transfer_must_be_pending);
}

TEST(LedgerClosing, AResolutionDoesNotClose) {
  book b = closed_world();
  transfer post = make_post(300, 100, 0);
  post.flags = post.flags | transfer_flags::closing_debit;
  EXPECT_EQ(create(b, post), flags_are_mutually_exclusive);
}

TEST(LedgerClosing, AClosedAccountIsNeitherDebitedNorCredited) {
  book b = closed_world();
  EXPECT_EQ(create(b, make_transfer(300, 1, 2, 5)), debit_account_already_closed);
  EXPECT_EQ(create(b, make_transfer(301, 2, 1, 5)), credit_account_already_closed);
  EXPECT_EQ(create(b, make_transfer(302, 1, 2, 5, pending)), debit_account_already_closed);
}

TEST(LedgerClosing, AClosedAccountIsNotClosedAgain) {
  book b = closed_world();
  EXPECT_EQ(create(b, make_transfer(300, 1, 2, 0, close_debit)), debit_account_already_closed);
}

TEST(LedgerClosing, APendingTransferOfAClosedAccountIsNotPosted) {
  book b = closed_world();
  EXPECT_EQ(create(b, make_post(300, 100, 5)), debit_account_already_closed);
  EXPECT_EQ(b.status_of({100}), pending_status::pending);
}

TEST(LedgerClosing, APendingTransferOfAClosedAccountMayBeVoided) {
  book b = closed_world();
  EXPECT_EQ(create(b, make_void(300, 100, 5)), ok);
  EXPECT_EQ(b.find(account_id{1})->debits_pending, 0u);
  EXPECT_TRUE(is_closed(b, 1));
}

TEST(LedgerClosing, TheClosingTransferItselfIsNotPosted) {
  book b = closed_world();
  EXPECT_EQ(create(b, make_post(300, 200, 0)), debit_account_already_closed);
}

TEST(LedgerClosing, AVoidOfTheClosingTransferReopens) {
  book b = closed_world();
  ASSERT_EQ(create(b, make_void(300, 200, 0)), ok);
  EXPECT_FALSE(is_closed(b, 1));
  EXPECT_EQ(create(b, make_transfer(301, 1, 2, 5)), ok);
}

TEST(LedgerClosing, ABrokenChainLeavesTheAccountOpen) {
  book b = make_world();
  const book before = b;
  EXPECT_EQ(create(b, std::vector{make_transfer(200, 1, 2, 0, close_debit | linked),
                                  make_transfer(0, 1, 2, 5)}),
            (outcomes{linked_event_failed, id_must_not_be_zero}));
  expect_unchanged(b, before);
}

TEST(LedgerClosing, ABrokenChainLeavesTheAccountClosed) {
  book b = closed_world();
  const book before = b;
  transfer reopening = make_void(300, 200, 0);
  reopening.flags = reopening.flags | linked;
  EXPECT_EQ(create(b, std::vector{reopening, make_transfer(0, 1, 2, 5)}),
            (outcomes{linked_event_failed, id_must_not_be_zero}));
  EXPECT_TRUE(is_closed(b, 1));
  expect_unchanged(b, before);
}

TEST(LedgerClosing, AnIdThatMetAClosedAccountIsBurnt) {
  book b = closed_world();
  create(b, make_transfer(300, 1, 2, 5));
  create(b, make_void(301, 200, 0));
  EXPECT_EQ(create(b, make_transfer(300, 1, 2, 5)), id_already_failed);
}

TEST(LedgerClosing, AnAccountMayBeClosedFromTheStart) {
  book b = make_world();
  ASSERT_EQ(create(b, make_account(6, account_flags::closed)), account_outcome::ok);
  EXPECT_EQ(create(b, make_transfer(300, 6, 2, 5)), debit_account_already_closed);
}

// TigerBeetle compares all flags of a retry, `closed` among them.
TEST(LedgerClosing, ARetryOfAnAccountClosedSinceHasOtherFlags) {
  book b = closed_world();
  EXPECT_EQ(create(b, make_account(1)), account_outcome::exists_with_different_flags);
  EXPECT_EQ(create(b, make_account(1, account_flags::closed)), account_outcome::exists);
}

} // namespace ducat::ledger::test
