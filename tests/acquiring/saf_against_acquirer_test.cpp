/// Captures, refunds and totals against an acquirer in a process of its own, which makes mistakes:
/// afterwards its journal and our log say the same, and its totals are ours.

#include "acquiring/acquired_node.hpp"
#include "acquiring/advised.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ducat::acquiring::test {
namespace {

using namespace ducat::testing;

/// Pays at the host as somebody who has our terminal's number; returns how much.
std::int64_t pay_as_a_stranger(const acquirer_process& host) {
  acquirer::testing::iso_client stranger{host.port()};
  (void)stranger.ask(acquirer::testing::payment({.stan = "777777", .amount_minor = 777}));
  return 777;
}

class SafAgainstAcquirer : public ::testing::Test {
protected:
  void expect_agreement() {
    const auto ours = node_.wait_until_known();
    EXPECT_EQ(told_to(host_), owed_by(ours));
    const v1::Acquirer compared = node_.reconcile();
    EXPECT_EQ(compared.state(), v1::Acquirer::IN_BALANCE) << compared.DebugString();
    EXPECT_EQ(compared.totals().debits().count(), 0u);
    EXPECT_EQ(node_.reconcile().periods(), compared.periods() + 1) << "an empty period";
  }

  ducat::testing::temporary_directory place_;
  acquirer_process host_{place_.path() / "journal"};
  acquired_node node_{host_.port(), "0100"};
};

TEST_F(SafAgainstAcquirer, ACaptureAndItsRefundsAreTold) {
  const std::string id = node_.pay("k").id();
  (void)node_.run(refund_payment(id, "r1", 30));
  (void)node_.run(refund_payment(id, "r2", 20));
  EXPECT_EQ(node_.wait_until_known().at(0).advices_size(), 3);
  EXPECT_EQ(told_to(host_).size(), 3u);
  EXPECT_EQ(node_.acquirer().totals().credits().amount(), 50);
  expect_agreement();
}

TEST_F(SafAgainstAcquirer, AVoidedAuthorisationIsTakenBackAndNotCaptured) {
  const std::string id = node_.pay("k", true).id();
  (void)node_.run(void_payment(id, "v"));
  EXPECT_EQ(node_.wait_until_known().at(0).attempts(0).state(), v1::Attempt::REVERSED);
  EXPECT_TRUE(told_to(host_).empty());
}

// From the second sending on it is a repeat, and has one effect.
TEST_F(SafAgainstAcquirer, AnAdviceWhoseAnswerIsLostIsRepeatedAndCountsOnce) {
  host_.arm("drop_answer:mti=0220,times=1");
  (void)node_.pay("k");
  expect_agreement();
  EXPECT_EQ(host_.control({"stats"}).at(0).at("duplicates").get<int>(), 1);
}

TEST_F(SafAgainstAcquirer, WhatIsOwedOutlivesTheActorThatSendsIt) {
  host_.arm("drop_answer:mti=022x");
  (void)node_.pay("k");
  node_.crash("saf");
  host_.control({"fault", "clear"});
  expect_agreement();
}

TEST_F(SafAgainstAcquirer, TotalsThatDifferAreOutOfBalanceUntilTheyDoNot) {
  (void)node_.pay("k");
  (void)node_.wait_until_known();
  // A terminal of the same number has paid there, and nobody here knows of it.
  host_.arm("drop_answer:mti=0500,times=1"); // The comparison is repeated.
  const std::int64_t stranger = pay_as_a_stranger(host_);
  const v1::Acquirer differs = node_.reconcile();
  EXPECT_EQ(differs.state(), v1::Acquirer::OUT_OF_BALANCE);
  EXPECT_EQ(differs.theirs().debits().amount(), differs.ours().debits().amount() + stranger);
  EXPECT_EQ(differs.totals().debits().count(), 1u) << "the period goes on";
}

/// Which message type asks for approvals.
class SafFaults : public ::testing::TestWithParam<std::string> {};

// The acquirer captures, refunds and reverses exactly what we have captured, refunded and reversed.
TEST_P(SafFaults, BothSidesAndTheirTotalsAgreeAfterMistakesAndCrashes) {
  temporary_directory place;
  acquirer_process host{place.path() / "journal"};
  acquired_node node{host.port(), GetParam()};
  for (const char* fault :
       {"drop_answer:percent=15", "drop_request:percent=5", "duplicate:percent=10",
        "disconnect:percent=4", "garble:percent=4", "decline:code=05,percent=10"})
    host.arm(fault);
  const std::vector<std::string> victims{"saf", "link", "acme", "payments/w1"};
  for (int i = 0; i < 60; ++i) {
    const std::string key = "k" + std::to_string(i);
    const v1::Payment paid = node.pay(key, i % 3 == 0);
    if (paid.state() == v1::Payment::AUTHORIZED)
      (void)node.run(i % 2 == 0 ? capture_payment(paid.id(), "c" + key, 60)
                                : void_payment(paid.id(), "v" + key));
    if (paid.state() == v1::Payment::CAPTURED && i % 4 == 1)
      (void)node.run(refund_payment(paid.id(), "r" + key, 30));
    if (i == 30) { // Nothing but echoes is answered, and nothing has an effect.
      host.arm("half_dead:times=12");
    }
    if (i % 7 == 3)
      node.crash(victims[static_cast<std::size_t>(i / 7) % victims.size()]);
  }
  host.control({"fault", "clear"});
  const auto ours = node.wait_until_known();
  const auto owed = owed_by(ours);
  EXPECT_EQ(told_to(host), owed);
  EXPECT_FALSE(owed.empty());
  for (const auto& [what, times] : owed)
    EXPECT_EQ(times, 1) << std::get<0>(what) << ' ' << std::get<1>(what);
  const v1::Acquirer compared = node.reconcile();
  EXPECT_EQ(compared.state(), v1::Acquirer::IN_BALANCE) << compared.DebugString();
  EXPECT_EQ(compared.totals().debits().count(), 0u);
  if (GetParam() == "0100")
    return;
  expect_both_sides_agree(ours, place.path() / "journal");
}

INSTANTIATE_TEST_SUITE_P(Asking, SafFaults, ::testing::Values("0100", "0200"),
                         [](const auto& of) { return "With" + of.param; });

} // namespace
} // namespace ducat::acquiring::test
