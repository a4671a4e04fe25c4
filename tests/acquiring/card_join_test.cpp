/// The join of our payments with an acquirer's journal finds what is on one side only.

#include "acquirer/effect_line.hpp"
#include "cards/card_join.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace ducat::cards {
namespace {

using acquirer::effect;
using acquirer::effect_kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* rrn = "000000000007";

class CardJoin : public ::testing::Test {
protected:
  static v1::Payment payment(v1::Payment::State state, v1::Attempt::State attempt) {
    v1::Payment made;
    made.set_id("pay_1");
    made.set_card("411111******1111");
    made.set_currency("EUR");
    made.set_state(state);
    v1::Attempt& only = *made.add_attempts();
    only.set_state(attempt);
    only.set_stan(7);
    only.set_rrn(rrn);
    only.set_amount(100);
    return made;
  }

  static effect captured(std::uint64_t sequence = 1) {
    effect made;
    made.sequence = sequence;
    made.kind = effect_kind::captured;
    made.mti = "0200";
    made.key = {.kind = '2', .stan = "000007"};
    made.rrn = rrn;
    made.amount_minor = 100;
    made.currency = "978";
    return made;
  }

  static effect reversed(std::uint64_t original, std::uint64_t sequence = 2) {
    effect made;
    made.sequence = sequence;
    made.kind = effect_kind::reversed;
    made.mti = "0420";
    made.original = original;
    return made;
  }

  join_report compared(const v1::Payment& ours) {
    join_.add(ours);
    return join_.compare();
  }

  card_join join_;
};

// What was told: a capture or a refund, by an advice that names its original.
class CardJoinOfAdvices : public CardJoin {
protected:
  static v1::Payment told_payment(v1::Advice::State state) {
    v1::Payment made = payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED);
    v1::Advice& only = *made.add_advices();
    only.set_state(state);
    only.set_attempt(1);
    only.set_stan(8);
    only.set_amount(90);
    return made;
  }

  static effect advised(std::int64_t amount = 90, std::uint64_t sequence = 2) {
    effect made;
    made.sequence = sequence;
    made.kind = effect_kind::advice;
    made.mti = "0220";
    made.key = {.kind = '2', .stan = "000008"};
    made.original_key = {.kind = '2', .stan = "000007"};
    made.rrn = rrn;
    made.amount_minor = amount;
    return made;
  }

  CardJoinOfAdvices() { join_.add(captured()); }
};

TEST_F(CardJoinOfAdvices, WhatWasToldOnceWithItsAmountMatches) {
  join_.add(advised());
  const auto found = compared(told_payment(v1::Advice::ACKNOWLEDGED));
  EXPECT_EQ(found.told, 1u);
  EXPECT_EQ(found.mismatched, 0u);
}

TEST_F(CardJoinOfAdvices, OneThatTheyNeverHeardIsFoundIfItIsAcknowledged) {
  EXPECT_THAT(compared(told_payment(v1::Advice::ACKNOWLEDGED)).mismatches,
              ElementsAre(HasSubstr("nobody was told there")));
}

TEST_F(CardJoinOfAdvices, OneThatIsOwedMayHaveBeenHeardOrNot) {
  EXPECT_EQ(compared(told_payment(v1::Advice::OWED)).mismatched, 0u);
  join_.add(advised());
  EXPECT_EQ(join_.compare().mismatched, 0u);
}

TEST_F(CardJoinOfAdvices, AnotherAmountIsFound) {
  join_.add(advised(91));
  EXPECT_THAT(compared(told_payment(v1::Advice::ACKNOWLEDGED)).mismatches,
              ElementsAre(HasSubstr("another amount")));
}

TEST_F(CardJoinOfAdvices, OneThatHasEffectTwiceIsFound) {
  join_.add(advised());
  join_.add(advised(90, 3));
  EXPECT_THAT(compared(told_payment(v1::Advice::ACKNOWLEDGED)).mismatches,
              ElementsAre(HasSubstr("told twice")));
}

TEST_F(CardJoinOfAdvices, OneThatNobodyHereKnowsIsFound) {
  join_.add(advised());
  EXPECT_THAT(compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED)).mismatches,
              ElementsAre(HasSubstr("nobody here knows")));
}

