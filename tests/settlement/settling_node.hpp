/// A node with a payment machine and actors that settle, and short ways to command it.
#pragma once

#include "support/payment_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/digest.hpp>
#include <ducat/durable.hpp>
#include <ducat/fault.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/event_signal.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/settlement/bank_files.hpp>
#include <ducat/settlement/settlement_actor.hpp>
#include <ducat/testing.hpp>
#include <ducat/v1/machine.pb.h>

#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ducat::settlement::test {

using namespace std::chrono_literals;

constexpr std::uint32_t business_day = 20'261'102;

struct settling_options {
  int actors = 1;
  int merchants = 2;         ///< "m1", "m2" ..., of which each has captures.
  bool is_automatic = false; ///< The actors cut the first window, and begin its settlement.
  bool waits_for_grant = false;

  /// Returns what the actors take for the ledger; default: the ledger. It may add children.
  std::function<handle(node&, const handle& ledger, std::vector<child_spec>&)> ledger_seen{};
};

/// Returns how often a fault has fired at the point.
inline std::uint64_t fired(std::string_view point) {
  for (const fault_point_status& each : list_fault_points())
    if (each.name == point)
      return each.fired;
  return 0;
}

/// What the actors share with the test; there before and after them.
struct settling_place {
  std::shared_ptr<std::atomic<bool>> is_open = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<std::atomic<std::uint64_t>> passes =
      std::make_shared<std::atomic<std::uint64_t>>(0);
  ducat::testing::temporary_directory files_here{};
};

/// What the settlement and the payouts have come to, without times.
struct result_of_all {
  std::map<std::string, std::string> files{};
  std::vector<std::string> recorded{}; ///< Names of the files that the log knows.
  std::uint32_t steps = 0;
  int settlements = 0;
  int batches = 0;
  std::int64_t net = 0;
  std::int64_t paid = 0;

  friend bool operator==(const result_of_all&, const result_of_all&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const result_of_all& of) {
  out << of.settlements << " settlements of " << of.steps << " steps, net " << of.net << "; "
      << of.batches << " batches of " << of.paid << "; files";
  for (const auto& [name, text] : of.files)
    out << ' ' << name << '(' << text.size() << ')';
  out << ", of which the log knows " << of.recorded.size();
  return out;
}

/// The actors do nothing until opened. Of each merchant captures are in the first window.
class settling_node : settling_place, public ducat::testing::local_node {
public:
  explicit settling_node(const settling_options& options = {})
      : local_node{[this, options](node& n) { describe(n, options); }} {
    commit(ducat::testing::open_account("world", true));
    v1::SettlementCommand terms;
    v1::ConfigureSettlement& configured = *terms.mutable_configure();
    configured.set_currency("EUR");
    configured.set_model(v1::NET_MULTILATERAL_DEFERRED);
    configured.set_business_date(business_day);
    configured.set_automatic(options.is_automatic);
    configured.mutable_calendar()->set_time_zone("UTC");
    configured.mutable_calendar()->add_cut_offs(22 * 60);
    *configured.mutable_own() = bank("Ducat");
    settle(terms);
    std::vector<v1::Command> accounts;
    std::vector<v1::Command> merchants;
    for (int i = 1; i <= options.merchants; ++i) {
      accounts.push_back(ducat::testing::open_account("m" + std::to_string(i), true));
      merchants.push_back(merchant("m" + std::to_string(i)));
    }
    commit_all(accounts);
    commit_all(merchants);
    settle(captures(options.merchants));
  }

  void open() { *is_open = true; }

  /// Returns how many passes the actors have begun.
  std::uint64_t passes_begun() const { return *passes; }

