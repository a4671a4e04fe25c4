// How to prove a flow: ten lines of a test.
// The part between the markers is the listing in docs/crash-injection.md; a test keeps the two the
// same.

#include "tip_flows.hpp"

// [listing]
#include <ducat/testing/prove.hpp>

#include <gtest/gtest.h>

TEST(Tips, ArePaidOnceWhateverBreaksAndWhenever) {
  const auto proof = ducat::testing::prove(tips_flow, {.pairs_max = 300});
  EXPECT_TRUE(proof.holds()) << proof;
}

// [listing]
