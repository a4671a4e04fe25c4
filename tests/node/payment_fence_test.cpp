/// Payments of a redundancy group: what was granted to somebody else pays nothing.

#include "payment_node.hpp"

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

TEST_F(PaymentFence, PaysNothingUnderAnOlderGrantAndSaysSo) {
  const grant first = take(0);
  tell(first.epoch);
  const grant second = take(first.epoch);
  EXPECT_GT(second.epoch, first.epoch);
  const std::uint64_t entries = node_.entries();
  EXPECT_EQ(pay("a").error().code, errc::unavailable);
  EXPECT_EQ(node_.balance("shop"), 0);
  EXPECT_EQ(node_.entries(), entries) << "nothing was written";
  tell(second.epoch);
  EXPECT_TRUE(pay("a")) << "the same key may be tried where the group is served now";
}

TEST_F(PaymentFence, KeepsItsGrantsOverARestartOfTheNode) {
  const grant first = take(0);
  node_.restart();
  EXPECT_EQ(take(0), first) << "it has been granted since";
}

} // namespace
} // namespace ducat::payment::test
