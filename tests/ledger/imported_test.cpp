#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {

namespace {

constexpr auto imported_account = account_flags::imported;
constexpr auto imported_transfer = transfer_flags::imported;
constexpr log_time evening{2'000'000};

account import_account(u128 id, std::uint64_t timestamp) {
  account a = make_account(id, imported_account);
  a.timestamp = {timestamp};
  return a;
}

transfer import_transfer(u128 id, std::uint64_t timestamp,
                         transfer_flags flags = transfer_flags::none) {
  transfer t = make_transfer(id, 1, 2, 5, flags | imported_transfer);
  t.timestamp = {timestamp};
  return t;
}

std::vector<account_outcome> run(book& b, const std::vector<account>& batch) {
  return b.create_accounts(evening, batch);
}

std::vector<transfer_outcome> run(book& b, const std::vector<transfer>& batch) {
  return b.create_transfers(evening, batch);
}

account_outcome run(book& b, const account& a) {
  return run(b, std::vector{a}).front();
}

transfer_outcome run(book& b, const transfer& t) {
  return run(b, std::vector{t}).front();
}

/// Accounts 1, 2 of time 100, 200, and transfer 10 of time 1000 between them.
book imported_world() {
  book b;
  EXPECT_EQ(run(b, std::vector{import_account(1, 100), import_account(2, 200)}),
            std::vector(2, account_outcome::ok));
  EXPECT_EQ(run(b, import_transfer(10, 1000)), transfer_outcome::ok);
  return b;
}

} // namespace

TEST(LedgerImportedAccounts, KeepTheirTimestamp) {
  const book b = imported_world();
  EXPECT_EQ(b.find(account_id{2})->timestamp, log_time{200});
}

TEST(LedgerImportedAccounts, MoveTheClockAsAnyBatch) {
  book b;
  run(b, std::vector{import_account(1, 100), import_account(2, 200)});
  EXPECT_EQ(b.now(), log_time{evening.nanoseconds + 1});
}

// TigerBeetle, flags.imported: the first event decides for the whole batch.
TEST(LedgerImportedAccounts, DoNotMixWithOthers) {
  using enum account_outcome;
  book b;
  EXPECT_EQ(run(b, std::vector{import_account(1, 100), make_account(2)}),
            (std::vector{ok, imported_event_expected}));
  EXPECT_EQ(run(b, std::vector{make_account(3), import_account(4, 200)}),
            (std::vector{ok, imported_event_not_expected}));
}

TEST(LedgerImportedAccounts, HaveATimestampInRange) {
  using enum account_outcome;
  book b;
  EXPECT_EQ(run(b, import_account(1, 0)), imported_event_timestamp_out_of_range);
  EXPECT_EQ(run(b, import_account(1, timestamp_max.nanoseconds + 1)),
            imported_event_timestamp_out_of_range);
  EXPECT_EQ(run(b, import_account(1, timestamp_max.nanoseconds)),
            imported_event_timestamp_must_not_advance);
}

TEST(LedgerImportedAccounts, AreOlderThanTheirBatch) {
  using enum account_outcome;
  book b;
  EXPECT_EQ(run(b, import_account(1, evening.nanoseconds)),
            imported_event_timestamp_must_not_advance);
  EXPECT_EQ(run(b, import_account(1, evening.nanoseconds - 1)), ok);
}

TEST(LedgerImportedAccounts, ComeInOrderOfTime) {
  using enum account_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, import_account(3, 200)), imported_event_timestamp_must_not_regress);
  EXPECT_EQ(run(b, import_account(3, 201)), ok);
}

TEST(LedgerImportedAccounts, DoNotTakeTheTimestampOfATransfer) {
  using enum account_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, import_account(3, 1000)), imported_event_timestamp_must_not_regress);
  EXPECT_EQ(run(b, import_account(3, 999)), ok);
}

TEST(LedgerImportedAccounts, ARetryExistsAtWhateverTime) {
  using enum account_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, import_account(1, 100)), exists);
  EXPECT_EQ(run(b, import_account(1, 150)), exists);
}

TEST(LedgerImportedTransfers, KeepTheirTimestamp) {
  const book b = imported_world();
  EXPECT_EQ(b.find(transfer_id{10})->timestamp, log_time{1000});
}

