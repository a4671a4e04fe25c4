/// The listings of docs/crash-injection.md: a flow that is right, and one that is not.

#include "support/listing.hpp"
#include "tip_flows.hpp"

#include <gmock/gmock.h>

namespace ducat::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* document = "docs/crash-injection.md";

TEST(HastyTips, AreConvicted) {
  const auto proof = prove(hasty_tips_flow);
  EXPECT_FALSE(proof.holds());
  ASSERT_FALSE(proof.shortest.empty());
  const failed_trial& first = proof.shortest.front();
  EXPECT_EQ(first.what.faults.size(), 1u) << "without a fault it looks right";
  EXPECT_EQ(first.broken.front().claim, "the waiter has it once");
  const std::string code = test_of(proof, first);
  EXPECT_THAT(test::content_of(document), HasSubstr("```cpp\n" + code + "```\n")) << code;
  EXPECT_THAT(test::content_of("tests/examples/hasty_tips_found.cpp"), HasSubstr(code)) << code;
}

TEST(TipFlows, ArePrintedAsTheyAreCompiled) {
  EXPECT_TRUE(test::is_printed_in(document, "apps/examples/tip_flows.cpp"));
  EXPECT_TRUE(test::is_printed_in(document, "apps/examples/prove_tips.cpp"));
}

} // namespace
} // namespace ducat::testing
