/// The actor between payments and a link, when it goes down.

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/ask.hpp>
#include <ducat/device/link.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/acquirer.hpp>
#include <ducat/testing.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace ducat::acquiring {
namespace {

using namespace std::chrono_literals;
using payment::acquirer_answer;
using payment::attempt_event;

/// How many requests a link was given.
using count = std::shared_ptr<std::atomic<int>>;

caf::behavior silent_link(caf::event_based_actor* self, const count& taken) {
  auto kept = std::make_shared<std::vector<caf::response_promise>>();
  self->attach_functor([kept] { kept->clear(); });
  const auto take = [=] {
    kept->push_back(self->make_response_promise());
    ++*taken;
    return kept->back();
  };
  return {[=](const device::transmit&) { return take(); },
          [=](const device::forward&) { return take(); }};
}

class SilentLink : public ::testing::Test {
protected:
  void describe(node& n) const {
    const profile with{.terminal = "TERM0001", .merchant = "MERCHANT0000001"};
    n.supervise({.strategy = one_for_one, .restarts_max = 10, .window = 10s},
                {{.id = "link", .start = ducat::start(silent_link, taken_)},
                 {.id = "acme", .start = ducat::start(acquirer_actor, n.find("link"), with)}});
  }

  /// Asks for something that has an hour, and crashes whom it asks when the link has it.
  template <class Request>
  result<acquirer_answer> crashed(Request what) {
    what.attempt.id = "att_1";
    what.attempt.stan = 7;
    what.attempt.number = 7;
    what.attempt.amount = 100;
    what.currency = "EUR";
    what.deadline = std::chrono::steady_clock::now() + 1h;
    auto told = std::async(std::launch::async, [&] {
      return ducat::ask<acquirer_answer>(node_.get().system(), node_.get().find("acme"), 60s, what);
    });
    while (*taken_ == 0)
      std::this_thread::yield();
    node_.crash("acme");
    return told.get();
  }

  count taken_ = std::make_shared<std::atomic<int>>(0);
  ducat::testing::local_node node_{[this](node& n) { describe(n); }};
};

// It may be at the acquirer, and nobody waits for a timeout to hear that nobody knows.
TEST_F(SilentLink, APaymentWhoseAcquirersActorGoesDownIsInDoubtAtOnce) {
  payment::authorize_attempt what;
  what.card = payment::pan::parse("4111111111111111").value();
  const auto told = crashed(what);
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->what, attempt_event::in_doubt);
}

TEST_F(SilentLink, AReversalWhoseActorGoesDownCanBeAskedForAgainAtOnce) {
  const auto told = crashed(payment::reverse_attempt{});
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->what, attempt_event::in_doubt);
}

} // namespace
} // namespace ducat::acquiring
