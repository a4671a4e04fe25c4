/// Card payments over acquirers that say beforehand whether they take a payment, and over which of
/// their links: what a run does when that is out of date, or when nobody takes it.

#include "support/payment_commands.hpp"

#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/acquirer.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/testing.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using heard = v1::ResolveAttempt;

acquirer_answer approval() {
  return {.what = attempt_event::approved, .amount = 100, .approval_code = "A1"};
}

/// What an acquirer says, and was asked. Any thread.
class script {
public:
  /// Of the next plan; without one left it takes no payment.
  void plan(attempt_plan next) {
    const std::lock_guard lock{guard_};
    plans_.push_back(std::move(next));
  }

  /// To the next attempt; without one left it approves.
  void answer(acquirer_answer next) {
    const std::lock_guard lock{guard_};
    answers_.push_back(std::move(next));
  }

  /// Is committed by somebody else before the next attempt is answered.
  void happens_meanwhile(const v1::Command& what) {
    const std::lock_guard lock{guard_};
    meanwhile_.push_back(what.SerializeAsString());
  }

  /// Returns the first of what happens meanwhile; empty: no more.
  std::string next_of_others() {
    const std::lock_guard lock{guard_};
    return pop(meanwhile_, std::string{});
  }

  attempt_plan next_plan(const plan_attempt& asked) {
    const std::lock_guard lock{guard_};
    after_.push_back(asked.after_epoch);
    return pop(plans_, {.refused = "it is closed"});
  }

  acquirer_answer next_answer(const attempt_record& attempt) {
    const std::lock_guard lock{guard_};
    carriers_.push_back(attempt.carrier);
    return pop(answers_, approval());
  }

  /// Returns after which epochs it was asked to plan.
  std::vector<std::uint64_t> asked_after() const {
    const std::lock_guard lock{guard_};
    return after_;
  }

  /// Returns the links that were to carry something.
  std::vector<std::string> carriers() const {
    const std::lock_guard lock{guard_};
    return carriers_;
  }

private:
  template <class T>
  static T pop(std::deque<T>& from, T otherwise) {
    if (from.empty())
      return otherwise;
    T first = std::move(from.front());
    from.pop_front();
    return first;
  }

  mutable std::mutex guard_;
  std::deque<attempt_plan> plans_;
  std::deque<acquirer_answer> answers_;
  std::vector<std::uint64_t> after_;
  std::vector<std::string> carriers_;
  std::deque<std::string> meanwhile_;
};

using scripted = std::shared_ptr<script>;

/// Lets happen what happens meanwhile, and then answers.
void answer_after_others(caf::event_based_actor* self, const scripted& by, const handle& ledger,
                         caf::response_promise promise, const acquirer_answer& said) {
  std::string next = by->next_of_others();
  if (next.empty())
    return promise.deliver(said);
  self->request(ledger.current(), 5s, commit{.command = std::move(next), .token = {}})
      .then([=](const committed&) { answer_after_others(self, by, ledger, promise, said); });
}

caf::behavior planned_acquirer(caf::event_based_actor* self, const scripted& by,
                               const handle& ledger) {
  return {
      [=](const plan_attempt& asked) { return by->next_plan(asked); },
      [=](const authorize_attempt& asked) {
        auto promise = self->make_response_promise();
        answer_after_others(self, by, ledger, promise, by->next_answer(asked.attempt));
        return promise;
      },
  };
}

class planned_node : public ducat::testing::local_node {
public:
  planned_node() : planned_node{std::make_shared<script>(), std::make_shared<script>()} {}

  script& acme() const { return *acme_; }

  script& other() const { return *other_; }

  v1::Payment pay() {
    const time_point deadline = std::chrono::steady_clock::now() + 20s;
    const payment::pay what{.first = ducat::testing::create_card_payment("k", 100),
                            .deadline = deadline};
    return ducat::ask<paid>(get().system(), get().find("payments"), 20s,
                            make_routed(deadline, what))
        .value()
        .outcome.payment();
  }

  void commit(const v1::Command& command) {
    (void)ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value();
  }

private:
  planned_node(const scripted& acme, const scripted& other)
      : local_node{[=](node& n) { describe(n, acme, other); }}, acme_{acme}, other_{other} {
    for (const char* id : {"world", "shop"})
      commit(ducat::testing::open_account(id, true));
  }

  static void describe(node& n, const scripted& acme, const scripted& other) {
    const handle ledger = n.replicate("ledger", make_machine);
    const card_routes routes{
        .links = {{.link = "acme", .acquirer = n.find("acme"), .has_plan = true},
                  {.link = "other", .acquirer = n.find("other"), .has_plan = true}},
        .by = n.id(),
        .node = "node1"};
    n.supervise({.strategy = one_for_one, .restarts_max = 100, .window = 10s},
                {{.id = "acme", .start = ducat::start(planned_acquirer, acme, ledger)},
                 {.id = "other", .start = ducat::start(planned_acquirer, other, ledger)},
                 {.id = "payments",
                  .start = ducat::start(card_payment_actor, ledger, routes),
                  .pool = pool_spec{.size = 1}}});
  }

  scripted acme_;
  scripted other_;
};

