#include "ledger_world.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ducat::ledger::test {

namespace {

using enum transfer_outcome;

/// One way to make a good request bad.
struct violation {
  transfer_outcome outcome;
  std::function<void(transfer&)> commit;
};

/// Expects each violation alone to be found, and of two neighbours the earlier.
void expect_order(const book& world, const transfer& good, const std::vector<violation>& order) {
  const auto outcome_of = [&](std::initializer_list<const violation*> violations) {
    transfer request = good;
    for (const auto* each : violations)
      each->commit(request);
    book b = world;
    return create(b, request);
  };
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const violation& earlier = order[i];
    const violation& later = order[i + 1];
    EXPECT_EQ(outcome_of({&earlier}), earlier.outcome);
    EXPECT_EQ(outcome_of({&later}), later.outcome);
    EXPECT_EQ(outcome_of({&later, &earlier}), earlier.outcome) << "and " << later.outcome;
  }
}

void set_flags(transfer& t, transfer_flags flags) {
  t.flags = t.flags | flags;
}

constexpr std::uint64_t second = 1'000'000'000;
constexpr auto pending = transfer_flags::pending;
constexpr auto closing_both = transfer_flags::closing_debit | transfer_flags::closing_credit;
constexpr auto post_and_void = transfer_flags::post_pending | transfer_flags::void_pending;
constexpr u128 nearly_max = u128_max - 10;

void add_expiring(book& b) {
  transfer t = make_transfer(203, 1, 2, 50, pending);
  t.timeout = 1;
  create(b, t);
}

void add_split(book& b) {
  create(b, std::vector{make_account(10), make_account(11)});
  create(b, make_transfer(110, 10, 11, nearly_max / 2, pending));
  create(b, make_transfer(111, 10, 11, nearly_max / 2));
}

void add_closed(book& b) {
  create(b, std::vector{make_account(12), make_account(13)});
  create(b, make_transfer(221, 12, 2, 50, pending));
  create(b, make_transfer(222, 1, 13, 50, pending));
  create(b, make_transfer(223, 12, 13, 50, pending));
  create(b, make_transfer(229, 12, 13, 0, pending | closing_both));
}

/// Debits of 6 and credits of 7 are nearly u128_max pending; of 8 and 9 likewise posted. 100 is a
/// plain transfer with a burnt neighbour 101. 200 is pending, 201 posted, 202 voided, and 203
/// expires after a second. Credits of 11 are nearly u128_max, half of them pending. 12 and 13 are
/// closed, and 221, 222 and 223 are pending with 12 as the debit account, 13 as the credit account,
/// or both.
book make_rich_world() {
  book b = make_world();
  create(b, std::vector{make_account(6), make_account(7), make_account(8), make_account(9)});
  create(b, make_transfer(60, 6, 7, nearly_max, transfer_flags::pending));
  create(b, make_transfer(80, 8, 9, nearly_max));
  create(b, make_transfer(100, 1, 2, 5));
  create(b, make_transfer(101, 4, 2, 5));
  for (const u128 id : {200, 201, 202})
    create(b, make_transfer(id, 1, 2, 50, transfer_flags::pending));
  create(b, make_post(211, 201, u128_max));
  create(b, make_void(212, 202, 0));
  add_expiring(b);
  add_split(b);
  add_closed(b);
  return b;
}

constexpr log_time import_time{2 * second};

/// The rich world later on, with accounts 21 and 22 that are younger than what is imported.
book make_later_world() {
  book b = make_rich_world();
  b.advance({3 * second});
  create(b, std::vector{make_account(21), make_account(22)});
  return b;
}

transfer import(transfer t) {
  set_flags(t, transfer_flags::imported);
  t.timestamp = import_time;
  return t;
}

const transfer good_movement = make_transfer(300, 1, 2, 5);
const transfer good_post = make_post(300, 200, 5);

const violation bad_timestamp{timestamp_must_be_zero, [](transfer& t) { t.timestamp = {1}; }};
const violation bad_flag{reserved_flag, [](transfer& t) { set_flags(t, transfer_flags(1 << 9)); }};
const violation zero_id{id_must_not_be_zero, [](transfer& t) { t.id = {0}; }};
const violation max_id{id_must_not_be_int_max, [](transfer& t) { t.id = {u128_max}; }};
const violation burnt_id{id_already_failed, [](transfer& t) { t.id = {101}; }};
const violation zero_debit{debit_account_id_must_not_be_zero,
                           [](transfer& t) { t.debit_account_id = {0}; }};
const violation max_debit{debit_account_id_must_not_be_int_max,
                          [](transfer& t) { t.debit_account_id = {u128_max}; }};
const violation zero_credit{credit_account_id_must_not_be_zero,
                            [](transfer& t) { t.credit_account_id = {0}; }};
