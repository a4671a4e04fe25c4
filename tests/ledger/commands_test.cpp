/// The bytes of the ledger machine's commands, and the machine that reads them.

#include "ledger_world.hpp"

#include <ducat/ledger/machine.hpp>

#include <gtest/gtest.h>

#include <array>
#include <new>

namespace ducat::ledger::test {
namespace {

using outcomes = std::vector<std::uint8_t>;

template <class T>
std::vector<T> batch_in(const std::string& bytes) {
  return std::get<std::vector<T>>(decode_command(bytes).value());
}

/// Runs a command that must be committed.
reply run(machine& m, std::uint64_t index, const command& what) {
  const std::string bytes = encode(what);
  EXPECT_FALSE(m.answer_without_commit(bytes));
  return decode_reply(m.apply({index, {index * 1000}}, bytes)).value();
}

void expect_refused(const std::string& bytes, errc code) {
  const auto decoded = decode_command(bytes);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, code);
}

} // namespace

TEST(LedgerCommands, KeepEveryFieldOfATransfer) {
  transfer t = make_transfer(u128_max - 5, 1, 2, u128_max, transfer_flags::pending);
  t.pending_id = {77};
  t.user_data_128 = make_u128(1, 2);
  t.user_data_64 = 3;
  t.user_data_32 = 4;
  t.timeout = 5;
  t.timestamp = {6};
  EXPECT_EQ(batch_in<transfer>(encode(std::span(&t, 1))), std::vector{t});
}

TEST(LedgerCommands, KeepEveryFieldOfAnAccount) {
  account a = make_account(u128_max - 5, account_flags::history, 9);
  a.debits_pending = 1;
  a.debits_posted = 2;
  a.credits_pending = 3;
  a.credits_posted = u128_max;
  a.user_data_128 = make_u128(1, 2);
  a.user_data_64 = 3;
  a.user_data_32 = 4;
  a.timestamp = {6};
  EXPECT_EQ(batch_in<account>(encode(std::span(&a, 1))), std::vector{a});
}

// Equal commands must be equal bytes: the log is compared by its hashes.
TEST(LedgerCommands, DoNotContainPadding) {
  alignas(account) std::array<unsigned char, sizeof(account)> dirty{};
  dirty.fill(0xFF);
  auto* a = new (dirty.data()) account;
  *a = make_account(1);
  const account clean = make_account(1);
  EXPECT_EQ(encode(std::span<const account>(a, 1)), encode(std::span(&clean, 1)));
}

TEST(LedgerCommands, OfAWholeBatchFitInOneCommandOfTheLog) {
  const std::vector<transfer> batch(batch_events_max, make_transfer(1, 1, 2, 3));
  EXPECT_LE(encode(std::span(batch)).size(), std::size_t{1} << 20);
  EXPECT_EQ(batch_in<transfer>(encode(std::span(batch))).size(), batch_events_max);
}

TEST(LedgerCommands, AreRefusedWhenTheyAreNone) {
  const transfer t = make_transfer(1, 1, 2, 3);
  const std::string good = encode(std::span(&t, 1));
  expect_refused("", errc::invalid_argument);
  expect_refused(good.substr(0, 1), errc::invalid_argument);
  for (std::size_t length = 3; length < good.size(); ++length)
    expect_refused(good.substr(0, length), errc::invalid_argument);
  expect_refused(good + "x", errc::invalid_argument);
  expect_refused('\x7F' + good.substr(1), errc::newer_version);
  expect_refused(good.substr(0, 1) + '\x02' + good.substr(2), errc::newer_version);
  const std::vector<transfer> too_many(batch_events_max + 1);
  expect_refused(encode(std::span(too_many)), errc::invalid_argument);
  expect_refused(encode(advance{{advance_max.nanoseconds + 1}}), errc::invalid_argument);
  expect_refused(encode(advance{{1}}).substr(0, 9), errc::invalid_argument);
}

TEST(LedgerCommands, KeepAReversal) {
  const auto decoded =
      std::get<reversal>(decode_command(encode(reversal{{u128_max}, {7}, true})).value());
  EXPECT_EQ(decoded.id, transfer_id{u128_max});
  EXPECT_EQ(decoded.reverts, transfer_id{7});
  EXPECT_TRUE(decoded.force);
}

TEST(LedgerCommands, KeepMetadata) {
  const set_metadata change{{subject_kind::transfer, 9},
                            {{"set", "value"}, {"empty", ""}, {"removed", std::nullopt}}};
  const auto decoded = std::get<set_metadata>(decode_command(encode(change)).value());
  EXPECT_EQ(decoded.about, change.about);
  EXPECT_EQ(decoded.entries, change.entries);
}

