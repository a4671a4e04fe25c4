#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {

namespace {

using enum transfer_outcome;
using outcomes = std::vector<transfer_outcome>;

constexpr std::uint64_t second = 1'000'000'000;

transfer with_timeout(u128 id, std::uint32_t seconds,
                      transfer_flags flags = transfer_flags::pending) {
  transfer t = make_transfer(id, 1, 2, 50, flags | transfer_flags::pending);
  t.timeout = seconds;
  return t;
}

std::vector<transfer_outcome> create_at(book& b, log_time at, const std::vector<transfer>& batch) {
  return b.create_transfers(at, batch);
}

/// 200 is pending for one second.
book expiring_world() {
  book b = make_world();
  EXPECT_EQ(create(b, with_timeout(200, 1)), ok);
  return b;
}

log_time expiry_of(const book& b, u128 id) {
  const transfer t = *b.find(transfer_id{id});
  return {t.timestamp.nanoseconds + t.timeout * second};
}

log_time before(log_time at, std::uint64_t nanoseconds = 1) {
  return {at.nanoseconds - nanoseconds};
}

} // namespace

// TigerBeetle, Transfer.timeout: transfers expire exactly at their timestamp plus timeout.
TEST(LedgerExpiry, NothingExpiresBeforeItsTime) {
  book b = expiring_world();
  EXPECT_EQ(b.advance(before(expiry_of(b, 200))), 0u);
  EXPECT_EQ(b.status_of({200}), pending_status::pending);
  EXPECT_EQ(b.find(account_id{1})->debits_pending, 50u);
}

TEST(LedgerExpiry, ATransferExpiresAtItsTimeAndReleasesAll) {
  book b = expiring_world();
  EXPECT_EQ(b.advance(expiry_of(b, 200)), 1u);
  EXPECT_EQ(b.status_of({200}), pending_status::expired);
  EXPECT_EQ(b.find(account_id{1})->debits_pending, 0u);
  EXPECT_EQ(b.find(account_id{2})->credits_pending, 0u);
}

TEST(LedgerExpiry, ATransferWithoutATimeoutNeverExpires) {
  book b = make_world();
  create(b, make_transfer(200, 1, 2, 50, transfer_flags::pending));
  EXPECT_EQ(b.advance(timestamp_max), 0u);
  EXPECT_EQ(b.status_of({200}), pending_status::pending);
}

TEST(LedgerExpiry, TheClockNeverGoesBack) {
  book b = make_world();
  b.advance({5 * second});
  b.advance({2 * second});
  EXPECT_EQ(b.now(), log_time{5 * second});
}

TEST(LedgerExpiry, ABatchReleasesWhatHasExpiredBeforeItsFirstEvent) {
  book b = make_world();
  create(b, make_transfer(100, 2, 4, 50)); // 4 may spend 50
  transfer reserved = with_timeout(200, 1);
  reserved.debit_account_id = {4};
  ASSERT_EQ(create(b, reserved), ok);
  transfer spent = make_transfer(300, 4, 2, 50);
  EXPECT_EQ(create_at(b, expiry_of(b, 200), {spent}), outcomes{ok});
}

TEST(LedgerExpiry, ABatchOfAccountsReleasesToo) {
  book b = expiring_world();
  const account a = make_account(6);
  b.create_accounts(expiry_of(b, 200), std::span(&a, 1));
  EXPECT_EQ(b.status_of({200}), pending_status::expired);
}

TEST(LedgerExpiry, AnEmptyBatchReleasesToo) {
  book b = expiring_world();
  create_at(b, expiry_of(b, 200), {});
  EXPECT_EQ(b.status_of({200}), pending_status::expired);
}

TEST(LedgerExpiry, AnExpiredTransferIsNeitherPostedNorVoided) {
  book b = expiring_world();
  EXPECT_EQ(
      create_at(b, expiry_of(b, 200), {make_post(300, 200, u128_max), make_void(301, 200, 0)}),
      (outcomes{pending_transfer_expired, pending_transfer_expired}));
}

TEST(LedgerExpiry, ATransferIsPostedUpToTheLastNanosecond) {
  book b = expiring_world();
  EXPECT_EQ(create_at(b, before(expiry_of(b, 200)), {make_post(300, 200, 50)}), outcomes{ok});
  EXPECT_EQ(b.advance({9 * second}), 0u);
  EXPECT_EQ(b.status_of({200}), pending_status::posted);
}