const violation max_credit{credit_account_id_must_not_be_int_max,
                           [](transfer& t) { t.credit_account_id = {u128_max}; }};
const violation exclusive_flags{flags_are_mutually_exclusive,
                                [](transfer& t) { set_flags(t, post_and_void); }};
const violation unwanted_pending_id{pending_id_must_be_zero,
                                    [](transfer& t) { t.pending_id = {200}; }};
const violation foreign_ledger{transfer_must_have_the_same_ledger_as_accounts,
                               [](transfer& t) { t.ledger = 9; }};
const violation too_much{exceeds_pending_transfer_amount, [](transfer& t) { t.amount = 60; }};
const violation posted_pending{pending_transfer_already_posted,
                               [](transfer& t) { t.pending_id = {201}; }};
const violation voided_pending{pending_transfer_already_voided,
                               [](transfer& t) { t.pending_id = {202}; }};

const violation regress{imported_event_timestamp_must_not_regress,
                        [](transfer& t) { t.timestamp = {1}; }};
const violation unwanted_timeout{timeout_reserved_for_pending_transfer,
                                 [](transfer& t) { t.timeout = 1; }};

/// Moves 20 out of `debit` (0: leaves it as it is) and into `credit` (likewise).
std::function<void(transfer&)> move(u128 debit, u128 credit,
                                    transfer_flags flags = transfer_flags::none) {
  return [=](transfer& t) {
    if (debit != 0)
      t.debit_account_id = {debit};
    if (credit != 0)
      t.credit_account_id = {credit};
    t.amount = 20;
    set_flags(t, flags);
  };
}

} // namespace

// TigerBeetle, reference of create_transfers: results in order of descending precedence.
TEST(LedgerTransferPrecedence, FormComesFirst) {
  const book world = make_rich_world();
  expect_order(world, good_movement, {bad_timestamp, bad_flag, zero_id, zero_debit});
  expect_order(world, good_movement, {bad_flag, max_id, zero_debit});
  expect_order(world, good_movement, {bad_flag, burnt_id, zero_debit});
  expect_order(world, good_post, {bad_flag, burnt_id, exclusive_flags});
}

TEST(LedgerTransferPrecedence, TheTimeOfAnImportComesBeforeItsForm) {
  expect_order(make_later_world(), import(good_movement),
               {{imported_event_timestamp_must_not_advance,
                 [](transfer& t) { t.timestamp = timestamp_max; }},
                bad_flag});
  expect_order(make_later_world(), import(good_movement),
               {{imported_event_timestamp_out_of_range, [](transfer& t) { t.timestamp = {}; }},
                bad_flag,
                zero_id});
}

TEST(LedgerTransferPrecedence, TheKindOfABatchComesBeforeTimes) {
  book b = make_later_world();
  transfer first = import(good_movement);
  transfer other = make_transfer(301, 1, 2, 5);
  other.timestamp = {1};
  EXPECT_EQ(create(b, std::vector{first, other}), (std::vector{ok, imported_event_expected}));
  other = import(make_transfer(302, 1, 2, 5));
  other.timestamp = {};
  first = make_transfer(303, 1, 2, 5);
  EXPECT_EQ(create(b, std::vector{first, other}), (std::vector{ok, imported_event_not_expected}));
}

TEST(LedgerTransferPrecedence, ARetryIsComparedInOrder) {
  expect_order(
      make_rich_world(), make_transfer(100, 1, 2, 5),
      {bad_flag,
       {exists_with_different_flags, [](transfer& t) { set_flags(t, transfer_flags::pending); }},
       {exists_with_different_pending_id, [](transfer& t) { t.pending_id = {7}; }},
       {exists_with_different_timeout, [](transfer& t) { t.timeout = 7; }},
       {exists_with_different_debit_account_id, [](transfer& t) { t.debit_account_id = {0}; }},
       {exists_with_different_credit_account_id, [](transfer& t) { t.credit_account_id = {7}; }},
       {exists_with_different_amount, [](transfer& t) { t.amount = 7; }},
       {exists_with_different_user_data_128, [](transfer& t) { t.user_data_128 = 7; }},
       {exists_with_different_user_data_64, [](transfer& t) { t.user_data_64 = 7; }},
       {exists_with_different_user_data_32, [](transfer& t) { t.user_data_32 = 7; }},
       {exists_with_different_ledger, [](transfer& t) { t.ledger = 7; }},
       {exists_with_different_code, [](transfer& t) { t.code = 7; }},
       {exists, [](transfer&) {}}});
}

