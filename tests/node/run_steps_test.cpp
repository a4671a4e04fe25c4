/// What a payment actor answers when other runs of the same request, or a failing ledger, come in
/// between. The ledger is a scripted one here, because no real one does this on demand.

#include "support/payment_commands.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/testing.hpp>

#include <caf/event_based_actor.hpp>
#include <gtest/gtest.h>

#include <deque>

namespace ducat::payment::test {
namespace {

using namespace std::chrono_literals;
using script = std::deque<result<committed>>;

/// Answers commits in the order of its script; the last answer is for all after it.
caf::behavior scripted_ledger(caf::event_based_actor*, script answers) {
  return {[answers](const commit&) mutable -> caf::result<committed> {
    const auto next = answers.front();
    if (answers.size() > 1)
      answers.pop_front();
    if (!next)
      return to_caf(next.error());
    return *next;
  }};
}

v1::Outcome outcome_in(v1::Payment::State state, std::uint64_t index) {
  v1::Outcome outcome;
  outcome.mutable_payment()->set_id(payment_id_of("k1"));
  outcome.mutable_payment()->set_state(state);
  outcome.set_index(index);
  return outcome;
}

committed written(v1::Payment::State state, std::uint64_t index) {
  return {outcome_in(state, index).SerializeAsString(), {.index = index, .hash = {}}};
}

committed found(v1::Payment::State state, std::uint64_t index) {
  return {outcome_in(state, index).SerializeAsString(), {}};
}

result<paid> pay_over(const script& answers) {
  ducat::testing::local_node node{[&](ducat::node& n) {
    n.supervise({}, {{.id = "ledger", .start = start(scripted_ledger, answers)},
                     {.id = "payments", .start = start(payment_actor, n.find("ledger"))}});
  }};
  const time_point deadline = std::chrono::steady_clock::now() + 30s;
  const pay request{ducat::testing::create_payment("k1", "alice", "shop", 5), deadline};
  return ducat::ask<paid>(node.get().system(), node.get().find("payments"), 30s, request);
}

const tl::unexpected<error> down = fail(errc::unavailable, "down");
const tl::unexpected<error> lost = fail(errc::outcome_unknown, "the writer went down");

TEST(RunSteps, SaysThatNothingWasDoneOnlyIfNothingIsInTheLog) {
  EXPECT_EQ(pay_over({down}).error().code, errc::unavailable);
}

TEST(RunSteps, LeavesTheOutcomeUnknownOnceAStepIsCommitted) {
  EXPECT_EQ(pay_over({written(v1::Payment::CREATED, 5), down}).error().code, errc::outcome_unknown);
}

TEST(RunSteps, LeavesTheOutcomeUnknownIfAnotherRunHadCommittedAStep) {
  EXPECT_EQ(pay_over({found(v1::Payment::CREATED, 5), down}).error().code, errc::outcome_unknown);
}

// Another writer knows what became of it: the step has no second effect.
TEST(RunSteps, CommitsAStepAgainWhoseOutcomeIsUnknown) {
  const auto done =
      pay_over({lost, lost, found(v1::Payment::CREATED, 5), lost,
                written(v1::Payment::AUTHORIZED, 6), written(v1::Payment::CAPTURED, 7)});
  EXPECT_EQ(done.value().receipt.index, 7u);
}

TEST(RunSteps, LeavesTheOutcomeUnknownIfNobodyIsThereToAskAgain) {
  EXPECT_EQ(pay_over({lost, down}).error().code, errc::outcome_unknown);
}

TEST(RunSteps, AsksAgainOnlySomeTimes) {
  EXPECT_EQ(pay_over({lost}).error().code, errc::outcome_unknown);
}

TEST(RunSteps, AnswersWithTheReceiptOfTheLastEffect) {
  const auto done = pay_over({written(v1::Payment::CREATED, 5), written(v1::Payment::AUTHORIZED, 6),
                              written(v1::Payment::CAPTURED, 7)});
  EXPECT_EQ(done.value().receipt.index, 7u);
  EXPECT_FALSE(done->outcome.replayed());
}

TEST(RunSteps, HasNoReceiptForAnEffectThatAnotherRunWrote) {
  const auto done = pay_over({found(v1::Payment::CREATED, 5), written(v1::Payment::AUTHORIZED, 6),
                              found(v1::Payment::CAPTURED, 7)});
  EXPECT_EQ(done.value().receipt.index, 0u);
  EXPECT_EQ(done->outcome.index(), 7u);
}

TEST(RunSteps, IsAReplayIfItWroteNothing) {
  const auto done = pay_over({found(v1::Payment::CAPTURED, 7)});
  EXPECT_TRUE(done.value().outcome.replayed());
}

TEST(RunSteps, CannotGuessFromAReplyThatItCannotRead) {
  EXPECT_EQ(pay_over({committed{"\xff\xff", {.index = 5, .hash = {}}}}).error().code,
            errc::outcome_unknown);
}

} // namespace
} // namespace ducat::payment::test