// Within a batch the stamp of the event decides, although nothing is released before the next.
TEST(LedgerExpiry, AnEventStampedAtTheExpiryComesTooLate) {
  book b = expiring_world();
  EXPECT_EQ(create_at(b, before(expiry_of(b, 200)),
                      {make_transfer(300, 1, 2, 1), make_post(301, 200, 50)}),
            (outcomes{ok, pending_transfer_expired}));
  EXPECT_EQ(b.status_of({200}), pending_status::pending);
  EXPECT_EQ(b.advance({}), 1u);
  EXPECT_EQ(b.status_of({200}), pending_status::expired);
}

TEST(LedgerExpiry, AVoidedTransferDoesNotExpire) {
  book b = expiring_world();
  ASSERT_EQ(create(b, make_void(300, 200, 0)), ok);
  EXPECT_EQ(b.advance({9 * second}), 0u);
  EXPECT_EQ(b.status_of({200}), pending_status::voided);
}

TEST(LedgerExpiry, TheEndOfAClosingTransferReopens) {
  book b = make_world();
  ASSERT_EQ(create(b, with_timeout(200, 1, transfer_flags::closing_debit)), ok);
  b.advance(expiry_of(b, 200));
  EXPECT_FALSE(has(b.find(account_id{1})->flags, account_flags::closed));
}

TEST(LedgerExpiry, ATransferOfAClosedAccountExpires) {
  book b = expiring_world();
  ASSERT_EQ(create(b, make_transfer(201, 1, 2, 0,
                                    transfer_flags::pending | transfer_flags::closing_debit)),
            ok);
  EXPECT_EQ(b.advance(expiry_of(b, 200)), 1u);
  EXPECT_TRUE(has(b.find(account_id{1})->flags, account_flags::closed));
}

TEST(LedgerExpiry, AnUndoneTransferDoesNotExpire) {
  book b = make_world();
  create(b, std::vector{with_timeout(200, 1, transfer_flags::linked), make_transfer(0, 1, 2, 5)});
  EXPECT_EQ(b.advance({9 * second}), 0u);
}

// The stamp of an undone transfer is free again, and an import may take it.
TEST(LedgerExpiry, AnImportedTransferIsNotEndedByTheTimeoutOfAnUndoneOne) {
  book b = make_world();
  const log_time undone{noon.nanoseconds + 5}; // after the five accounts of the world
  create(b, std::vector{with_timeout(200, 1, transfer_flags::linked), make_transfer(0, 1, 2, 5)});
  transfer imported =
      make_transfer(201, 1, 2, 5, transfer_flags::pending | transfer_flags::imported);
  imported.timestamp = undone;
  ASSERT_EQ(create(b, imported), ok);
  EXPECT_EQ(b.advance({9 * second}), 0u);
  EXPECT_EQ(b.status_of({201}), pending_status::pending);
}

TEST(LedgerExpiry, AnUndonePostLeavesTheTimeout) {
  book b = expiring_world();
  transfer post = make_post(300, 200, 50);
  post.flags = post.flags | transfer_flags::linked;
  create(b, std::vector{post, make_transfer(0, 1, 2, 5)});
  EXPECT_EQ(b.advance(expiry_of(b, 200)), 1u);
}

TEST(LedgerExpiry, OnlyAPendingTransferHasATimeout) {
  book b = expiring_world();
  transfer plain = make_transfer(300, 1, 2, 5);
  transfer post = make_post(301, 200, 5);
  plain.timeout = post.timeout = 1;
  EXPECT_EQ(create(b, plain), timeout_reserved_for_pending_transfer);
  EXPECT_EQ(create(b, post), timeout_reserved_for_pending_transfer);
}

TEST(LedgerExpiry, ATimeoutEndsWithinTime) {
  book b = make_world();
  const log_time at = before(timestamp_max, second);
  EXPECT_EQ(create_at(b, at, {with_timeout(200, 1), with_timeout(201, 1)}),
            (outcomes{ok, overflows_timeout}));
}

TEST(LedgerExpiry, ARetryWithAnotherTimeoutIsAnother) {
  book b = expiring_world();
  EXPECT_EQ(create(b, with_timeout(200, 2)), exists_with_different_timeout);
}

} // namespace ducat::ledger::test
