/// Every settlement and batch gets all of its files, however long nobody was there, and wherever
/// the one that was there has died.

#include "support/payment_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/durable.hpp>
#include <ducat/fault.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/event_signal.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/settlement/settlement_actor.hpp>
#include <ducat/testing.hpp>
#include <ducat/v1/machine.pb.h>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace ducat::settlement::test {

namespace {

using namespace std::chrono_literals;

/// CSV files, and of each settlement a second one.
file_formats two_files() {
  file_formats made = csv_files();
  made.of_settlement = [csv = csv_files()](const settled_facts& of) {
    auto files = csv.of_settlement(of);
    if (files)
      files->push_back({.name = of.settlement.id() + ".txt", .text = of.settlement.id()});
    return files;
  };
  made.settlement_names = [](const std::string& id) {
    return std::vector{id + ".csv", id + ".txt"};
  };
  return made;
}

/// There before and after the actor.
struct filing_place {
  std::shared_ptr<std::atomic<bool>> is_open = std::make_shared<std::atomic<bool>>(false);
  ducat::testing::temporary_directory files_here{};
};

/// A node with an actor that does nothing until it is opened, and the merchant books.
class filing_node : filing_place, public ducat::testing::local_node {
public:
  explicit filing_node(const file_formats& formats)
      : local_node{[this, formats](node& n) { describe(n, formats); }} {
    for (const char* id : {"world", "books"})
      commit(ducat::testing::open_account(id, true));
    v1::SettlementCommand terms;
    terms.mutable_configure()->set_currency("EUR");
    terms.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
    terms.mutable_configure()->set_business_date(20'261'102);
    settle(terms);
    v1::SettlementCommand merchant;
    merchant.mutable_merchant()->set_id("books");
    merchant.mutable_merchant()->mutable_bank()->set_name("Books");
    merchant.mutable_merchant()->mutable_bank()->set_iban("DE89370400440532013000");
    settle(merchant);
  }

  void open() { *is_open = true; }

  v1::SettlementAnswer settle(const v1::SettlementCommand& command) {
    v1::Command whole;
    *whole.mutable_settlement() = command;
    return commit(whole).settlement();
  }

  /// Presents, cuts, settles and pays out, without files.
  void settle_window(std::uint64_t number) {
    v1::SettlementCommand capture;
    v1::PresentedCapture& item = *capture.mutable_present()->add_items();
    item.set_reference("capture-" + std::to_string(number));
    item.set_from("world");
    item.set_to("books");
    item.set_amount(100);
    settle(capture);
    v1::SettlementCommand cut;
    cut.mutable_cut()->set_currency("EUR");
    cut.mutable_cut()->set_window(number);
    cut.mutable_cut()->set_next_business_date(20'261'102);
    settle(cut);
    v1::SettlementCommand start;
    start.mutable_start()->set_currency("EUR");
    start.mutable_start()->set_first_window(number);
    start.mutable_start()->set_last_window(number);
    v1::Settlement now = settle(start).settlements().data(0);
    while (now.state() != v1::Settlement::SETTLED) {
      v1::SettlementCommand advance;
      advance.mutable_advance()->set_id(now.id());
      advance.mutable_advance()->set_step(now.step());
      now = settle(advance).settlements().data(0);
    }
    v1::SettlementCommand batch;
    batch.mutable_batch()->set_currency("EUR");
    batch.mutable_batch()->set_batch(number);
    batch.mutable_batch()->set_execution_date(20'261'104);
    settle(batch);
  }

  v1::Settlement settlement(std::uint64_t number) {
    v1::SettlementQuestion asked;
    asked.mutable_settlements()->set_id("set_EUR_" + std::to_string(number));
    return question(asked).settlements().data(0);
  }

  v1::PayoutBatch batch(std::uint64_t number) {
    v1::SettlementQuestion asked;
    asked.mutable_batches()->set_id("pob_EUR_" + std::to_string(number));
    return question(asked).batches().data(0);
  }

private:
  void describe(node& n, const file_formats& formats) {
    const handle ledger =
        n.replicate("ledger", payment::machines_with(std::make_shared<payment::event_signal>()));
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 1s},
                {{.id = "settlement",
                  .start = settlement_actor(
                      ledger, {.files = files_here.path(),
                               .formats = formats,
                               .look_every = 5ms,
                               .settles_here = [open = is_open] { return open->load(); }})}});
  }

  v1::Outcome commit(const v1::Command& command) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value().reply));
    EXPECT_FALSE(outcome.has_error()) << outcome.error().code();
    return outcome;
  }

  v1::SettlementAnswer question(const v1::SettlementQuestion& asked) {
    v1::Question whole;
    *whole.mutable_settlement() = asked;
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<answer>("ledger", query{whole.SerializeAsString()}).value().text));
    return outcome.settlement();
  }
};

} // namespace

TEST(AllFiles, AreWrittenOfManySettlementsAndBatchesThatWaited) {
  constexpr std::uint64_t count = 45; // More than are looked at for what is under way.
  filing_node node{csv_files()};
  for (std::uint64_t number = 1; number <= count; ++number)
    node.settle_window(number);
  node.open();
  for (std::uint64_t number = 1; number <= count; ++number) {
    while (node.settlement(number).files().empty())
      std::this_thread::yield();
    while (node.batch(number).state() != v1::PayoutBatch::SUBMITTED)
      std::this_thread::yield();
  }
}

TEST(AllFiles, AreRecordedAfterACrashBetweenTwoOfThem) {
  filing_node node{two_files()};
  node.settle_window(1);
  ASSERT_TRUE(arm_fault("settlement.after_record", {.kind = fault_kind::crash, .times = 1}));
  node.open();
  while (node.settlement(1).files_size() < 2)
    std::this_thread::yield();
  (void)disarm_fault("settlement.after_record");
  EXPECT_EQ(node.settlement(1).files(0).name(), "set_EUR_1.csv");
  EXPECT_EQ(node.settlement(1).files(1).name(), "set_EUR_1.txt");
}

} // namespace ducat::settlement::test