TEST(LedgerTransferPrecedence, ARetryOfAPostIsComparedInOrder) {
  expect_order(
      make_rich_world(), make_post(211, 201, 50),
      {{exists_with_different_flags, [](transfer& t) { set_flags(t, post_and_void); }},
       {exists_with_different_pending_id, [](transfer& t) { t.pending_id = {7}; }},
       {exists_with_different_timeout, [](transfer& t) { t.timeout = 7; }},
       {exists_with_different_debit_account_id, [](transfer& t) { t.debit_account_id = {7}; }},
       {exists_with_different_credit_account_id, [](transfer& t) { t.credit_account_id = {7}; }},
       {exists_with_different_amount, [](transfer& t) { t.amount = 7; }},
       {exists_with_different_user_data_128, [](transfer& t) { t.user_data_128 = 7; }},
       {exists_with_different_user_data_64, [](transfer& t) { t.user_data_64 = 7; }},
       {exists_with_different_user_data_32, [](transfer& t) { t.user_data_32 = 7; }},
       {exists_with_different_ledger, [](transfer& t) { t.ledger = 7; }},
       {exists_with_different_code, [](transfer& t) { t.code = 7; }},
       {exists, [](transfer&) {}}});
}

TEST(LedgerTransferPrecedence, FieldsOfAMovementAreCheckedInOrder) {
  const book world = make_rich_world();
  const violation same_account{accounts_must_be_different, [](transfer& t) {
                                 t.debit_account_id = {2};
                                 t.credit_account_id = {2};
                               }};
  expect_order(world, good_movement, {zero_debit, zero_credit, unwanted_pending_id});
  expect_order(world, good_movement, {zero_debit, max_credit, unwanted_pending_id});
  expect_order(world, good_movement, {max_debit, zero_credit});
  expect_order(world, good_movement, {max_debit, max_credit});
  expect_order(world, good_movement,
               {same_account,
                unwanted_pending_id,
                unwanted_timeout,
                {closing_transfer_must_be_pending,
                 [](transfer& t) { set_flags(t, transfer_flags::closing_debit); }},
                {ledger_must_not_be_zero, [](transfer& t) { t.ledger = 0; }},
                {code_must_not_be_zero, [](transfer& t) { t.code = 0; }},
                {debit_account_not_found, [](transfer& t) { t.debit_account_id = {99}; }},
                {credit_account_not_found, [](transfer& t) { t.credit_account_id = {98}; }}});
}

TEST(LedgerTransferPrecedence, AnIdThatIsNoAccountIsReportedBeforeEqualAccounts) {
  book b = make_rich_world();
  EXPECT_EQ(create(b, make_transfer(300, 0, 0, 5)), debit_account_id_must_not_be_zero);
  EXPECT_EQ(create(b, make_transfer(300, u128_max, u128_max, 5)),
            debit_account_id_must_not_be_int_max);
}

TEST(LedgerTransferPrecedence, LedgersAreCheckedBeforeAmounts) {
  expect_order(
      make_rich_world(), good_movement,
      {{accounts_must_have_the_same_ledger, [](transfer& t) { t.credit_account_id = {3}; }},
       foreign_ledger,
       {overflows_debits_posted, move(8, 0)}});
}

TEST(LedgerTransferPrecedence, AnImportAndClosedAccountsAreCheckedBeforeAmounts) {
  expect_order(make_later_world(), import(good_movement),
               {foreign_ledger,
                regress,
                {imported_event_timestamp_must_postdate_debit_account,
                 [](transfer& t) { t.debit_account_id = {21}; }},
                {imported_event_timestamp_must_postdate_credit_account,
                 [](transfer& t) { t.credit_account_id = {22}; }},
                {imported_event_timeout_must_be_zero,
                 [](transfer& t) {
                   set_flags(t, pending);
                   t.timeout = 1;
                 }},
                {debit_account_already_closed, [](transfer& t) { t.debit_account_id = {12}; }},
                {credit_account_already_closed, [](transfer& t) { t.credit_account_id = {13}; }},
                {overflows_debits_posted, move(8, 0)}});
}

TEST(LedgerTransferPrecedence, ATimeoutOverflowsAfterAmountsAndBeforeBounds) {
  book late = make_rich_world();
  late.advance({timestamp_max.nanoseconds - second});
  expect_order(late, good_movement,
               {{overflows_credits, move(0, 11)},
                {overflows_timeout,
                 [](transfer& t) {
                   set_flags(t, pending);
                   t.timeout = 1;
                 }},
                {exceeds_credits, move(4, 0)}});
}

TEST(LedgerTransferPrecedence, OverflowsAndBoundsAreCheckedInOrder) {
  expect_order(make_rich_world(), good_movement,
               {foreign_ledger,
                {overflows_debits_pending, move(6, 0, pending)},
                {overflows_credits_pending, move(0, 7, pending)},
                {overflows_debits_posted, move(8, 0)},
                {overflows_credits_posted, move(0, 9)},
                {overflows_debits, move(6, 0)},
                {overflows_credits, move(0, 7)},
                {exceeds_credits, move(4, 0)},
                {exceeds_debits, move(0, 5)}});
}