TEST_F(CardJoin, WhatStandsOnBothSidesMatches) {
  join_.add(captured());
  const auto found = compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED));
  EXPECT_EQ(found.matched, 1u);
  EXPECT_EQ(found.mismatched, 0u);
  EXPECT_EQ(found.states.at("CAPTURED"), 1u);
}

TEST_F(CardJoin, WhatWasReversedOnBothSidesIsOnNeither) {
  join_.add(captured());
  join_.add(reversed(1));
  EXPECT_EQ(compared(payment(v1::Payment::REVERSED, v1::Attempt::REVERSED)).neither, 1u);
}

TEST_F(CardJoin, AReversalOfWhatHasNotArrivedIsNoMismatch) {
  join_.add(reversed(0));
  const auto found = compared(payment(v1::Payment::REVERSED, v1::Attempt::REVERSED));
  EXPECT_EQ(found.neither, 1u);
  EXPECT_EQ(found.mismatched, 0u);
}

TEST_F(CardJoin, AnApprovalThatTheyDoNotKnowIsFound) {
  EXPECT_THAT(compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED)).mismatches,
              ElementsAre(HasSubstr("does not stand there")));
}

TEST_F(CardJoin, AnApprovalThatTheyHaveReversedIsFound) {
  join_.add(captured());
  join_.add(reversed(1));
  EXPECT_EQ(compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED)).mismatched, 1u);
}

TEST_F(CardJoin, WhatStandsThereAndEndedHereIsFound) {
  for (const auto ended : {v1::Attempt::DECLINED, v1::Attempt::NOT_SENT, v1::Attempt::REVERSED}) {
    join_ = {};
    join_.add(captured());
    EXPECT_THAT(compared(payment(v1::Payment::DECLINED, ended)).mismatches,
                ElementsAre(HasSubstr("stands there")));
  }
}

TEST_F(CardJoin, WhatNobodyHereKnowsOfIsFound) {
  join_.add(captured());
  EXPECT_THAT(join_.compare().mismatches, ElementsAre(HasSubstr("nobody here knows")));
}

TEST_F(CardJoin, WhatTheyApprovedTwiceIsFoundThoughOneWasReversed) {
  join_.add(captured(1));
  join_.add(captured(2));
  join_.add(reversed(2, 3));
  EXPECT_THAT(compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED)).mismatches,
              ElementsAre(HasSubstr("twice")));
}

TEST_F(CardJoin, AnotherAmountCurrencyOrStanIsFound) {
  for (int which = 0; which < 3; ++which) {
    effect other = captured();
    (which == 0   ? other.currency
     : which == 1 ? other.key.stan
                  : other.rrn) = which == 0   ? "840"
                                 : which == 1 ? "000008"
                                              : rrn;
    other.amount_minor = which == 2 ? 101 : 100;
    join_ = {};
    join_.add(other);
    EXPECT_EQ(compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED)).mismatched, 1u);
  }
}

TEST_F(CardJoin, AnExceptionExplainsWhatStands) {
  join_.add(captured());
  const auto found = compared(payment(v1::Payment::EXCEPTION, v1::Attempt::EXCEPTION));
  EXPECT_EQ(found.explained, 1u);
  EXPECT_EQ(found.mismatched, 0u);
}

TEST_F(CardJoin, WhatIsUnderWayIsOpenWhateverTheyHave) {
  join_.add(captured());
  EXPECT_EQ(compared(payment(v1::Payment::IN_DOUBT, v1::Attempt::REVERSING)).open, 1u);
}

TEST_F(CardJoin, APaymentWithoutACardIsLeftOut) {
  auto plain = payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED);
  plain.clear_card();
  EXPECT_EQ(compared(plain).payments, 0u);
}

TEST_F(CardJoin, AJournalIsReadByItsWholeLinesAndRefusedIfDamaged) {
  ducat::testing::temporary_directory place;
  const auto path = place.path() / "journal";
  std::ofstream{path} << acquirer::line_of(captured()) << "\n{\"half";
  ASSERT_TRUE(join_.add_journal(path));
  EXPECT_EQ(compared(payment(v1::Payment::CAPTURED, v1::Attempt::APPROVED)).matched, 1u);
  std::ofstream{path} << "no line\n";
  EXPECT_EQ(join_.add_journal(path).error().code, errc::corrupt);
}

} // namespace
} // namespace ducat::cards