class PlannedRoutes : public ::testing::Test {
protected:
  void grant(const std::string& link, std::uint64_t after_epoch) {
    node_.commit(ducat::testing::grant_link(link, after_epoch));
  }

  planned_node node_;
};

// The fence at work: the acquirer's actor did not know of the new grant yet.
TEST_F(PlannedRoutes, ARunThatAGrantHasOvertakenAsksAgainAndSendsOverTheNewLink) {
  grant("a", 0);
  grant("b", 1);
  node_.acme().plan({.carrier = "a", .epoch = 1});
  node_.acme().plan({.carrier = "b", .epoch = 2});
  const auto paid = node_.pay();
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  ASSERT_EQ(paid.attempts_size(), 1);
  EXPECT_EQ(paid.attempts(0).carrier(), "b");
  EXPECT_EQ(node_.acme().carriers(), std::vector<std::string>{"b"});
  EXPECT_EQ(node_.acme().asked_after(), (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(PlannedRoutes, WhatALinkDidNotSendGoesOverTheNextLinkOfTheSameAcquirer) {
  grant("a", 0);
  node_.acme().plan({.carrier = "a", .epoch = 1});
  node_.acme().answer({.what = attempt_event::not_sent, .reason = "suspect", .may_switch = true});
  node_.acme().happens_meanwhile(ducat::testing::grant_link("b", 1));
  node_.acme().plan({.carrier = "b", .epoch = 2});
  const auto paid = node_.pay();
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  ASSERT_EQ(paid.attempts_size(), 2);
  EXPECT_EQ(paid.attempts(0).state(), v1::Attempt::NOT_SENT);
  EXPECT_EQ(paid.attempts(1).carrier(), "b");
  EXPECT_EQ(node_.acme().asked_after(), (std::vector<std::uint64_t>{0, 1}));
}

// What was written stays with its link: it may have arrived.
TEST_F(PlannedRoutes, WhatALinkDoesNotKnowTheOutcomeOfGoesOverNoOther) {
  grant("a", 0);
  node_.acme().plan({.carrier = "a", .epoch = 1});
  node_.acme().answer({.what = attempt_event::in_doubt, .reason = "timeout"});
  node_.acme().happens_meanwhile(ducat::testing::grant_link("b", 1));
  node_.acme().plan({.carrier = "b", .epoch = 2});
  const auto doubted = node_.pay();
  EXPECT_EQ(doubted.state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(node_.acme().carriers(), std::vector<std::string>{"a"});
}

// An acquirer's actor that never learns of the newest grant: the run does not ask for ever.
TEST_F(PlannedRoutes, ARunFollowsAnAcquirerOnlySoOften) {
  grant("a", 0);
  for (int i = 0; i < 10; ++i)
    node_.acme().plan({.carrier = "b", .epoch = 7});
  node_.other().plan({});
  const auto paid = node_.pay();
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  EXPECT_EQ(paid.attempts(0).link(), "other");
  EXPECT_EQ(node_.acme().asked_after(), (std::vector<std::uint64_t>{0, 7, 7}));
}

TEST_F(PlannedRoutes, AnAcquirerThatTakesNoPaymentIsPassedByWithoutAnAttempt) {
  node_.acme().plan({.refused = "its breaker is open"});
  node_.other().plan({});
  const auto paid = node_.pay();
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  ASSERT_EQ(paid.attempts_size(), 1);
  EXPECT_EQ(paid.attempts(0).link(), "other");
  EXPECT_EQ(paid.attempts(0).carrier(), "");
}

TEST_F(PlannedRoutes, IfNobodyTakesItThePaymentFailsAtOnceAndSaysWhy) {
  const auto failed = node_.pay();
  EXPECT_EQ(failed.state(), v1::Payment::FAILED);
  EXPECT_EQ(failed.attempts_size(), 0);
  EXPECT_EQ(failed.failure_reason(), "acme: it is closed; other: it is closed");
}

TEST_F(PlannedRoutes, ADeclineStaysOneIfTheNextAcquirerTakesNothing) {
  node_.acme().plan({});
  node_.acme().answer({.what = attempt_event::declined, .response_code = "91"});
  const auto declined = node_.pay();
  EXPECT_EQ(declined.state(), v1::Payment::DECLINED);
  EXPECT_EQ(declined.decline_code(), "91");
  EXPECT_EQ(declined.attempts_size(), 1);
}

// The worker was slow: its attempt was given up and taken back meanwhile.
TEST_F(PlannedRoutes, AnApprovalThatFindsItsAttemptReversedHasItReversedAgain) {
  node_.acme().plan({});
  node_.acme().happens_meanwhile(
      ducat::testing::resolve_attempt(payment_id_of("k"), heard::IN_DOUBT));
  node_.acme().happens_meanwhile(
      ducat::testing::resolve_attempt(payment_id_of("k"), heard::REVERSAL_ACCEPTED));
  const auto late = node_.pay();
  EXPECT_EQ(late.state(), v1::Payment::REVERSED);
  ASSERT_EQ(late.attempts_size(), 1);
  EXPECT_EQ(late.attempts(0).state(), v1::Attempt::REVERSING);
  EXPECT_TRUE(late.attempts(0).reversed_again());
}

} // namespace
} // namespace ducat::payment::test
