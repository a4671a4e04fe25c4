/// Card payments from the request to the acquirer and back: what each answer, and each crash, comes
/// to on both sides.

#include "node/card_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ducat::payment::test {
namespace {

/// Expects that the acquirers and the node agree on what is to be paid: nothing is in doubt any
/// more, and what shop has is what they have approved.
void expect_agreement(card_node& node) {
  EXPECT_EQ(node.open_attempts(), 0);
  EXPECT_EQ(node.acme().total() + node.other().total(), node.account("shop").balance());
  EXPECT_EQ(node.account("world").debits_pending(), 0);
  EXPECT_LE(node.acme().asked_at_most(), 1) << "an attempt was sent again";
  EXPECT_LE(node.other().asked_at_most(), 1) << "an attempt was sent again";
}

TEST(CardNode, CapturesWhatTheAcquirerApproves) {
  card_node node;
  const auto paid = node.pay("k");
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  EXPECT_EQ(paid.attempts(0).approval_code(), "A1");
  EXPECT_EQ(node.account("shop").balance(), 100);
  expect_agreement(node);
}

TEST(CardNode, HoldsWhatIsToBeCapturedLater) {
  card_node node;
  EXPECT_EQ(node.pay("k", true).state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(node.account("world").debits_pending(), 100);
}

TEST(CardNode, LeavesThePayeeTheChoiceWhetherLessIsEnough) {
  card_node node;
  node.acme().next(habit::approve_less);
  const auto paid = node.pay("k");
  EXPECT_EQ(paid.state(), v1::Payment::PARTIALLY_AUTHORIZED);
  EXPECT_EQ(paid.authorized(), 50);
  EXPECT_EQ(node.account("world").debits_pending(), 50);
}

TEST(CardNode, AsksTheNextAcquirerAfterADeclineOrAProofThatNothingWasSent) {
  for (const habit first : {habit::decline, habit::be_away}) {
    card_node node;
    node.acme().next(first);
    const auto paid = node.pay("k");
    EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
    EXPECT_EQ(paid.attempts_size(), 2);
    EXPECT_EQ(paid.attempts(1).link(), "other");
    expect_agreement(node);
  }
}

TEST(CardNode, IsDeclinedWhenEveryAcquirerDeclines) {
  card_node node;
  node.acme().next(habit::decline);
  node.other().next(habit::decline);
  const auto paid = node.pay("k");
  EXPECT_EQ(paid.state(), v1::Payment::DECLINED);
  EXPECT_EQ(paid.decline_code(), "51");
  expect_agreement(node);
}

TEST(CardNode, FailsWhenNoAcquirerCouldBeReached) {
  card_node node;
  node.acme().next(habit::be_away);
  node.other().next(habit::be_away);
  EXPECT_EQ(node.pay("k").state(), v1::Payment::FAILED);
  expect_agreement(node);
}

// R2 and R3: nobody else is asked for what may have been approved; it is taken back.
TEST(CardNode, TakesBackWhatItHasHeardNothingOf) {
  for (const habit silence : {habit::approve_in_silence, habit::lose, habit::approve_more}) {
    card_node node;
    node.acme().next(silence);
    EXPECT_EQ(node.pay("k").state(), v1::Payment::IN_DOUBT);
    EXPECT_EQ(node.wait_until_known("k").state(), v1::Payment::REVERSED);
    EXPECT_EQ(node.other().attempts(), 0u);
    EXPECT_EQ(node.acme().total(), 0);
    expect_agreement(node);
  }
}

TEST(CardNode, StaysInDoubtAsLongAsNobodyAcceptsTheReversal) {
  card_node node;
  node.acme().next(habit::approve_in_silence);
  node.acme().refuse_reversals(true);
  EXPECT_EQ(node.pay("k").state(), v1::Payment::IN_DOUBT);
  node.restart();
  EXPECT_EQ(node.show("k").state(), v1::Payment::IN_DOUBT);
  EXPECT_EQ(node.account("world").debits_pending(), 100);
  node.acme().refuse_reversals(false);
  EXPECT_EQ(node.wait_until_known("k").state(), v1::Payment::REVERSED);
  expect_agreement(node);
}

TEST(CardNode, NamesTheLivesThatMadeAPaymentInItsTimeline) {
  card_node node;
  node.acme().next(habit::approve_in_silence);
  node.pay("k");
  const auto shown = node.wait_until_known("k");
  const auto& timeline = shown.timeline();
  EXPECT_EQ(timeline.begin()->what(), "created");
  EXPECT_THAT(timeline.begin()->by(), ::testing::MatchesRegex(".+/payments/w[0-9]#1"));
  EXPECT_EQ(timeline.rbegin()->what(), "reversal_accepted");
  EXPECT_THAT(timeline.rbegin()->by(), ::testing::MatchesRegex(".+/saf#1"));
}

TEST(CardNode, AnswersARetryWithWhatBecameOfTheFirst) {
  card_node node;
  node.acme().next(habit::decline);
  node.other().next(habit::decline);
  node.pay("k");
  EXPECT_EQ(node.pay("k").state(), v1::Payment::DECLINED);
  EXPECT_EQ(node.acme().attempts(), 1u);
}

/// Where a worker dies, and what that comes to.
struct crash_case {
  std::string point;
  v1::Payment::State comes_to;
};

std::ostream& operator<<(std::ostream& out, const crash_case& what) {
  return out << what.point;
}

class CardCrash : public ::testing::TestWithParam<crash_case> {};

// Before a commit nothing has happened; after it the log says what did. What may have been sent is
// never sent again.
TEST_P(CardCrash, ComesToOneOutcomeOnBothSides) {
  card_node node{500ms}; // For an answer in time on a busy machine, too.
  ASSERT_TRUE(arm_fault(GetParam().point, {.times = 1}));
  (void)node.pay("k");
  ASSERT_TRUE(disarm_fault(GetParam().point));
  EXPECT_EQ(node.wait_until_known("k").state(), GetParam().comes_to);
  EXPECT_EQ(node.pay("k").state(), GetParam().comes_to);
  expect_agreement(node);
}

INSTANTIATE_TEST_SUITE_P(
    AtEachPoint, CardCrash,
    ::testing::Values(crash_case{"payment.before_first_step", v1::Payment::CAPTURED},
                      crash_case{"payment.after_create", v1::Payment::CAPTURED},
                      crash_case{"payment.after_send", v1::Payment::REVERSED},
                      crash_case{"payment.after_answer", v1::Payment::REVERSED},
                      crash_case{"payment.after_resolve", v1::Payment::CAPTURED}),
    [](const auto& point) {
      std::string name = point.param.point.substr(point.param.point.find('.') + 1);
      std::erase(name, '_');
      return name;
    });

TEST(CardNode, AgreesWithItsAcquirersAfterManyPaymentsWhateverTheyDid) {
  card_node node{50ms};
  const habit habits[] = {habit::approve,      habit::decline, habit::approve_in_silence,
                          habit::approve_more, habit::lose,    habit::be_away};
  for (int i = 0; i < 60; ++i) {
    node.acme().next(habits[i % 6]);
    node.other().next(habits[(i / 6) % 6]);
    (void)node.pay("k" + std::to_string(i));
    if (i % 20 == 10)
      node.restart();
  }
  for (int i = 0; i < 60; ++i)
    (void)node.wait_until_known("k" + std::to_string(i));
  expect_agreement(node);
}

} // namespace
} // namespace ducat::payment::test
