/// A machine, and one or two actors that settle: whatever crashes, and whenever, there is one
/// settlement, one payout of each merchant, and the same files.

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
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace ducat::settlement::test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t business_day = 20'261'102;

/// What the actors share with the test; there before and after them.
struct settling_place {
  std::shared_ptr<std::atomic<bool>> is_open = std::make_shared<std::atomic<bool>>(false);
  ducat::testing::temporary_directory files_here{};
};

/// The node of the tests, with `actors` that settle. They do nothing until opened.
class settling_node : settling_place, public ducat::testing::local_node {
public:
  explicit settling_node(int actors = 1)
      : local_node{[this, actors](node& n) { describe(n, actors); }} {
    for (const char* id : {"world", "books", "kiosk"})
      commit(ducat::testing::open_account(id, true));
    v1::SettlementCommand terms;
    terms.mutable_configure()->set_currency("EUR");
    terms.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
    terms.mutable_configure()->set_business_date(business_day);
    settle(terms);
    for (const char* id : {"books", "kiosk"})
      settle(merchant(id));
    settle(captures());
    v1::SettlementCommand cut;
    cut.mutable_cut()->set_currency("EUR");
    cut.mutable_cut()->set_window(1);
    cut.mutable_cut()->set_next_business_date(business_day + 1);
    settle(cut);
  }

  void open() { *is_open = true; }

  v1::Outcome commit(const v1::Command& command) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value().reply));
    EXPECT_FALSE(outcome.has_error()) << outcome.error().code();
    return outcome;
  }

  v1::SettlementAnswer settle(const v1::SettlementCommand& command) {
    v1::Command whole;
    *whole.mutable_settlement() = command;
    return commit(whole).settlement();
  }

  v1::SettlementAnswer question(const v1::SettlementQuestion& asked) {
    v1::Question whole;
    *whole.mutable_settlement() = asked;
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<answer>("ledger", query{whole.SerializeAsString()}).value().text));
    return outcome.settlement();
  }

  v1::ListSettlementsReply settlements() {
    v1::SettlementQuestion asked;
    asked.mutable_settlements();
    return question(asked).settlements();
  }

  v1::ListPayoutBatchesReply batches() {
    v1::SettlementQuestion asked;
    asked.mutable_batches();
    return question(asked).batches();
  }

  void start() {
    v1::SettlementCommand command;
    command.mutable_start()->set_currency("EUR");
    command.mutable_start()->set_first_window(1);
    command.mutable_start()->set_last_window(1);
    settle(command);
  }

  void advance(std::uint32_t step) {
    v1::SettlementCommand command;
    command.mutable_advance()->set_id("set_EUR_1");
    command.mutable_advance()->set_step(step);
    settle(command);
  }

  void pay_out() {
    v1::SettlementCommand command;
    command.mutable_batch()->set_currency("EUR");
    command.mutable_batch()->set_batch(1);
    command.mutable_batch()->set_execution_date(business_day + 2);
    settle(command);
  }

  void wait_until_settled() {
    while (settlements().data(0).files().empty())
      std::this_thread::yield();
  }

  void wait_until_submitted() {
    while (batches().data(0).state() != v1::PayoutBatch::SUBMITTED)
      std::this_thread::yield();
  }

  /// The bytes of each file by its name.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& each : std::filesystem::directory_iterator{files_here.path()}) {
      std::ostringstream text;
      text << std::ifstream{each.path()}.rdbuf();
      all[each.path().filename()] = text.str();
    }
    return all;
  }

  const std::filesystem::path& directory() const { return files_here.path(); }

private:
  void describe(node& n, int actors) {
    const handle ledger =
        n.replicate("ledger", payment::machines_with(std::make_shared<payment::event_signal>()));
    std::vector<child_spec> children;
    for (int i = 0; i < actors; ++i)
      children.push_back({.id = "settlement" + std::to_string(i),
                          .start = settlement_actor(ledger, {.files = files_here.path(),
                                                             .look_every = 5ms,
                                                             .settles_here = [open = is_open] {
                                                               return open->load();
                                                             }})});
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 1s},
                std::move(children));
  }

  static v1::SettlementCommand merchant(const std::string& id) {
    v1::SettlementCommand command;
    v1::PutMerchant& terms = *command.mutable_merchant();
    terms.set_id(id);
    terms.mutable_discount()->add_tiers()->set_basis_points(100);
    terms.mutable_bank()->set_name(id);
    terms.mutable_bank()->set_iban("DE89370400440532013000");
    return command;
  }

  static v1::SettlementCommand captures() {
    v1::SettlementCommand command;
    for (int i = 0; i < 10; ++i) {
      v1::PresentedCapture& item = *command.mutable_present()->add_items();
      item.set_reference("capture-" + std::to_string(i));
      item.set_from("world");
      item.set_to(i % 2 == 0 ? "books" : "kiosk");
      item.set_amount(1'000 + i);
    }
    return command;
  }
};

