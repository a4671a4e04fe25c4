/// What an attempt may do next: every state and every event.

#include <ducat/payment/attempt.hpp>

#include <gtest/gtest.h>

#include <map>
#include <utility>

namespace ducat::payment {
namespace {

constexpr attempt_state states[] = {
    attempt_state::sent,     attempt_state::approved,  attempt_state::partially_approved,
    attempt_state::declined, attempt_state::not_sent,  attempt_state::reversing,
    attempt_state::reversed, attempt_state::exception,
};

constexpr attempt_event events[] = {
    attempt_event::approved,          attempt_event::partially_approved,
    attempt_event::declined,          attempt_event::not_sent,
    attempt_event::in_doubt,          attempt_event::conflicted,
    attempt_event::reversal_accepted, attempt_event::reversal_exhausted,
    attempt_event::cancelled,         attempt_event::decided_taken_back,
    attempt_event::decided_was_paid,  attempt_event::late_approval,
};

// The model's table of states, as pairs; whatever it does not name changes nothing.
TEST(Attempt, GoesOnlyWhereTheModelSays) {
  using s = attempt_state;
  using e = attempt_event;
  const std::map<std::pair<s, e>, s> model = {
      {{s::sent, e::approved}, s::approved},
      {{s::sent, e::partially_approved}, s::partially_approved},
      {{s::sent, e::declined}, s::declined},
      {{s::sent, e::not_sent}, s::not_sent},
      {{s::sent, e::in_doubt}, s::reversing},
      {{s::sent, e::conflicted}, s::reversing},
      {{s::sent, e::late_approval}, s::reversing},
      {{s::approved, e::cancelled}, s::reversing},
      {{s::partially_approved, e::cancelled}, s::reversing},
      {{s::reversing, e::reversal_accepted}, s::reversed},
      {{s::reversing, e::reversal_exhausted}, s::exception},
      {{s::exception, e::reversal_accepted}, s::reversed},
      {{s::reversed, e::late_approval}, s::reversing},
      {{s::exception, e::decided_taken_back}, s::reversed},
      {{s::exception, e::decided_was_paid}, s::approved},
  };
  for (const s now : states)
    for (const e what : events) {
      const auto found = model.find({now, what});
      const auto expected = found == model.end() ? std::nullopt : std::optional{found->second};
      EXPECT_EQ(state_after(now, what), expected) << now << " + " << what;
    }
}

// R2: nothing that was in doubt is ever taken for approved or declined again.
TEST(Attempt, ThatWasInDoubtIsNeverDecidedByALateAnswer) {
  for (const attempt_event late : {attempt_event::approved, attempt_event::partially_approved,
                                   attempt_event::declined, attempt_event::late_approval}) {
    EXPECT_EQ(state_after(attempt_state::reversing, late), std::nullopt) << late;
    EXPECT_EQ(state_after(attempt_state::exception, late), std::nullopt) << late;
  }
}

// An acquirer that approves what it said it had taken back holds money: it owes that again.
TEST(Attempt, ThatWasReversedAndIsApprovedAfterAllIsReversedAgain) {
  EXPECT_EQ(state_after(attempt_state::reversed, attempt_event::late_approval),
            attempt_state::reversing);
  EXPECT_EQ(state_after(attempt_state::reversed, attempt_event::approved), std::nullopt)
      << "logs of before have it";
}

// R3: definite decline, proven not sent, reversal acknowledged.
TEST(Attempt, IsFollowedByAnotherOnlyWhenItHasNoEffect) {
  for (const attempt_state now : states) {
    const bool expected = now == attempt_state::declined || now == attempt_state::not_sent ||
                          now == attempt_state::reversed;
    EXPECT_EQ(allows_another(now), expected) << now;
  }
}

TEST(Attempt, RemembersAnApprovalThatCameTooLate) {
  EXPECT_TRUE(is_late_approval(attempt_state::reversing, attempt_event::approved));
  EXPECT_TRUE(is_late_approval(attempt_state::reversed, attempt_event::approved));
  EXPECT_TRUE(is_late_approval(attempt_state::exception, attempt_event::late_approval));
  EXPECT_FALSE(is_late_approval(attempt_state::reversing, attempt_event::declined));
  EXPECT_FALSE(is_late_approval(attempt_state::approved, attempt_event::approved));
}

TEST(Attempt, HasAReferenceOfTwelveDigits) {
  attempt_record attempt;
  attempt.number = 42;
  EXPECT_EQ(rrn_of(attempt), "000000000042");
  attempt.number = 1'000'000'000'007;
  EXPECT_EQ(rrn_of(attempt), "000000000007");
}

TEST(Attempt, HasAnIdThatARetryFindsAgain) {
  EXPECT_EQ(attempt_id_of("pay_1", 1), attempt_id_of("pay_1", 1));
  EXPECT_NE(attempt_id_of("pay_1", 1), attempt_id_of("pay_1", 2));
  EXPECT_TRUE(attempt_id_of("pay_1", 1).starts_with("att_"));
  EXPECT_EQ(attempt_id_of("pay_1", 1).size(), 36u);
}

} // namespace
} // namespace ducat::payment
