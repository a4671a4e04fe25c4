#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {

namespace {

using enum transfer_outcome;
using outcomes = std::vector<transfer_outcome>;

constexpr auto linked = transfer_flags::linked;
constexpr auto pending = transfer_flags::pending;

/// The four balances of an account, in one comparable value.
struct balances {
  u128 debits_pending = 0;
  u128 debits_posted = 0;
  u128 credits_pending = 0;
  u128 credits_posted = 0;

  friend bool operator==(const balances&, const balances&) = default;

  friend std::ostream& operator<<(std::ostream& out, const balances& b) {
    return out << ducat::to_string(b.debits_pending) << ' ' << ducat::to_string(b.debits_posted)
               << ' ' << ducat::to_string(b.credits_pending) << ' '
               << ducat::to_string(b.credits_posted);
  }
};

balances balances_of(const book& b, u128 id) {
  const account& a = *b.find(account_id{id});
  return {a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted};
}

/// Expects that account 1 has these debits, and account 2 the same credits.
void expect_moved(const book& b, u128 in_pending, u128 in_posted) {
  EXPECT_EQ(balances_of(b, 1),
            (balances{.debits_pending = in_pending, .debits_posted = in_posted}));
  EXPECT_EQ(balances_of(b, 2),
            (balances{.credits_pending = in_pending, .credits_posted = in_posted}));
}

book world_with_pending(u128 amount) {
  book b = make_world();
  EXPECT_EQ(create(b, make_transfer(200, 1, 2, amount, pending)), ok);
  return b;
}

} // namespace

TEST(LedgerTransfers, ATransferPostsOnBothSides) {
  book b = make_world();
  ASSERT_EQ(create(b, make_transfer(100, 1, 2, 5)), ok);
  expect_moved(b, 0, 5);
  transfer stored = make_transfer(100, 1, 2, 5);
  stored.timestamp = {noon.nanoseconds + 5}; // after the five accounts of the world
  EXPECT_EQ(*b.find(transfer_id{100}), stored);
  EXPECT_EQ(b.find(transfer_id{101}), std::nullopt);
  EXPECT_EQ(b.status_of({100}), std::nullopt);
}

TEST(LedgerTransfers, AnAmountOfZeroIsLegal) {
  book b = make_world();
  EXPECT_EQ(create(b, make_transfer(100, 4, 2, 0)), ok);
  expect_moved(b, 0, 0);
}

TEST(LedgerTransfers, UnknownFlagsAreReserved) {
  book b = make_world();
  for (int bit = 9; bit < 16; ++bit)
    EXPECT_EQ(create(b, make_transfer(100, 1, 2, 5, transfer_flags(1 << bit))), reserved_flag);
}

TEST(LedgerTransfers, ARetryIsNotExecutedAgain) {
  book b = make_world();
  const transfer request = make_transfer(100, 1, 2, 5);
  EXPECT_EQ(create(b, std::vector{request, request}), (outcomes{ok, exists}));
  EXPECT_EQ(create(b, request), exists);
  expect_moved(b, 0, 5);
}

// TigerBeetle: idempotency is checked before semantics, so a retry is answered by what was done,
// even when it could not be done again.
TEST(LedgerTransfers, ARetryExistsEvenIfItCouldNoLongerSucceed) {
  book b = make_world();
  create(b, make_transfer(100, 1, 4, 5));
  ASSERT_EQ(create(b, make_transfer(101, 4, 2, 5)), ok);
  EXPECT_EQ(create(b, make_transfer(101, 4, 2, 5)), exists);
  EXPECT_EQ(create(b, make_transfer(102, 4, 2, 5)), exceeds_credits);
}

TEST(LedgerPending, APendingTransferReserves) {
  const book b = world_with_pending(50);
  expect_moved(b, 50, 0);
  EXPECT_EQ(b.status_of({200}), pending_status::pending);
}

