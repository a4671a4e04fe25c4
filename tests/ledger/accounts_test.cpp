#include "ledger_world.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ducat::ledger::test {

namespace {

using enum account_outcome;
using outcomes = std::vector<account_outcome>;

constexpr auto linked = account_flags::linked;
constexpr auto debits_bound = account_flags::debits_must_not_exceed_credits;
constexpr auto credits_bound = account_flags::credits_must_not_exceed_debits;

/// One way to make a good request bad.
struct violation {
  account_outcome outcome;
  std::function<void(account&)> commit;
};

void expect_first_wins(const book& world, const account& good, const violation& earlier,
                       const violation& later) {
  const auto outcome_of = [&](std::initializer_list<const violation*> violations) {
    account request = good;
    for (const auto* each : violations)
      each->commit(request);
    book b = world;
    return create(b, request);
  };
  EXPECT_EQ(outcome_of({&earlier}), earlier.outcome);
  EXPECT_EQ(outcome_of({&later}), later.outcome);
  EXPECT_EQ(outcome_of({&later, &earlier}), earlier.outcome) << "and " << later.outcome;
}

void expect_order(const book& world, const account& good, const std::vector<violation>& order) {
  for (std::size_t i = 0; i + 1 < order.size(); ++i)
    expect_first_wins(world, good, order[i], order[i + 1]);
}

const violation bad_timestamp{timestamp_must_be_zero, [](account& a) { a.timestamp = {1}; }};
const violation bad_flag{reserved_flag,
                         [](account& a) { a.flags = a.flags | account_flags(1 << 15); }};
const violation zero_id{id_must_not_be_zero, [](account& a) { a.id = {0}; }};
const violation max_id{id_must_not_be_int_max, [](account& a) { a.id = {u128_max}; }};
const violation both_bounds{flags_are_mutually_exclusive,
                            [](account& a) { a.flags = a.flags | debits_bound | credits_bound; }};

} // namespace

// TigerBeetle, reference of create_accounts: results in order of descending precedence.
TEST(LedgerAccounts, FormIsCheckedInOrder) {
  expect_order({}, make_account(1), {bad_timestamp, bad_flag, zero_id, both_bounds});
  expect_order({}, make_account(1), {bad_flag, max_id, both_bounds});
}

TEST(LedgerAccounts, ContentIsCheckedInOrder) {
  expect_order({}, make_account(1),
               {both_bounds,
                {debits_pending_must_be_zero, [](account& a) { a.debits_pending = 1; }},
                {debits_posted_must_be_zero, [](account& a) { a.debits_posted = 1; }},
                {credits_pending_must_be_zero, [](account& a) { a.credits_pending = 1; }},
                {credits_posted_must_be_zero, [](account& a) { a.credits_posted = 1; }},
                {ledger_must_not_be_zero, [](account& a) { a.ledger = 0; }},
                {code_must_not_be_zero, [](account& a) { a.code = 0; }}});
}

TEST(LedgerAccounts, ARetryIsComparedInOrder) {
  const violation same{exists, [](account&) {}};
  expect_order(make_world(), make_account(1),
               {bad_flag,
                {exists_with_different_flags, [](account& a) { a.flags = a.flags | debits_bound; }},
                {exists_with_different_user_data_128, [](account& a) { a.user_data_128 = 7; }},
                {exists_with_different_user_data_64, [](account& a) { a.user_data_64 = 7; }},
                {exists_with_different_user_data_32, [](account& a) { a.user_data_32 = 7; }},
                {exists_with_different_ledger, [](account& a) { a.ledger = 7; }},
                {exists_with_different_code, [](account& a) { a.code = 7; }},
                same});
}

// Idempotency is checked before semantics.
TEST(LedgerAccounts, ARetryIsComparedBeforeItsContentIsChecked) {
  book b = make_world();
  account request = make_account(1, debits_bound | credits_bound);
  EXPECT_EQ(create(b, request), exists_with_different_flags);
  request = make_account(1);
  request.credits_posted = 5;
  EXPECT_EQ(create(b, request), exists);
}

TEST(LedgerAccounts, ACreatedAccountIsFoundWithItsTimestamp) {
  book b;
  account request = make_account(7, credits_bound);
  request.user_data_64 = 99;
  ASSERT_EQ(create(b, request), ok);
  request.timestamp = noon;
  ASSERT_NE(b.find(account_id{7}), nullptr);
  EXPECT_EQ(*b.find(account_id{7}), request);
  EXPECT_EQ(b.find(account_id{8}), nullptr);
}

TEST(LedgerAccounts, LinkedChainIsAllOrNothing) {
  book b;
  const std::vector<account> batch{make_account(1, linked), make_account(2, linked),
                                   make_account(0), make_account(3)};
  EXPECT_EQ(create(b, batch),
            (outcomes{linked_event_failed, linked_event_failed, id_must_not_be_zero, ok}));
  EXPECT_EQ(b.find(account_id{1}), nullptr);
  EXPECT_EQ(b.find(account_id{2}), nullptr);
  EXPECT_NE(b.find(account_id{3}), nullptr);
}

// TigerBeetle, account.flags.linked: the chain must end inside the batch.
TEST(LedgerAccounts, AnOpenChainFailsAtTheEndOfTheBatch) {
  book b;
  EXPECT_EQ(create(b, std::vector{make_account(1, linked), make_account(2, linked)}),
            (outcomes{linked_event_failed, linked_event_chain_open}));
  EXPECT_EQ(b.find(account_id{1}), nullptr);
  EXPECT_EQ(create(b, make_account(1, linked)), linked_event_chain_open);
}

TEST(LedgerAccounts, EventsOfABatchAreStampedByPosition) {
  book b;
  create(b, std::vector{make_account(1), make_account(0), make_account(3)});
  EXPECT_EQ(b.find(account_id{1})->timestamp.nanoseconds, noon.nanoseconds);
  EXPECT_EQ(b.find(account_id{3})->timestamp.nanoseconds, noon.nanoseconds + 2);
}

TEST(LedgerAccounts, StampsGrowEvenIfTheLogTimeDoesNot) {
  book b = make_world();
  create(b, make_account(10));
  EXPECT_EQ(b.find(account_id{10})->timestamp.nanoseconds, noon.nanoseconds + 5);
}

TEST(LedgerAccounts, AnEmptyBatchDoesNothing) {
  book b = make_world();
  const digest before = b.state_digest();
  EXPECT_TRUE(create(b, std::vector<account>{}).empty());
  EXPECT_EQ(b.state_digest(), before);
}

} // namespace ducat::ledger::test
