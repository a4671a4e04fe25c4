/// What a caller may do about each error.

#include <ducat/payment/errors.hpp>
#include <ducat/payment/retry.hpp>

#include <gtest/gtest.h>

#include <set>

namespace ducat::payment {
namespace {

constexpr int last_refusal = static_cast<int>(refusal::deliveries_exhausted);
constexpr int last_errc = static_cast<int>(errc::other_cluster);

// A caller that sends a changed payment again, under a new key, may pay twice.
TEST(Retry, IsNeverForAKeyThatWasUsedForAnotherRequest) {
  EXPECT_EQ(retry_of(refusal::idempotency_key_reused), v1::Error::NEVER);
  EXPECT_EQ(retry_of(v1::Error::IDEMPOTENCY), v1::Error::NEVER);
}

TEST(Retry, IsANewAttemptWhereThePaymentHasMovedOn) {
  std::set<refusal> moved_on;
  for (int value = 1; value <= last_refusal; ++value)
    if (retry_of(static_cast<refusal>(value)) == v1::Error::NEW_ATTEMPT)
      moved_on.insert(static_cast<refusal>(value));
  EXPECT_EQ(moved_on, (std::set{refusal::payment_not_authorized, refusal::payment_not_captured,
                                refusal::amount_exceeds_authorized,
                                refusal::amount_exceeds_captured, refusal::attempts_exhausted,
                                refusal::link_grant_superseded, refusal::payment_not_in_exception,
                                refusal::advice_not_exhausted, refusal::delivery_superseded}));
}

TEST(Retry, IsNeverForEveryOtherRefusal) {
  for (int value = 1; value <= last_refusal; ++value) {
    const auto why = static_cast<refusal>(value);
    const v1::Error shown = error_of(why, "");
    EXPECT_NE(to_string(why), "unknown") << value;
    EXPECT_EQ(shown.retry(), retry_of(why)) << why;
    EXPECT_TRUE(shown.retry() == v1::Error::NEVER || shown.retry() == v1::Error::NEW_ATTEMPT ||
                why == refusal::payment_in_doubt || why == refusal::reversal_not_covered ||
                why == refusal::acquirer_not_quiet || why == refusal::deliveries_exhausted)
        << why;
  }
  EXPECT_EQ(to_string(static_cast<refusal>(last_refusal + 1)), "unknown")
      << "the last refusal is another one";
}

// The second row of refusals: what somebody decides, and acquirers.
TEST(Retry, IsSaidOfWhatSomebodyDecides) {
  constexpr int first = static_cast<int>(refusal::decision_unknown);
  constexpr int last = static_cast<int>(refusal::acquirer_not_quiet);
  for (int value = first; value <= last; ++value) {
    const auto why = static_cast<refusal>(value);
    EXPECT_NE(to_string(why), "unknown") << value;
    EXPECT_EQ(error_of(why, "").retry(), retry_of(why)) << why;
  }
  EXPECT_EQ(retry_of(refusal::acquirer_not_quiet), v1::Error::SAME_KEY);
  EXPECT_EQ(retry_of(refusal::payment_not_in_exception), v1::Error::NEW_ATTEMPT);
}

// As disposition_of() has it for the runtime: what may be in the log is asked for by the same key.
TEST(Retry, IsTheSameKeyWhereverNothingOrNobodyKnowsWhatWasDone) {
  for (int value = 1; value <= last_errc; ++value) {
    const auto code = static_cast<errc>(value);
    const bool is_wrong =
        code == errc::invalid_argument || code == errc::not_found || code == errc::not_permitted;
    EXPECT_EQ(retry_of(code), is_wrong ? v1::Error::NEVER : v1::Error::SAME_KEY) << to_string(code);
  }
  EXPECT_EQ(retry_of(v1::Error::UNAVAILABLE), v1::Error::SAME_KEY);
  EXPECT_EQ(retry_of(v1::Error::UNKNOWN_OUTCOME), v1::Error::SAME_KEY);
  EXPECT_EQ(retry_of(v1::Error::INTERNAL), v1::Error::SAME_KEY);
}

// Whoever tries again before that may pay twice.
TEST(Retry, IsAfterTheReversalOnlyForAPaymentInDoubt) {
  for (int value = 1; value <= last_refusal; ++value)
    EXPECT_EQ(retry_of(static_cast<refusal>(value)) == v1::Error::AFTER_REVERSAL,
              static_cast<refusal>(value) == refusal::payment_in_doubt);
}

TEST(Retry, IsWhatTheTypeSaysIfANodeSaysNothing) {
  v1::Error old;
  old.set_type(v1::Error::CONFLICT);
  EXPECT_EQ(retry_of(old), v1::Error::NEW_ATTEMPT);
  old.set_retry(v1::Error::NEVER);
  EXPECT_EQ(retry_of(old), v1::Error::NEVER);
}

TEST(Retry, HasNamesInLowerCase) {
  EXPECT_EQ(to_string(v1::Error::NEVER), "never");
  EXPECT_EQ(to_string(v1::Error::SAME_KEY), "same_key");
  EXPECT_EQ(to_string(v1::Error::NEW_ATTEMPT), "new_attempt");
  EXPECT_EQ(to_string(v1::Error::AFTER_REVERSAL), "after_reversal");
}

} // namespace
} // namespace ducat::payment
