/// Payments of a redundancy group: what was granted to somebody else pays nothing.

#include "payment_node.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

namespace ducat::payment::test {
namespace {

class PaymentFence : public ::testing::Test {
protected:
  /// Grants the group once more.
  grant take(std::uint64_t after) {
    return node_.ask<grant>("ledger", take_grant{.group = "payments", .node = "n1", .after = after})
        .value();
  }

  /// Tells the worker that it serves under that grant.
  void tell(std::uint64_t epoch) {
    caf::anon_send(worker(), granted{.token = {.group = "payments", .epoch = epoch}});
  }

  /// Asks the worker, once.
  result<paid> pay(const std::string& key) {
    const auto create = ducat::testing::create_payment(key, "alice", "shop", 1);
    const time_point deadline = std::chrono::steady_clock::now() + 10s;
    return ducat::ask<paid>(node_.get().system(), node_.get().find("payments/w1"), 10s,
                            payment::pay{create, deadline});
  }

  caf::actor worker() { return node_.get().find("payments/w1").current(); }

  payment_node node_;
};

TEST_F(PaymentFence, PaysUnderTheNewestGrant) {
  const grant first = take(0);
  tell(first.epoch);
  EXPECT_TRUE(pay("a"));
  EXPECT_EQ(node_.balance("shop"), 1);
}

// The life ends with its grant, and the router gives the request to whoever serves then.
TEST_F(PaymentFence, PaysNothingUnderAnOlderGrantAndLeavesTheAnswerToWhoeverServes) {
  const grant first = take(0);
  tell(first.epoch);
  const grant second = take(first.epoch);
  EXPECT_GT(second.epoch, first.epoch);
  caf::scoped_actor caller{node_.get().system()};
  const auto create = ducat::testing::create_payment("a", "alice", "shop", 1);
  [[maybe_unused]] const auto asked =
      caller->request(worker(), 30s, payment::pay{create, std::chrono::steady_clock::now() + 30s});
  tell(second.epoch);
  EXPECT_TRUE(pay("b")) << "the worker has come to what it was asked before, too";
  EXPECT_EQ(node_.balance("shop"), 1);
  EXPECT_FALSE(caller->has_next_message());
  EXPECT_TRUE(pay("a")) << "the same key may be tried where the group is served now";
  EXPECT_EQ(node_.balance("shop"), 2);
}

TEST_F(PaymentFence, KeepsItsGrantsOverARestartOfTheNode) {
  const grant first = take(0);
  node_.restart();
  EXPECT_EQ(take(0), first) << "it has been granted since";
}

} // namespace
} // namespace ducat::payment::test
