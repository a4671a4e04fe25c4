/// A ledger whose past is on disk is the same ledger.

#include "random_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/machine.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace ducat::ledger::test {
namespace {

constexpr std::size_t small_segment = 20;

std::shared_ptr<segment_store> open_store(const std::filesystem::path& path) {
  return open_segment_store(path).value();
}

/// A machine with a store, its commands, and a machine in memory that gets the same.
class two_ledgers {
public:
  two_ledgers() { reopen(); }

  /// Runs `what` as one entry of the log on both; returns the common reply.
  reply run(const command& what) {
    const std::string bytes = encode(what);
    EXPECT_EQ(machine_->answer_without_commit(bytes), memory_.answer_without_commit(bytes));
    if (const auto known = memory_.answer_without_commit(bytes))
      return decode_reply(*known).value();
    log_.push_back(bytes);
    const std::string answer = memory_.apply(newest(), bytes);
    EXPECT_EQ(machine_->apply(newest(), bytes), answer);
    machine_->committed(receipt_of(log_.size()), {});
    return decode_reply(answer).value();
  }

  /// Ends the machine, and opens the store again.
  void reopen() {
    machine_.reset();
    store_.reset();
    store_ = open_store(directory_.path());
    restart();
  }

  /// Makes another machine on the same store; what the store lacks is applied again.
  void restart() {
    machine_ = std::make_unique<machine>(store_, keeping_limits{.records = small_segment});
    const std::size_t begin = machine_->durable_to().index;
    replayed_ = log_.size() - begin;
    EXPECT_EQ(machine_->durable_to(), receipt_of(begin));
    for (std::size_t index = begin + 1; index <= log_.size(); ++index) {
      machine_->apply({index, {index * 1000}}, log_[index - 1]);
      machine_->committed(receipt_of(index), {});
    }
  }

  /// Lets the store take what it was given, and the book let it go.
  void settle() {
    store_->wait_until_written();
    machine_->committed(receipt_of(log_.size()), {});
  }

  const book& stored() const { return machine_->book(); }

  const book& memory() const { return memory_.book(); }

  std::size_t replayed() const { return replayed_; }

  void expect_equal() const {
    EXPECT_EQ(stored().state_digest(), memory().state_digest());
    for (const bool reversed : {false, true}) {
      const query_filter all{
          .timestamp_min = {}, .timestamp_max = {}, .limit = 100'000, .reversed = reversed};
      EXPECT_EQ(stored().query_transfers(all), memory().query_transfers(all));
      expect_equal_by_user_data(all);
      for (unsigned id = 1; id <= 5; ++id) {
        const account_filter of{.account = {id}, .common = all};
        EXPECT_EQ(stored().account_transfers(of), memory().account_transfers(of));
        EXPECT_EQ(stored().account_balances(of), memory().account_balances(of));
      }
    }
  }

private:
  void expect_equal_by_user_data(query_filter some) const {
    const std::uint64_t end = memory().now().nanoseconds;
    some.timestamp_min = {end / 4};
    some.timestamp_max = {end / 4 * 3};
    for (unsigned value = 1; value <= 3; ++value)
      for (unsigned field = 0; field < 4; ++field) {
        some.user_data_128 = field == 0 || field == 3 ? value : 0;
        some.user_data_64 = field == 1 || field == 3 ? value : 0;
        some.user_data_32 = field == 2 ? value : 0;
        const auto found = memory().query_transfers(some);
        EXPECT_EQ(stored().query_transfers(some), found);
        some.limit = 2;
        EXPECT_EQ(stored().query_transfers(some), memory().query_transfers(some));
        some.limit = 100'000;
      }
  }

  position newest() const { return {log_.size(), {log_.size() * 1000}}; }

  static receipt receipt_of(std::uint64_t index) {
    return index == 0 ? receipt{} : receipt{index, sha256({std::to_string(index)})};
  }

  ducat::testing::temporary_directory directory_;
  std::shared_ptr<segment_store> store_;
  std::unique_ptr<machine> machine_;
  machine memory_;
  std::vector<std::string> log_;
  std::size_t replayed_ = 0;
};

void open_accounts(two_ledgers& ledgers) {
  ledgers.run(five_accounts());
}

/// Moves money in `count` batches of ten, from `first_id` on.
void move_money(two_ledgers& ledgers, unsigned count, unsigned first_id = 1000) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<transfer> batch;
    for (unsigned j = 0; j < 10; ++j)
      batch.push_back(make_transfer(first_id + i * 10 + j, j % 5 + 1, (j + 1) % 5 + 1, 1));
    ledgers.run(batch);
  }
}