TEST(LedgerImportedTransfers, DoNotMixWithOthers) {
  using enum transfer_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, std::vector{import_transfer(20, 2000), make_transfer(21, 1, 2, 5)}),
            (std::vector{ok, imported_event_expected}));
  EXPECT_EQ(run(b, std::vector{make_transfer(22, 1, 2, 5), import_transfer(23, 3000)}),
            (std::vector{ok, imported_event_not_expected}));
}

TEST(LedgerImportedTransfers, HaveATimestampInRange) {
  using enum transfer_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, import_transfer(20, 0)), imported_event_timestamp_out_of_range);
  EXPECT_EQ(run(b, import_transfer(20, ~std::uint64_t{0})), imported_event_timestamp_out_of_range);
}

TEST(LedgerImportedTransfers, AreOlderThanTheirBatch) {
  using enum transfer_outcome;
  book b = imported_world();
  const log_time next{b.now().nanoseconds + 1};
  EXPECT_EQ(run(b, import_transfer(20, next.nanoseconds)),
            imported_event_timestamp_must_not_advance);
}

TEST(LedgerImportedTransfers, ComeInOrderOfTime) {
  using enum transfer_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, import_transfer(20, 1000)), imported_event_timestamp_must_not_regress);
  EXPECT_EQ(run(b, import_transfer(20, 1001)), ok);
}

TEST(LedgerImportedTransfers, DoNotTakeTheTimestampOfAnAccount) {
  using enum transfer_outcome;
  book b = imported_world();
  ASSERT_EQ(run(b, import_account(3, 2000)), account_outcome::ok);
  EXPECT_EQ(run(b, import_transfer(20, 2000)), imported_event_timestamp_must_not_regress);
}

TEST(LedgerImportedTransfers, AreYoungerThanTheirAccounts) {
  using enum transfer_outcome;
  book b = imported_world();
  ASSERT_EQ(run(b, import_account(3, 2000)), account_outcome::ok);
  transfer early = import_transfer(20, 1500);
  early.debit_account_id = {3};
  EXPECT_EQ(run(b, early), imported_event_timestamp_must_postdate_debit_account);
  std::swap(early.debit_account_id, early.credit_account_id);
  early.debit_account_id = {1};
  EXPECT_EQ(run(b, early), imported_event_timestamp_must_postdate_credit_account);
}

TEST(LedgerImportedTransfers, HaveNoTimeout) {
  using enum transfer_outcome;
  book b = imported_world();
  transfer t = import_transfer(20, 2000, transfer_flags::pending);
  t.timeout = 1;
  EXPECT_EQ(run(b, t), imported_event_timeout_must_be_zero);
}

TEST(LedgerImportedTransfers, MayBePendingAndPostedByAnImport) {
  using enum transfer_outcome;
  book b = imported_world();
  ASSERT_EQ(run(b, import_transfer(20, 2000, transfer_flags::pending)), ok);
  transfer post = make_post(21, 20, 5);
  post.flags = post.flags | imported_transfer;
  post.timestamp = {2000};
  EXPECT_EQ(run(b, post), imported_event_timestamp_must_not_regress);
  post.timestamp = {2001};
  EXPECT_EQ(run(b, post), ok);
  EXPECT_EQ(b.find(transfer_id{21})->timestamp, log_time{2001});
}

// So that whoever imports can go on after a crash.
TEST(LedgerImportedTransfers, ARetryExistsAlthoughItWouldRegress) {
  using enum transfer_outcome;
  book b = imported_world();
  ASSERT_EQ(run(b, import_transfer(20, 2000)), ok);
  EXPECT_EQ(run(b, import_transfer(10, 1000)), exists);
}

TEST(LedgerImportedTransfers, ABrokenChainFreesItsTimestamps) {
  using enum transfer_outcome;
  book b = imported_world();
  EXPECT_EQ(run(b, std::vector{import_transfer(20, 2000, transfer_flags::linked),
                               import_transfer(0, 2001)}),
            (std::vector{linked_event_failed, id_must_not_be_zero}));
  EXPECT_EQ(run(b, import_transfer(21, 2000)), ok);
}

} // namespace ducat::ledger::test