/// What the settlement and the payouts have come to, without times.
struct result_of_all {
  std::map<std::string, std::string> files;
  std::uint32_t steps = 0;
  int settlements = 0;
  int batches = 0;
  std::int64_t net = 0;
  std::int64_t paid = 0;

  friend bool operator==(const result_of_all&, const result_of_all&) = default;
};

std::ostream& operator<<(std::ostream& out, const result_of_all& of) {
  return out << of.settlements << " settlements of " << of.steps << " steps, net " << of.net << "; "
             << of.batches << " batches of " << of.paid << "; " << of.files.size() << " files";
}

result_of_all all_of(settling_node& node) {
  const auto settled = node.settlements();
  const auto batches = node.batches();
  return {.files = node.files(),
          .steps = settled.data(0).step(),
          .settlements = settled.data_size(),
          .batches = batches.data_size(),
          .net = settled.data(0).total().net(),
          .paid = batches.data(0).payouts().amount()};
}

std::uint64_t fired(std::string_view point) {
  for (const fault_point_status& each : list_fault_points())
    if (each.name == point)
      return each.fired;
  return 0;
}

/// Settles and pays out to the end, with `point` armed `times` times from `done` steps on.
result_of_all settle_all(const char* point, std::uint32_t done, std::uint32_t times,
                         int actors = 1) {
  settling_node node{actors};
  node.start();
  for (std::uint32_t step = 0; step < done; ++step)
    node.advance(step);
  if (*point != '\0') {
    EXPECT_TRUE(arm_fault(point, {.kind = fault_kind::crash, .times = times}));
  }
  node.open();
  node.wait_until_settled();
  node.pay_out();
  node.wait_until_submitted();
  if (*point != '\0')
    (void)disarm_fault(point);
  return all_of(node);
}

struct crash_case {
  const char* point;
  std::uint32_t done;
  std::uint32_t times;
};

std::ostream& operator<<(std::ostream& out, const crash_case& of) {
  return out << of.point << " after " << of.done << " steps, " << of.times << " times";
}

class CrashingSettlement : public ::testing::TestWithParam<crash_case> {};

std::vector<crash_case> crash_cases() {
  std::vector<crash_case> all;
  for (std::uint32_t done = 0; done < 4; ++done)
    for (const char* point : {"settlement.before_advance", "settlement.after_advance",
                              "durable.before_append", "durable.after_append"})
      all.push_back({point, done, 1});
  for (const char* point : {"settlement.after_advance", "settlement.before_file",
                            "settlement.after_file", "settlement.after_record"})
    all.push_back({point, 0, 20}); // At every step.
  return all;
}

} // namespace

TEST_P(CrashingSettlement, ComesToOneSettlementAndTheSameFiles) {
  static const result_of_all without_crash = settle_all("", 0, 0);
  const auto& [point, done, times] = GetParam();
  const std::uint64_t before = fired(point);
  EXPECT_EQ(settle_all(point, done, times), without_crash);
  EXPECT_GT(fired(point), before) << "nothing crashed";
}

INSTANTIATE_TEST_SUITE_P(Points, CrashingSettlement, ::testing::ValuesIn(crash_cases()));

TEST(SettlementActor, SettlesPaysOutAndSubmits) {
  const result_of_all all = settle_all("", 0, 0);
  EXPECT_EQ(all.settlements, 1);
  EXPECT_EQ(all.batches, 1);
  EXPECT_EQ(all.net, 9'945); // 10,045 less 1 % of each capture.
  EXPECT_EQ(all.paid, 9'945);
  EXPECT_EQ(all.files.size(), 2U);
}

TEST(SettlementActor, TwoAtOnceMakeOneSettlement) {
  EXPECT_EQ(settle_all("", 0, 0, 2), settle_all("", 0, 0));
}

TEST(SettlementActor, DoesNotWriteOverAFileThatDiffers) {
  settling_node node;
  std::ofstream{node.directory() / "set_EUR_1.csv"} << "of somebody else";
  node.start();
  node.open();
  while (node.settlements().data(0).state() != v1::Settlement::SETTLED)
    std::this_thread::yield();
  node.pay_out();
  node.wait_until_submitted(); // It goes on with the rest.
  EXPECT_EQ(node.files().at("set_EUR_1.csv"), "of somebody else");
  EXPECT_TRUE(node.settlements().data(0).files().empty());
}

} // namespace ducat::settlement::test