  v1::Outcome commit(const v1::Command& command) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value().reply));
    EXPECT_FALSE(outcome.has_error()) << outcome.error().code();
    return outcome;
  }

  v1::SettlementAnswer settle(const v1::SettlementCommand& command) {
    return commit(of(command)).settlement();
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

  void cut() {
    v1::SettlementCommand command;
    command.mutable_cut()->set_currency("EUR");
    command.mutable_cut()->set_window(1);
    command.mutable_cut()->set_next_business_date(business_day + 1);
    settle(command);
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

  bool is_settled() {
    const auto all = settlements();
    return !all.data().empty() && !all.data(0).files().empty();
  }

  bool is_submitted() {
    const auto all = batches();
    return !all.data().empty() && all.data(0).state() == v1::PayoutBatch::SUBMITTED;
  }

  void wait_until_settled() {
    while (!is_settled())
      std::this_thread::yield();
  }

  void wait_until_submitted() {
    while (!is_submitted())
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

  /// Stops the node, so that nobody is at a file any more, and returns what has come of it; each
  /// file that is recorded has the digest that the log says.
  result_of_all all() {
    const auto settled = settlements();
    const auto made = batches();
    get().stop();
    result_of_all out{.files = files(),
                      .steps = settled.data(0).step(),
                      .settlements = settled.data_size(),
                      .batches = made.data_size(),
                      .net = settled.data(0).total().net(),
                      .paid = made.data(0).payouts().amount()};
    const auto note = [&](const auto& listed) {
      for (const v1::SettlementFile& each : listed) {
        EXPECT_EQ(to_hex(sha256({out.files[each.name()]})), each.sha256()) << each.name();
        out.recorded.push_back(each.name());
      }
    };
    note(settled.data(0).files());
    note(made.data(0).files());
    for (auto& [name, text] : out.files)
      drop_time(text);
    return out;
  }

  const std::filesystem::path& directory() const { return files_here.path(); }

private:
  /// The order for the bank says when its batch was made, which is another time in each run.
  static void drop_time(std::string& text) {
    if (const auto at = text.find("<CreDtTm>"); at != std::string::npos)
      text.erase(at, text.find("</CreDtTm>") - at);
  }

  void describe(node& n, const settling_options& options) {
    handle ledger =
        n.replicate("ledger", payment::machines_with(std::make_shared<payment::event_signal>()));
    std::vector<child_spec> children;
    if (options.ledger_seen)
      ledger = options.ledger_seen(n, ledger, children);
    for (int i = 0; i < options.actors; ++i)
      children.push_back({.id = "settlement" + std::to_string(i),
                          .start = settlement_actor(ledger, actor(options.waits_for_grant))});
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 1s},
                std::move(children));
  }

  actor_options actor(bool waits_for_grant) const {
    return {.files = files_here.path(),
            .formats = bank_files(),
            .cut = [](const v1::Calendar&, const v1::Window& open,
                      log_time) -> std::optional<std::uint32_t> {
              if (open.number() != 1)
                return std::nullopt;
              return business_day + 1;
            },
            .look_every = 5ms,
            .write_again_after = 5ms,
            .settles_here =
                [open = is_open, begun = passes] {
                  ++*begun;
                  return open->load();
                },
            .waits_for_grant = waits_for_grant};
  }

  /// Commits them at once, so that they share entries of the log.
  void commit_all(const std::vector<v1::Command>& commands) {
    caf::scoped_actor caller{get().system()};
    const caf::actor ledger = get().find("ledger").current();
    for (const v1::Command& each : commands)
      caller->send(ledger, ducat::commit{each.SerializeAsString()});
    commit(commands.back()); // It is known by now, as are those before it.
  }

  static v1::Command of(const v1::SettlementCommand& command) {
    v1::Command whole;
    *whole.mutable_settlement() = command;
    return whole;
  }

  static v1::BankAccount bank(const std::string& name) {
    v1::BankAccount made;
    made.set_name(name);
    made.set_iban("DE89370400440532013000");
    return made;
  }

  static v1::Command merchant(const std::string& id) {
    v1::SettlementCommand command;
    v1::PutMerchant& terms = *command.mutable_merchant();
    terms.set_id(id);
    terms.mutable_discount()->add_tiers()->set_basis_points(100);
    *terms.mutable_bank() = bank(id);
    return of(command);
  }

  static v1::SettlementCommand captures(int merchants) {
    v1::SettlementCommand command;
    for (int i = 0; i < std::max(merchants, 10); ++i) {
      v1::PresentedCapture& item = *command.mutable_present()->add_items();
      item.set_reference("capture-" + std::to_string(i));
      item.set_from("world");
      item.set_to("m" + std::to_string(1 + i % merchants));
      item.set_amount(1'000 + i);
    }
    return command;
  }
};

} // namespace ducat::settlement::test