TEST(LedgerPending, PostingAPartReleasesTheRest) {
  book b = world_with_pending(50);
  EXPECT_EQ(create(b, make_post(201, 200, 30)), ok);
  expect_moved(b, 0, 30);
  EXPECT_EQ(b.status_of({200}), pending_status::posted);
}

TEST(LedgerPending, PostingTheMaximumPostsTheWholeAmount) {
  book b = world_with_pending(50);
  EXPECT_EQ(create(b, make_post(201, 200, u128_max)), ok);
  expect_moved(b, 0, 50);
  EXPECT_EQ(b.find(transfer_id{201})->amount, 50u);
}

TEST(LedgerPending, PostingZeroReleasesAll) {
  book b = world_with_pending(50);
  EXPECT_EQ(create(b, make_post(201, 200, 0)), ok);
  expect_moved(b, 0, 0);
  EXPECT_EQ(b.status_of({200}), pending_status::posted);
}

TEST(LedgerPending, VoidingReleasesAll) {
  for (const u128 amount : {0, 50}) {
    book b = world_with_pending(50);
    EXPECT_EQ(create(b, make_void(201, 200, amount)), ok);
    expect_moved(b, 0, 0);
    EXPECT_EQ(b.status_of({200}), pending_status::voided);
    EXPECT_EQ(b.find(transfer_id{201})->amount, 50u);
  }
}

TEST(LedgerPending, OnlyAPostTakesTheMaximumForAll) {
  book b = world_with_pending(50);
  EXPECT_EQ(create(b, make_void(201, 200, u128_max)), exceeds_pending_transfer_amount);
  EXPECT_EQ(create(b, make_void(201, 200, 49)), pending_transfer_has_different_amount);
  EXPECT_EQ(create(b, make_post(201, 200, 51)), exceeds_pending_transfer_amount);
  expect_moved(b, 50, 0);
}

TEST(LedgerPending, IsResolvedAtMostOnce) {
  for (const transfer& first : {make_post(201, 200, 0), make_void(201, 200, 0)}) {
    book b = world_with_pending(50);
    ASSERT_EQ(create(b, first), ok);
    const bool posted = has(first.flags, transfer_flags::post_pending);
    const auto expected =
        posted ? pending_transfer_already_posted : pending_transfer_already_voided;
    EXPECT_EQ(create(b, make_post(202, 200, u128_max)), expected);
    EXPECT_EQ(create(b, make_void(203, 200, 0)), expected);
    expect_moved(b, 0, 0);
  }
}

TEST(LedgerPending, AResolutionTakesWhatItLeavesOpenFromItsPending) {
  book b = make_world();
  transfer request = make_transfer(200, 1, 2, 50, pending);
  request.user_data_128 = 11;
  request.user_data_64 = 12;
  request.user_data_32 = 13;
  create(b, request);
  transfer post = make_post(201, 200, 30);
  post.user_data_64 = 99;
  ASSERT_EQ(create(b, post), ok);
  const transfer stored = *b.find(transfer_id{201});
  EXPECT_EQ(stored.debit_account_id, account_id{1});
  EXPECT_EQ(stored.credit_account_id, account_id{2});
  EXPECT_EQ(stored.ledger, 1u);
  EXPECT_EQ(stored.code, 1u);
  EXPECT_EQ(stored.user_data_128, 11u);
  EXPECT_EQ(stored.user_data_64, 99u);
  EXPECT_EQ(stored.user_data_32, 13u);
  EXPECT_EQ(create(b, post), exists);
}

TEST(LedgerPending, ARetriedResolutionComparesTheAmountThatMoved) {
  book b = world_with_pending(50);
  create(b, make_post(201, 200, u128_max));
  EXPECT_EQ(create(b, make_post(201, 200, u128_max)), exists);
  EXPECT_EQ(create(b, make_post(201, 200, 50)), exists);
  EXPECT_EQ(create(b, make_post(201, 200, 0)), exists_with_different_amount);
}

