/// What comes after each step.

#include "payment_world.hpp"

#include <ducat/payment/payment_actor.hpp>

#include <gtest/gtest.h>

namespace ducat::payment::test {
namespace {

/// Runs a creation to its end; returns the kinds of steps taken.
std::vector<v1::Command::KindCase> steps_of(world& w, v1::Command command) {
  std::vector<v1::Command::KindCase> kinds;
  for (std::optional<v1::Command> next = std::move(command); next;) {
    kinds.push_back(next->kind_case());
    next = step_after(*next, w.run(*next));
  }
  return kinds;
}

TEST(PaymentFlow, TakesAnAutomaticPaymentThroughThreeSteps) {
  world w;
  EXPECT_EQ(steps_of(w, create_payment("k", "alice", "shop", 5)),
            (std::vector{v1::Command::kCreatePayment, v1::Command::kAuthorizePayment,
                         v1::Command::kCapturePayment}));
}

TEST(PaymentFlow, LeavesAManualPaymentHeld) {
  world w;
  EXPECT_EQ(steps_of(w, create_payment("k", "alice", "shop", 5, true)),
            (std::vector{v1::Command::kCreatePayment, v1::Command::kAuthorizePayment}));
}

TEST(PaymentFlow, EndsWithADecline) {
  world w;
  EXPECT_EQ(steps_of(w, create_payment("k", "alice", "shop", 99'999)),
            (std::vector{v1::Command::kCreatePayment, v1::Command::kAuthorizePayment}));
}

TEST(PaymentFlow, EndsWithARefusal) {
  world w;
  EXPECT_EQ(steps_of(w, create_payment("k", "alice", "shop", -5)).size(), 1u);
}

TEST(PaymentFlow, GoesOnWhereAnotherLifeStopped) {
  world w;
  w.authorize(w.run(create_payment("k", "alice", "shop", 5)).payment().id());
  EXPECT_EQ(steps_of(w, create_payment("k", "alice", "shop", 5)),
            (std::vector{v1::Command::kCreatePayment, v1::Command::kCapturePayment}));
  EXPECT_EQ(w.account("shop").balance(), 5);
}

TEST(PaymentFlow, TakesNoFurtherStepAfterACaptureOfItsOwn) {
  world w;
  const auto held = w.hold("k", "alice", "shop", 5);
  const auto command = ducat::testing::capture_payment(held.payment().id(), "c");
  EXPECT_EQ(steps_of(w, command).size(), 1u);
}

} // namespace
} // namespace ducat::payment::test