TEST(LedgerTransferPrecedence, ThePendingIdOfAResolutionIsCheckedInOrder) {
  const book world = make_rich_world();
  const violation zero{pending_id_must_not_be_zero, [](transfer& t) { t.pending_id = {0}; }};
  const violation max{pending_id_must_not_be_int_max,
                      [](transfer& t) { t.pending_id = {u128_max}; }};
  const violation own{pending_id_must_be_different, [](transfer& t) { t.pending_id = t.id; }};
  const violation none{pending_transfer_not_found, [](transfer& t) { t.pending_id = {999}; }};
  for (const violation& each : {zero, max, own, none, posted_pending})
    expect_order(world, good_post, {exclusive_flags, each});
  for (const violation& each : {zero, max, own})
    expect_order(world, good_post, {each, unwanted_timeout});
  expect_order(world, good_post, {unwanted_timeout, none});
}

TEST(LedgerTransferPrecedence, WhatBecameOfThePendingIsCheckedBeforeImportsAndClosedAccounts) {
  const violation expired{pending_transfer_expired, [](transfer& t) { t.pending_id = {203}; }};
  const violation closed_debit{debit_account_already_closed,
                               [](transfer& t) { t.pending_id = {221}; }};
  const violation closed_credit{credit_account_already_closed,
                                [](transfer& t) { t.pending_id = {222}; }};
  for (const violation& each : {posted_pending, voided_pending, expired})
    expect_order(make_later_world(), import(good_post), {too_much, each});
  for (const violation& each : {posted_pending, voided_pending, expired}) {
    transfer request = import(good_post);
    regress.commit(request);
    each.commit(request);
    book b = make_later_world();
    EXPECT_EQ(create(b, request), each.outcome);
  }
  expect_order(make_later_world(), import(good_post), {regress, closed_debit});
  expect_order(make_later_world(), import(good_post), {regress, closed_credit});
}

TEST(LedgerTransferPrecedence, OfTwoClosedAccountsTheDebitAccountIsReported) {
  book b = make_rich_world();
  EXPECT_EQ(create(b, make_post(300, 223, 5)), debit_account_already_closed);
  EXPECT_EQ(create(b, make_transfer(301, 12, 13, 5)), debit_account_already_closed);
}

TEST(LedgerTransferPrecedence, AResolutionIsComparedWithItsPendingInOrder) {
  const violation less{pending_transfer_has_different_amount, [](transfer& t) {
                         t.flags = transfer_flags::void_pending;
                         t.amount = 10;
                       }};
  const book world = make_rich_world();
  expect_order(world, good_post,
               {{pending_transfer_not_pending, [](transfer& t) { t.pending_id = {100}; }},
                {pending_transfer_has_different_debit_account_id,
                 [](transfer& t) { t.debit_account_id = {2}; }},
                {pending_transfer_has_different_credit_account_id,
                 [](transfer& t) { t.credit_account_id = {1}; }},
                {pending_transfer_has_different_ledger, [](transfer& t) { t.ledger = 2; }},
                {pending_transfer_has_different_code, [](transfer& t) { t.code = 2; }},
                too_much,
                less,
                posted_pending});
  expect_order(world, good_post, {too_much, voided_pending});
  expect_order(world, good_post, {less, voided_pending});
}

// TigerBeetle: the last event of a batch that leaves its chain open says so, even if the chain had
// failed before.
TEST(LedgerTransferPrecedence, AnOpenChainIsReportedOverAFailedOne) {
  book b = make_rich_world();
  const auto linked = transfer_flags::linked;
  const std::vector batch{make_transfer(301, 1, 2, 5, linked), make_transfer(302, 0, 2, 5, linked),
                          make_transfer(303, 1, 2, 5, linked), make_transfer(304, 1, 2, 5, linked)};
  EXPECT_EQ(create(b, batch), (std::vector{linked_event_failed, debit_account_id_must_not_be_zero,
                                           linked_event_failed, linked_event_chain_open}));
}

TEST(LedgerTransferPrecedence, AFailedChainIsReportedOverTheFormOfItsMembers) {
  book b = make_rich_world();
  transfer bad = make_transfer(302, 1, 2, 5);
  bad.timestamp = {1};
  EXPECT_EQ(create(b, std::vector{make_transfer(0, 1, 2, 5, transfer_flags::linked), bad}),
            (std::vector{id_must_not_be_zero, linked_event_failed}));
}

} // namespace ducat::ledger::test
