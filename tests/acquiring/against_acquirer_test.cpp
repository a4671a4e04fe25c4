/// Payments by card against an acquirer in a process of its own, which makes mistakes: afterwards
/// its journal and our log say the same.

#include "paying_node.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/payment/doubt_actor.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace ducat::acquiring::test {
namespace {

/// A node with one acquirer, over a link of its own.
class acquired_node : public paying_node {
public:
  explicit acquired_node(std::uint16_t port) : paying_node{[port](node& n) { describe(n, port); }} {
    while (ask<device::link_figures>("link", device::query_link{}).value().state !=
           device::link_state::signed_on)
      std::this_thread::yield();
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
};

class AgainstAcquirer : public ::testing::Test {
protected:
  cards::join_report compared(const std::vector<v1::Payment>& ours) const {
    return join(ours, place_.path() / "journal");
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
  const auto ours = node_.wait_until_known();
  auto states = expect_both_sides_agree(ours, place_.path() / "journal");
  EXPECT_EQ(ours.size(), 60u);
  EXPECT_GT(states["CAPTURED"], 0u);
  EXPECT_GT(states["REVERSED"], 0u) << "no mistake was made";
}

} // namespace
} // namespace ducat::acquiring::test
