/// Which traces are told: by their id alone, so that all who decide, decide the same.

#include <ducat/tracer.hpp>

#include <gtest/gtest.h>

namespace ducat::trace {
namespace {

/// Returns a trace of which the last seven bytes, which decide, are those.
trace_id ending_in(const std::string& digits) {
  return parse_trace_id("123456789012345678" + digits).value();
}

TEST(SamplingRatio, IsWrittenAsADecimalFraction) {
  for (const char* good : {"0", "1", "0.0", "1.0", "0.01", "0.000001", "1.000000"})
    EXPECT_TRUE(sampling_ratio::parse(good)) << good;
  for (const char* bad : {"", ".", "1.", ".5", "2", "1.1", "1.000001", "-0.1", "0.0000001", "00.1",
                          "0,1", "1e-2", " 0.1", "0.1 ", "10"})
    EXPECT_FALSE(sampling_ratio::parse(bad)) << bad;
}

TEST(SamplingRatio, OfNoneTakesNoneAndOfOneAll) {
  const auto none = sampling_ratio::parse("0").value();
  const auto all = sampling_ratio::parse("1").value();
  for (const char* digits : {"00000000000000", "80000000000000", "ffffffffffffff"}) {
    EXPECT_FALSE(none.takes(ending_in(digits))) << digits;
    EXPECT_TRUE(all.takes(ending_in(digits))) << digits;
  }
  EXPECT_FALSE(sampling_ratio{}.takes(ending_in("ffffffffffffff"))) << "none by default";
}

TEST(SamplingRatio, TakesItsShareOfTheLargestValues) {
  const auto quarter = sampling_ratio::parse("0.25").value();
  EXPECT_TRUE(quarter.takes(ending_in("c0000000000000")));
  EXPECT_FALSE(quarter.takes(ending_in("bfffffffffffff")));
  const auto millionth = sampling_ratio::parse("0.000001").value();
  EXPECT_TRUE(millionth.takes(ending_in("ffffef39085f4b")));
  EXPECT_FALSE(millionth.takes(ending_in("ffffef39085f4a")));
}

TEST(SamplingRatio, IsNearlyThatOfManyTraces) {
  tracer draws{{.seed = 1, .clock = [] { return log_time{}; }}};
  const auto tenth = sampling_ratio::parse("0.1").value();
  int taken = 0;
  for (int i = 0; i < 100'000; ++i)
    taken += tenth.takes(draws.fresh_trace_id()) ? 1 : 0;
  EXPECT_NEAR(taken, 10'000, 500);
}

} // namespace
} // namespace ducat::trace
