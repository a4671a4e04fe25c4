/// A crash between any two steps of a payment loses nothing and doubles nothing.

#include "node/payment_node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace ducat::payment::test {
namespace {

/// One payment of 100, captured for 60 after a manual hold, of which 10 are refunded; another that
/// is captured at once; and one that is voided. Moves 160 from alice to shop and 10 back.
void pay_in_every_way(payment_node& node) {
  const std::string held = node.pay("k1", "alice", "shop", 100, true).payment().id();
  EXPECT_EQ(node.capture(held, "c1", 60).payment().state(), v1::Payment::CAPTURED);
  EXPECT_EQ(node.refund(held, "r1", 10).payment().refunded(), 10);
  EXPECT_EQ(node.pay("k2", "alice", "shop", 100).payment().state(), v1::Payment::CAPTURED);
  const std::string other = node.pay("k3", "alice", "shop", 500, true).payment().id();
  EXPECT_EQ(node.cancel(other, "v3").payment().state(), v1::Payment::VOIDED);
}

/// How often the fault at `point` has fired in this process. (The supervisor's count of restarts
/// follows the crash later: the router may have answered before.)
std::uint64_t fired(std::string_view point) {
  const auto points = list_fault_points();
  const auto found = std::ranges::find(points, point, &fault_point_status::name);
  return found == points.end() ? 0 : found->fired;
}

class Crash : public ::testing::TestWithParam<const char*> {};

TEST_P(Crash, OfAnActorLosesNothingAndDoublesNothing) {
  payment_node node;
  const std::uint64_t entries = node.entries();
  const std::uint64_t fired_before = fired(GetParam());
  ASSERT_TRUE(arm_fault(GetParam(), {.times = 2}));
  pay_in_every_way(node);
  ASSERT_TRUE(disarm_fault(GetParam()));
  EXPECT_GT(fired(GetParam()), fired_before) << "the fault did not fire";
  EXPECT_EQ(node.balance("alice"), 10'000 - 150);
  EXPECT_EQ(node.balance("shop"), 150);
  EXPECT_EQ(node.entries(), entries + 10) << "a step was written twice, or not at all";
}

TEST_P(Crash, IsSurvivedByARestartOfTheNode) {
  payment_node node;
  ASSERT_TRUE(arm_fault(GetParam(), {.times = 1}));
  pay_in_every_way(node);
  ASSERT_TRUE(disarm_fault(GetParam()));
  node.restart();
  const std::uint64_t entries = node.entries();
  pay_in_every_way(node); // The same keys: every answer is a replay.
  EXPECT_EQ(node.entries(), entries);
  EXPECT_EQ(node.balance("alice"), 10'000 - 150);
  EXPECT_EQ(node.balance("shop"), 150);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, Crash,
                         ::testing::Values("payment.before_first_step", "payment.after_create",
                                           "payment.after_authorize", "payment.after_capture",
                                           "payment.after_void", "payment.after_refund",
                                           "durable.before_append", "durable.after_append"),
                         [](const auto& point) {
                           std::string name;
                           bool upper = true;
                           for (const char c : std::string{point.param}) {
                             if (c != '.' && c != '_')
                               name += static_cast<char>(upper ? std::toupper(c) : c);
                             upper = c == '.' || c == '_';
                           }
                           return name;
                         });

TEST(Commit, OfTooLargeACommandIsRefused) {
  payment_node node;
  const auto refused =
      node.ask<committed>("ledger", commit{std::string(command_bytes_max + 1, 'x')});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
}

TEST(Replay, IsMarkedAndCarriesNoNewReceipt) {
  payment_node node;
  const auto command = ducat::testing::create_payment("k1", "alice", "shop", 5);
  const paid first = node.run(command).value();
  EXPECT_FALSE(first.outcome.replayed());
  EXPECT_EQ(first.receipt.index, node.entries());
  const paid again = node.run(command).value();
  EXPECT_TRUE(again.outcome.replayed());
  EXPECT_EQ(again.receipt.index, 0u);
  EXPECT_EQ(again.outcome.index(), first.receipt.index);
}

} // namespace
} // namespace ducat::payment::test
