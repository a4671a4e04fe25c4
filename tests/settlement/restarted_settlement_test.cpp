/// A node that ends in the middle of a settlement begins with what it has kept and with the rest of
/// its log, and ends as one that never ended.

#include "support/payment_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/replica.hpp>
#include <ducat/v1/machine.pb.h>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ducat::settlement::test {
namespace {

constexpr std::uint32_t day = 20'261'102;

/// A machine with its log and its state on disk. It writes its state after every second entry.
class kept_replica {
public:
  kept_replica() { begin(); }

  /// Runs the commands as one entry; returns what each was answered.
  std::vector<std::string> run(const std::vector<v1::Command>& commands) {
    std::vector<commit> wanted;
    for (const v1::Command& each : commands)
      wanted.push_back({.command = each.SerializeAsString()});
    const auto done = replica_->run(wanted);
    EXPECT_TRUE(done) << done.error();
    EXPECT_TRUE(replica_->settle());
    std::vector<std::string> answers;
    for (const auto& each : *done)
      answers.push_back(each->reply);
    return answers;
  }

  /// Ends this life, and begins another one.
  void restart() {
    end();
    begin();
  }

  /// Returns the entry whose state this life began with.
  std::uint64_t begun_with() const { return begun_with_; }

  digest state_digest() const { return machine_->state_digest(); }

private:
  void begin() {
    store_ = ledger::store_directory::open(place_.path() / "state").value();
    log_ = open_embedded_log({.directory = place_.path() / "log"}).value();
    const machine_factory make = payment::machines_in(store_, {.records = 1'000'000, .entries = 2});
    auto opened = replica::open({.log = log_,
                                 .machine =
                                     [&] {
                                       auto made = make();
                                       machine_ = made.get();
                                       begun_with_ = made->durable_to().index;
                                       return made;
                                     },
                                 .retention = log_retention::checkpoint,
                                 .store = store_,
                                 .now = [] { return log_time{1'000}; }});
    EXPECT_TRUE(opened) << opened.error();
    replica_ = std::move(*opened);
  }

  void end() {
    replica_.reset();
    log_.reset();
    store_.reset();
  }

  testing::temporary_directory place_;
  std::shared_ptr<ledger::store_directory> store_;
  std::shared_ptr<log> log_;
  std::optional<replica> replica_;
  const machine* machine_ = nullptr; ///< The replica's.
  std::uint64_t begun_with_ = 0;
};

// What is done, entry by entry
// --------------------------------------------------------------------

using entry_of_commands = std::vector<v1::Command>;

class script {
public:
  script() {
    for (const char* id : {"visa", "books"})
      add().push_back(testing::open_account(id, true));
    configure();
    merchants(100);
    participants();
    captures(100);
    cut_and_start();
    first_of_settlement_ = entries_.size();
    for (std::uint32_t step = 0; step < 5; ++step) {
      v1::AdvanceSettlement& next = *command().mutable_advance();
      next.set_id("set_EUR_1");
      next.set_step(step);
    }
    for (std::uint32_t step = 0; step < 2; ++step)
      batch(step);
    for (const char* of : {"set_EUR_1", "pob_EUR_1"})
      file(of);
    v1::PayoutResult& returned = *command().mutable_resolve()->add_results();
    returned.set_payout("po_EUR_1_2");
    returned.set_event(v1::PayoutResult::RETURNED);
  }

  const std::vector<entry_of_commands>& entries() const { return entries_; }

  /// Returns which entry is its first step.
  std::size_t first_of_settlement() const { return first_of_settlement_; }

private:
  entry_of_commands& add() { return entries_.emplace_back(); }

  v1::SettlementCommand& command() { return *add().emplace_back().mutable_settlement(); }

  v1::SettlementCommand& more() { return *entries_.back().emplace_back().mutable_settlement(); }

  void configure() {
    v1::ConfigureSettlement& terms = *command().mutable_configure();
    terms.set_currency("EUR");
    terms.set_model(v1::NET_MULTILATERAL_DEFERRED);
    terms.set_business_date(day);
  }

  void merchants(int count) {
    entry_of_commands& accounts = add();
    for (int i = 1; i <= count; ++i)
      accounts.push_back(testing::open_account("m" + std::to_string(i), true));
    add();
    for (int i = 1; i <= count; ++i) {
      v1::PutMerchant& terms = *more().mutable_merchant();
      terms.set_id("m" + std::to_string(i));
      terms.set_reserve_basis_points(500);
      terms.set_reserve_windows(1);
      terms.mutable_discount()->add_tiers()->set_basis_points(100);
      terms.mutable_bank()->set_iban("DE89370400440532013000");
      terms.mutable_bank()->set_name("Shop");
    }
  }

  void participants() {
    for (const auto& [id, account] : {std::pair{"north", "visa"}, std::pair{"south", "m1"}}) {
      v1::PutParticipant& terms = *command().mutable_participant();
      terms.set_id(id);
      terms.set_currency("EUR");
      terms.set_net_debit_cap(1'000'000);
      terms.add_accounts(account);
      v1::FundParticipant& fund = *more().mutable_fund();
      fund.set_id(id);
      fund.set_idempotency_key(id);
      fund.set_amount(2'000'000);
    }
  }

  void captures(int count) {
    v1::PresentCaptures& all = *command().mutable_present();
    for (int i = 1; i <= count; ++i) {
      v1::PresentedCapture& item = *all.add_items();
      item.set_reference("capture-" + std::to_string(i));
      item.set_from("visa");
      item.set_to("m" + std::to_string(i));
      item.set_amount(1'000 + i);
    }
  }

  void cut_and_start() {
    v1::CutWindow& cut = *command().mutable_cut();
    cut.set_currency("EUR");
    cut.set_window(1);
    cut.set_next_business_date(day + 1);
    v1::StartSettlement& start = *command().mutable_start();
    start.set_currency("EUR");
    start.set_first_window(1);
    start.set_last_window(1);
    start.set_number(1);
  }

  void batch(std::uint32_t step) {
    v1::BatchPayouts& next = *command().mutable_batch();
    next.set_currency("EUR");
    next.set_batch(1);
    next.set_step(step);
    next.set_execution_date(day + 2);
  }

  void file(const std::string& of) {
    v1::RecordFile& made = *command().mutable_file();
    made.set_of(of);
    made.set_name(of + ".csv");
    made.set_sha256(std::string(32, 'x'));
    made.set_submits(true);
  }

  std::vector<entry_of_commands> entries_;
  std::size_t first_of_settlement_ = 0;
};

using answers = std::vector<std::vector<std::string>>;

answers run_all(kept_replica& on, const script& what, std::optional<std::size_t> restart_after) {
  answers all;
  for (std::size_t i = 0; i < what.entries().size(); ++i) {
    all.push_back(on.run(what.entries()[i]));
    if (i == restart_after)
      on.restart();
  }
  return all;
}

TEST(RestartedSettlement, EndsAsOneThatWasNeverInterrupted) {
  const script what;
  kept_replica undisturbed;
  const answers expected = run_all(undisturbed, what, std::nullopt);
  for (const auto& entry : expected)
    for (const std::string& each : entry) {
      v1::Outcome outcome;
      ASSERT_TRUE(outcome.ParseFromString(each));
      ASSERT_FALSE(outcome.has_error()) << outcome.error().code();
    }
  for (std::size_t i = what.first_of_settlement(); i < what.entries().size(); ++i) {
    SCOPED_TRACE("restarted after entry " + std::to_string(i + 1));
    kept_replica restarted;
    EXPECT_EQ(run_all(restarted, what, i), expected);
    EXPECT_GE(restarted.begun_with(), i - 1) << "it has begun with the log, and not with a state";
    EXPECT_EQ(restarted.state_digest(), undisturbed.state_digest());
  }
}

TEST(RestartedSettlement, GoesOnAtEachStepOfOneRunThatIsInterruptedAtAll) {
  const script what;
  kept_replica undisturbed;
  kept_replica restarted;
  for (const entry_of_commands& each : what.entries()) {
    EXPECT_EQ(restarted.run(each), undisturbed.run(each));
    restarted.restart();
    EXPECT_EQ(restarted.state_digest(), undisturbed.state_digest());
    EXPECT_EQ(restarted.run(each).size(), each.size()) << "what is repeated is known";
    EXPECT_EQ(restarted.state_digest(), undisturbed.state_digest());
  }
}

} // namespace
} // namespace ducat::settlement::test