TEST(LedgerCommands, OfMetadataAndReversalsAreRefusedWhenMalformed) {
  for (const std::string& good :
       {encode(reversal{{1}, {2}, false}),
        encode(set_metadata{{subject_kind::account, 1}, {{"key", "value"}}})}) {
    expect_refused(good + "x", errc::invalid_argument);
    for (std::size_t length = 2; length < good.size(); ++length)
      if (length != 2 + 17) // Metadata without an entry is fine.
        expect_refused(good.substr(0, length), errc::invalid_argument);
  }
  const subject about{subject_kind::account, 1};
  expect_refused(encode(set_metadata{about, {{"", "value"}}}), errc::invalid_argument);
  expect_refused(encode(set_metadata{about, {{std::string(256, 'k'), "value"}}}),
                 errc::invalid_argument);
  expect_refused(encode(set_metadata{about, {{"key", std::string(4097, 'v')}}}),
                 errc::invalid_argument);
  expect_refused(encode(set_metadata{{subject_kind{3}, 1}, {}}), errc::invalid_argument);
}

TEST(LedgerMachine, AnswersWithOneOutcomeForEachEvent) {
  machine m;
  EXPECT_EQ(run(m, 1, std::vector{make_account(1), make_account(2), make_account(0)}).outcomes,
            (outcomes{0, 0, static_cast<std::uint8_t>(account_outcome::id_must_not_be_zero)}));
  EXPECT_EQ(run(m, 2, std::vector{make_transfer(9, 1, 2, 5)}).outcomes, outcomes{0});
  EXPECT_EQ(m.book().find(account_id{1})->debits_posted, 5u);
}

TEST(LedgerMachine, StampsEventsWithTheTimeOfTheEntry) {
  machine m;
  run(m, 7, std::vector{make_account(1), make_account(2)});
  EXPECT_EQ(m.book().find(account_id{2})->timestamp, log_time{7001});
}

TEST(LedgerMachine, LeavesNoTraceOfABatchThatIsKnown) {
  machine m;
  run(m, 1, std::vector{make_account(1), make_account(2)});
  const std::vector batch{make_transfer(8, 1, 2, 5, transfer_flags::linked),
                          make_transfer(9, 1, 2, 5), make_transfer(10, 1, 3, 5)};
  run(m, 2, batch);
  const auto answered = m.answer_without_commit(encode(std::span(batch)));
  ASSERT_TRUE(answered);
  EXPECT_EQ(decode_reply(*answered)->outcomes,
            (outcomes{static_cast<std::uint8_t>(transfer_outcome::exists),
                      static_cast<std::uint8_t>(transfer_outcome::linked_event_failed),
                      static_cast<std::uint8_t>(transfer_outcome::id_already_failed)}));
}

TEST(LedgerMachine, CommitsABatchOfWhichOneEventIsNew) {
  machine m;
  run(m, 1, std::vector{make_account(1), make_account(2)});
  run(m, 2, std::vector{make_transfer(8, 1, 2, 5)});
  const std::vector batch{make_transfer(8, 1, 2, 5), make_transfer(9, 1, 2, 5)};
  EXPECT_FALSE(m.answer_without_commit(encode(std::span(batch))));
}

TEST(LedgerMachine, AnswersBytesThatAreNoCommandWithoutATrace) {
  const machine m;
  const auto answered = m.answer_without_commit("nonsense");
  ASSERT_TRUE(answered);
  EXPECT_EQ(decode_reply(*answered)->status, reply_status::malformed);
}

TEST(LedgerMachine, AdvancesItsClock) {
  machine m;
  run(m, 1, std::vector{make_account(1), make_account(2)});
  transfer hold = make_transfer(8, 1, 2, 5, transfer_flags::pending);
  hold.timeout = 1;
  run(m, 2, std::vector{hold});
  run(m, 3, advance{{1'000'002'000}});
  EXPECT_EQ(m.book().status_of({8}), pending_status::expired);
  EXPECT_EQ(m.book().find(account_id{1})->debits_pending, 0u);
}

TEST(LedgerMachine, HasTimeLeftWhereverItsClockWasMovedTo) {
  machine m;
  run(m, 1, advance{advance_max});
  for (std::uint64_t index = 2; index < 5; ++index)
    run(m, index, std::vector<account>(batch_events_max));
  EXPECT_EQ(m.book().now().nanoseconds, advance_max.nanoseconds + 3 * batch_events_max);
}

TEST(LedgerMachine, ReturnsTheRecordsOfTheIdsItKnows) {
  machine m;
  run(m, 1, std::vector{make_account(1), make_account(2)});
  const std::array ids{account_id{2}, account_id{3}};
  const std::string question =
      "a" + std::string{reinterpret_cast<const char*>(ids.data()), sizeof(ids)};
  const std::string records = m.query(question);
  ASSERT_EQ(records.size(), record_size);
  EXPECT_EQ(static_cast<unsigned char>(records.front()), 2);
  EXPECT_EQ(m.query(""), "");
}

} // namespace ducat::ledger::test