transfer_outcome run_one(two_ledgers& ledgers, const transfer& t) {
  return static_cast<transfer_outcome>(ledgers.run(std::vector{t}).outcomes.front());
}

std::uint64_t seed() {
  const char* given = std::getenv("DUCAT_SEED");
  return given == nullptr ? 20260401 : std::strtoull(given, nullptr, 10);
}

} // namespace

TEST(LedgerStore, IsEmptyAtFirst) {
  const ducat::testing::temporary_directory directory;
  const auto store = open_store(directory.path());
  EXPECT_EQ(store->durable_to(), receipt{});
  EXPECT_EQ(store->find({1}), std::nullopt);
  EXPECT_EQ(machine{store}.book().state_digest(), book{}.state_digest());
}

// What takes memory fills a segment, whatever it is: none of it may stay for ever.
TEST(LedgerStore, TakesLongMetadataAndAccountsBeforeTheyAreTooMany) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  for (unsigned i = 0; i < 3; ++i)
    ledgers.run(set_metadata{{subject_kind::account, 1},
                             {{std::to_string(i), std::string(metadata_value_bytes_max, 'x')}}});
  ledgers.reopen();
  EXPECT_EQ(ledgers.replayed(), 0u);
  std::vector<account> many;
  for (unsigned id = 100; id < 100 + small_segment; ++id)
    many.push_back(make_account(id));
  ledgers.run(many);
  ledgers.reopen();
  EXPECT_EQ(ledgers.replayed(), 0u);
  ledgers.expect_equal();
}

// An actor that crashed is restarted in the same process: its next life has the same store.
TEST(LedgerStore, IsTheSameForTheNextLifeOfAMachine) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  for (unsigned life = 0; life < 3; ++life) {
    move_money(ledgers, 7, 1000 + life * 100);
    ledgers.restart();
    EXPECT_LT(ledgers.replayed(), 7u);
    ledgers.expect_equal();
  }
  ledgers.settle();
  ledgers.expect_equal();
}

TEST(LedgerStore, HasThePastOfALedger) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  move_money(ledgers, 30);
  ledgers.settle();
  EXPECT_EQ(ledgers.stored().newest_size(), 0u);
  EXPECT_EQ(ledgers.stored().sealed_size(), 0u);
  ledgers.expect_equal();
}

TEST(LedgerStore, KnowsAnIdForEver) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  run_one(ledgers, make_transfer(7, 1, 9, 1)); // Burnt.
  move_money(ledgers, 4);
  ledgers.settle();
  EXPECT_EQ(run_one(ledgers, make_transfer(1000, 1, 2, 1)), transfer_outcome::exists);
  EXPECT_EQ(run_one(ledgers, make_transfer(1000, 1, 2, 2)),
            transfer_outcome::exists_with_different_amount);
  EXPECT_EQ(run_one(ledgers, make_transfer(7, 1, 2, 1)), transfer_outcome::id_already_failed);
}

