/// Shares and spans of time, as people read and write them.

#include "availability/figures.hpp"

#include <gtest/gtest.h>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;

TEST(Percent, IsOneHundredOnlyIfNothingIsMissing) {
  EXPECT_EQ(percent_of(0), "100 %");
  EXPECT_EQ(percent_of(1e-6), "99.99990 %");
  EXPECT_EQ(percent_of(1e-13), "99.999999999990 %");
  EXPECT_EQ(percent_of(1e-50), "99.999999999999 %");
}

TEST(Percent, IsRoundedDown) {
  EXPECT_EQ(percent_of(0.000011), "99.9989 %");
  EXPECT_EQ(percent_of(0.1), "90.000 %");
  EXPECT_EQ(percent_of(1.0 / 3), "66.666 %");
  EXPECT_EQ(percent_of(1), "0.000 %");
}

TEST(Span, HasTheUnitThatFits) {
  EXPECT_EQ(span_of(0ns), "0 us");
  EXPECT_EQ(span_of(1500ns), "1.5 us");
  EXPECT_EQ(span_of(312'400us), "312 ms");
  EXPECT_EQ(span_of(12'340ms), "12.3 s");
  EXPECT_EQ(span_of(60s), "1 m");
  EXPECT_EQ(span_of(3725s), "1 h 2 m");
  EXPECT_EQ(span_of(30 * 24h + 5h), "30 d 5 h");
}

TEST(Span, IsReadWithItsUnit) {
  EXPECT_EQ(parse_span("300ms"), 300ms);
  EXPECT_EQ(parse_span("1.5h"), 90min);
  EXPECT_EQ(parse_span("30d"), 720h);
  EXPECT_EQ(parse_span("2y"), 17520h);
  EXPECT_EQ(parse_span("0s"), 0s);
}

TEST(Span, RefusesWhatIsNone) {
  for (const char* text :
       {"", "5", "s", "-5s", "5 s", "5w", "5sec", "nans", "infs", "1e3s", "1000y"})
    EXPECT_FALSE(parse_span(text)) << text;
}

} // namespace
} // namespace ducat::cli
