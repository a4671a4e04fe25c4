#include <ducat/u128.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

TEST(U128, PrintsInDecimal) {
  EXPECT_EQ(to_string(u128{0}), "0");
  EXPECT_EQ(to_string(make_u128(1, 0)), "18446744073709551616");
  EXPECT_EQ(to_string(u128_max), "340282366920938463463374607431768211455");
}

TEST(U128, IsMadeOfItsHalves) {
  const u128 value = make_u128(7, 9);
  EXPECT_EQ(high_half(value), 7u);
  EXPECT_EQ(low_half(value), 9u);
}

} // namespace
} // namespace ducat