TEST(LedgerStore, RemembersWhatBecameOfAPendingTransferOfAnEarlierSegment) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  const auto pending = transfer_flags::pending;
  for (const unsigned id : {1, 2, 3})
    run_one(ledgers, make_transfer(id, 1, 2, 5, pending));
  move_money(ledgers, 2);
  ledgers.settle();
  EXPECT_EQ(ledgers.stored().status_of({1}), pending_status::pending);
  EXPECT_EQ(run_one(ledgers, make_post(11, 1, 4)), transfer_outcome::ok);
  EXPECT_EQ(run_one(ledgers, make_void(12, 2, 0)), transfer_outcome::ok);
  for (const char* where : {"in memory", "on disk", "after a restart"}) {
    EXPECT_EQ(ledgers.stored().status_of({1}), pending_status::posted) << where;
    EXPECT_EQ(ledgers.stored().status_of({2}), pending_status::voided) << where;
    EXPECT_EQ(ledgers.stored().status_of({3}), pending_status::pending) << where;
    EXPECT_EQ(run_one(ledgers, make_post(13, 1, 4)),
              transfer_outcome::pending_transfer_already_posted)
        << where;
    if (where[0] == 'i') {
      move_money(ledgers, 4, 2000);
      ledgers.settle();
    } else {
      ledgers.reopen();
    }
  }
  ledgers.expect_equal();
}

// Or else they would fill the memory.
TEST(LedgerStore, TakesBurntIdsAndMetadataToo) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  for (unsigned id = 1; id <= small_segment; ++id) {
    run_one(ledgers, make_transfer(id, 1, 9, 1)); // There is no account 9.
    ledgers.run(set_metadata{{subject_kind::account, id % 5 + 1}, {{"n", std::to_string(id)}}});
  }
  ledgers.settle();
  EXPECT_LT(ledgers.stored().newest_size(), small_segment);
  ledgers.reopen();
  ledgers.expect_equal();
}

TEST(LedgerStore, GoesOnAfterARestart) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  move_money(ledgers, 31);
  ledgers.settle();
  ledgers.reopen();
  EXPECT_LT(ledgers.replayed(), 4u) << "what is in the store is not applied again";
  ledgers.expect_equal();
  move_money(ledgers, 31, 5000);
  ledgers.reopen();
  ledgers.expect_equal();
}

TEST(LedgerStore, ExpiresAfterARestartWhatWasPendingBefore) {
  two_ledgers ledgers;
  open_accounts(ledgers);
  transfer hold = make_transfer(1, 1, 2, 5, transfer_flags::pending);
  hold.timeout = 1;
  run_one(ledgers, hold);
  move_money(ledgers, 4);
  ledgers.settle();
  ledgers.reopen();
  ledgers.run(advance{{3'000'000'000}});
  EXPECT_EQ(ledgers.stored().status_of({1}), pending_status::expired);
  EXPECT_EQ(ledgers.stored().find(account_id{1})->debits_pending, 0u);
  ledgers.expect_equal();
}

TEST(LedgerStore, IsTheSameLedgerUnderRandomCommandsAndRestarts) {
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed()));
  std::mt19937_64 random{seed()};
  two_ledgers ledgers;
  open_accounts(ledgers);
  for (unsigned round = 0; round < 300; ++round) {
    std::vector<transfer> batch(random() % 15 + 1);
    for (transfer& each : batch)
      each = random_transfer(random);
    ledgers.run(batch);
    if (random() % 4 == 0)
      ledgers.run(reversal{{random() % 600 + 1}, {random() % 600 + 1}, random() % 2 == 0});
    if (random() % 4 == 0)
      ledgers.run(set_metadata{{subject_kind::transfer, random() % 600 + 1},
                               {{std::to_string(random() % 3), std::to_string(round)}}});
    if (random() % 20 == 0)
      ledgers.run(advance{{ledgers.memory().now().nanoseconds + 500'000'000}});
    if (random() % 10 == 0)
      ledgers.settle();
    if (random() % 40 == 0)
      ledgers.reopen();
    if (random() % 30 == 0)
      ledgers.restart();
    if (random() % 20 == 0)
      ledgers.expect_equal();
    if (HasFailure())
      FAIL() << "in round " << round;
  }
  ledgers.expect_equal();
}

TEST(LedgerStore, IsInUseByOneAtATime) {
  const ducat::testing::temporary_directory directory;
  const auto store = open_store(directory.path());
  const auto second = open_segment_store(directory.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::in_use);
}

} // namespace ducat::ledger::test
