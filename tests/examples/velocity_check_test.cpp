/// The example is a test itself; here is what it cannot check.

#include "support/listing.hpp"

#include <gtest/gtest.h>

namespace {

TEST(VelocityCheck, IsPrintedInTheReadmeAsItIsCompiled) {
  EXPECT_TRUE(ducat::test::is_printed_in_the_readme("apps/examples/velocity_check.cpp"));
}

} // namespace