// TigerBeetle, debits_must_not_exceed_credits: pending debits count, pending credits do not.
TEST(LedgerBounds, PendingDebitsCountAndPendingCreditsDoNot) {
  book b = make_world();
  create(b, make_transfer(100, 1, 4, 10));
  create(b, make_transfer(101, 1, 4, 90, pending));
  EXPECT_EQ(create(b, make_transfer(102, 4, 2, 6, pending)), ok);
  EXPECT_EQ(create(b, make_transfer(103, 4, 2, 5)), exceeds_credits);
  EXPECT_EQ(create(b, make_transfer(104, 4, 2, 5, pending)), exceeds_credits);
  EXPECT_EQ(create(b, make_transfer(105, 4, 2, 4)), ok);
}

TEST(LedgerBounds, PendingCreditsCountAndPendingDebitsDoNot) {
  book b = make_world();
  create(b, make_transfer(100, 5, 1, 10));
  create(b, make_transfer(101, 5, 1, 90, pending));
  EXPECT_EQ(create(b, make_transfer(102, 2, 5, 6, pending)), ok);
  EXPECT_EQ(create(b, make_transfer(103, 2, 5, 5)), exceeds_debits);
  EXPECT_EQ(create(b, make_transfer(104, 2, 5, 5, pending)), exceeds_debits);
  EXPECT_EQ(create(b, make_transfer(105, 2, 5, 4)), ok);
}

TEST(LedgerOverflow, BalancesReachTheMaximumAndNoFurther) {
  book b = make_world();
  EXPECT_EQ(create(b, make_transfer(100, 1, 2, u128_max)), ok);
  EXPECT_EQ(create(b, make_transfer(101, 1, 2, 0)), ok);
  EXPECT_EQ(create(b, make_transfer(102, 1, 2, 1)), overflows_debits_posted);
  expect_moved(b, 0, u128_max);
}

// Posted and pending together must fit, or a later post could not.
TEST(LedgerOverflow, PendingAndPostedShareTheRange) {
  book b = world_with_pending(u128_max);
  EXPECT_EQ(create(b, make_transfer(100, 1, 2, 1)), overflows_debits);
  EXPECT_EQ(create(b, make_transfer(101, 1, 2, 1, pending)), overflows_debits_pending);
  EXPECT_EQ(create(b, make_post(201, 200, u128_max)), ok);
  expect_moved(b, 0, u128_max);
}

TEST(LedgerChains, LinkedChainIsAllOrNothing) {
  book b = world_with_pending(50);
  create(b, make_transfer(210, 1, 2, 7, pending));
  const book before = b;
  const std::vector batch{make_transfer(100, 1, 2, 5, linked),
                          make_transfer(101, 1, 2, 5, linked | pending),
                          make_resolution(201, 200, 30, transfer_flags::post_pending | linked),
                          make_resolution(211, 210, 0, transfer_flags::void_pending | linked),
                          make_resolution(202, 101, 1, transfer_flags::post_pending | linked),
                          make_transfer(0, 1, 2, 5, linked),
                          make_transfer(104, 1, 2, 5)};
  outcomes expected(batch.size(), linked_event_failed);
  expected[5] = id_must_not_be_zero;
  EXPECT_EQ(create(b, batch), expected);
  expect_moved(b, 57, 0);
  EXPECT_EQ(b.status_of({200}), pending_status::pending);
  EXPECT_EQ(b.status_of({210}), pending_status::pending);
  EXPECT_EQ(b.find(transfer_id{100}), std::nullopt);
  expect_unchanged(b, before);
}

TEST(LedgerChains, AMemberSeesTheEffectsOfThoseBefore) {
  book b = make_world();
  const std::vector batch{make_transfer(100, 1, 4, 5, linked),
                          make_transfer(101, 4, 2, 5, linked | pending),
                          make_resolution(102, 101, u128_max, transfer_flags::post_pending)};
  EXPECT_EQ(create(b, batch), (outcomes{ok, ok, ok}));
  EXPECT_EQ(balances_of(b, 4), (balances{.debits_posted = 5, .credits_posted = 5}));
}

