/// Payments by card against an acquirer in a process of its own, which makes mistakes: afterwards
/// its journal and our log say the same.

#include "acquirer/acquirer_process.hpp"
#include "cards/card_join.hpp"
#include "support/payment_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/doubt_actor.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/testing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace ducat::acquiring {
namespace {

using namespace std::chrono_literals;
using acquirer::testing::acquirer_process;
using ::testing::IsEmpty;

constexpr const char* card_number = "4111111111111111";
constexpr std::int64_t amount = 100;

/// A node with one acquirer, over a link of its own.
class acquired_node : public ducat::testing::local_node {
public:
  explicit acquired_node(std::uint16_t port) : local_node{[port](node& n) { describe(n, port); }} {
    for (const char* id : {"world", "shop"})
      commit(ducat::testing::open_account(id, true));
    wait_until_signed_on();
  }

  void wait_until_signed_on() {
    while (ask<device::link_figures>("link", device::query_link{}).value().state !=
           device::link_state::signed_on)
      std::this_thread::yield();
  }

  /// Pays by card, and asks again until that is answered.
  v1::Payment pay(const std::string& key) {
    const auto first = ducat::testing::create_card_payment(key, amount);
    for (;;) {
      const time_point deadline = std::chrono::steady_clock::now() + 5s;
      const payment::pay what{
          .first = first, .deadline = deadline, .card = payment::pan::parse(card_number).value()};
      const auto done = ducat::ask<payment::paid>(get().system(), get().find("payments"), 5s,
                                                  make_routed(deadline, what));
      if (done)
        return done->outcome.payment();
    }
  }

  /// Waits until nobody owes anybody an answer, and returns all payments.
  std::vector<v1::Payment> wait_until_known() {
    for (;;) {
      v1::Question question;
      question.mutable_open_attempts();
      if (ask_machine(question).open_attempts().data_size() == 0)
        return payments();
      std::this_thread::yield();
    }
  }

private:
  static void describe(node& n, std::uint16_t port) {
    device::link_config link{.name = "acme", .host = "127.0.0.1", .port = port, .plain = true};
    link.dialect = *iso8583::find_dialect("ascii87");
    link.options.answer_timeout = 300ms;
    link.options.backoff = {.initial = 10ms, .max = 50ms, .jitter_percent = 0};
    link.options.grey.timeouts_max = 1'000'000; // Its mistakes are on purpose.
    link.options.grey.sample = 1'000'000;
    link.options.grey.silence = 1h;
    const profile with{.terminal = "TERM0001", .merchant = "MERCHANT0000001"};
    const handle ledger = n.replicate("ledger", payment::make_machine);
    const payment::card_routes routes{
        .links = {{"acme", n.find("acme")}}, .answer_timeout = 500ms, .by = n.id()};
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 10s},
                {{.id = "link", .start = device::acquirer_link(link)},
                 {.id = "acme", .start = ducat::start(acquirer_actor, n.find("link"), with)},
                 {.id = "payments",
                  .start = ducat::start(payment::card_payment_actor, ledger, routes),
                  .pool = pool_spec{.size = 2, .policy = route::round_robin}},
                 {.id = "doubts",
                  .start = ducat::start(payment::doubt_actor, ledger,
                                        payment::doubt_options{.routes = routes,
                                                               .look_every = 20ms,
                                                               .answer_timeout = 500ms})}});
  }

  std::vector<v1::Payment> payments() {
    std::vector<v1::Payment> all;
    v1::Question question;
    question.mutable_payments()->set_limit(100);
    for (bool has_more = true; has_more;) {
      const v1::Outcome told = ask_machine(question);
      for (const v1::Payment& each : told.payments().data()) {
        all.push_back(each);
        question.mutable_payments()->set_starting_after(each.id());
      }
      has_more = told.payments().has_more();
    }
    return all;
  }

  void commit(const v1::Command& command) {
    (void)ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value();
  }

  v1::Outcome ask_machine(const v1::Question& question) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<answer>("ledger", query{question.SerializeAsString()}).value().text));
    return outcome;
  }
};

class AgainstAcquirer : public ::testing::Test {
protected:
  cards::join_report compared(const std::vector<v1::Payment>& ours) const {
    cards::card_join join;
    EXPECT_TRUE(join.add_journal(place_.path() / "journal"));
    for (const v1::Payment& each : ours)
      join.add(each);
    return join.compare();
  }

  ducat::testing::temporary_directory place_;
  acquirer_process host_{place_.path() / "journal"};
  acquired_node node_{host_.port()};
};

TEST_F(AgainstAcquirer, APaymentIsApprovedAndCaptured) {
  const auto paid = node_.pay("k");
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  EXPECT_FALSE(paid.attempts(0).approval_code().empty());
  EXPECT_EQ(compared({paid}).matched, 1u);
}

TEST_F(AgainstAcquirer, ADeclineIsADecline) {
  host_.arm("decline:code=51");
  EXPECT_EQ(node_.pay("k").state(), v1::Payment::DECLINED);
}

TEST_F(AgainstAcquirer, AnApprovalThatWasNotHeardIsTakenBack) {
  host_.arm("drop_answer:times=1");
  EXPECT_EQ(node_.pay("k").state(), v1::Payment::IN_DOUBT);
  const auto ours = node_.wait_until_known();
  EXPECT_EQ(ours.at(0).state(), v1::Payment::REVERSED);
  EXPECT_EQ(compared(ours).neither, 1u);
}

// The join of our log with the acquirer's journal: every effect on both sides exactly once.
TEST_F(AgainstAcquirer, BothSidesAgreeAfterItsMistakesAndOurCrashes) {
  for (const char* fault : {"drop_request:percent=10", "drop_answer:percent=10",
                            "duplicate:percent=10", "garble:percent=5", "wrong_amount:percent=5",
                            "decline:code=05,percent=10", "disconnect:percent=5"})
    host_.arm(fault);
  const std::vector<std::string> victims{"payments/w1", "link", "acme", "doubts", "payments/w2"};
  for (int i = 0; i < 60; ++i) {
    (void)node_.pay("k" + std::to_string(i));
    if (i % 8 == 4)
      node_.crash(victims[static_cast<std::size_t>(i / 8) % victims.size()]);
  }
  host_.control({"fault", "clear"});
  const auto found = compared(node_.wait_until_known());
  EXPECT_THAT(found.mismatches, IsEmpty());
  EXPECT_EQ(found.open, 0u);
  EXPECT_EQ(found.payments, 60u);
  EXPECT_GT(found.states.at("CAPTURED"), 0u);
  EXPECT_GT(found.states.at("REVERSED"), 0u) << "no mistake was made";
}

} // namespace
} // namespace ducat::acquiring