TEST(LedgerChains, AFailedChainDoesNotTouchItsNeighbours) {
  book b = make_world();
  const std::vector batch{make_transfer(100, 1, 2, 1), make_transfer(101, 1, 2, 2, linked),
                          make_transfer(102, 0, 2, 4), make_transfer(103, 1, 2, 8, linked),
                          make_transfer(104, 1, 2, 16)};
  EXPECT_EQ(create(b, batch),
            (outcomes{ok, linked_event_failed, debit_account_id_must_not_be_zero, ok, ok}));
  expect_moved(b, 0, 25);
}

TEST(LedgerChains, AnOpenChainFailsAtTheEndOfTheBatch) {
  book b = make_world();
  const std::vector batch{make_transfer(100, 1, 2, 1, linked), make_transfer(101, 1, 2, 2, linked)};
  EXPECT_EQ(create(b, batch), (outcomes{linked_event_failed, linked_event_chain_open}));
  expect_moved(b, 0, 0);
}

TEST(LedgerChains, ARetryBreaksItsChain) {
  book b = make_world();
  create(b, make_transfer(101, 1, 2, 2));
  EXPECT_EQ(
      create(b, std::vector{make_transfer(100, 1, 2, 1, linked), make_transfer(101, 1, 2, 2)}),
      (outcomes{linked_event_failed, exists}));
  expect_moved(b, 0, 2);
}

// A member of a failed chain never happened, so its id may be used again.
TEST(LedgerChains, AFailedChainDoesNotBurnTheIdsOfItsOtherMembers) {
  book b = make_world();
  const std::vector batch{make_transfer(100, 1, 2, 1, linked), make_transfer(101, 4, 2, 2, linked),
                          make_transfer(102, 1, 2, 1)};
  EXPECT_EQ(create(b, batch),
            (outcomes{linked_event_failed, exceeds_credits, linked_event_failed}));
  EXPECT_EQ(create(b, make_transfer(100, 1, 2, 1)), ok);
  EXPECT_EQ(create(b, make_transfer(101, 1, 2, 1)), id_already_failed);
  EXPECT_EQ(create(b, make_transfer(102, 1, 2, 1)), ok);
}

// TigerBeetle: after a transient failure the id is burnt, so that no retry can succeed late.
TEST(LedgerRetries, ATransientFailureBurnsTheId) {
  const std::vector<std::pair<transfer, transfer_outcome>> failures{
      {make_transfer(100, 9, 2, 5), debit_account_not_found},
      {make_transfer(101, 1, 9, 5), credit_account_not_found},
      {make_post(102, 999, 5), pending_transfer_not_found},
      {make_transfer(103, 4, 2, 5), exceeds_credits},
      {make_transfer(104, 1, 5, 5), exceeds_debits}};
  book b = make_world();
  for (const auto& [request, outcome] : failures) {
    EXPECT_FALSE(b.is_burnt(request.id));
    EXPECT_EQ(create(b, request), outcome);
    EXPECT_TRUE(b.is_burnt(request.id));
    EXPECT_EQ(create(b, make_transfer(request.id.value, 1, 2, 5)), id_already_failed);
  }
  expect_moved(b, 0, 0);
}

TEST(LedgerRetries, AStaticFailureDoesNotBurnTheId) {
  book b = world_with_pending(50);
  const book before = b;
  EXPECT_EQ(create(b, make_transfer(100, 1, 1, 5)), accounts_must_be_different);
  EXPECT_EQ(create(b, make_transfer(100, 1, 3, 5)), accounts_must_have_the_same_ledger);
  EXPECT_EQ(create(b, make_post(100, 200, 51)), exceeds_pending_transfer_amount);
  expect_unchanged(b, before);
  EXPECT_EQ(create(b, make_transfer(100, 1, 2, 5)), ok);
}

} // namespace ducat::ledger::test
