#include <ducat/latency_histogram.hpp>

#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

namespace ducat {
namespace {

using namespace std::chrono_literals;

TEST(LatencyHistogram, HasEachTimeInTheFirstBucketThatItIsNotLongerThan) {
  latency_histogram times;
  for (const duration each : {duration{100us}, duration{100us} + 1ns, duration{10s}, duration{1h}})
    times.record(each);
  const auto found = times.read();
  EXPECT_EQ(found.counts[0], 1u);
  EXPECT_EQ(found.counts[1], 1u);
  EXPECT_EQ(found.counts[latency_histogram::bounds.size() - 1], 1u);
  EXPECT_EQ(found.counts[latency_histogram::bounds.size()], 1u) << "longer than all bounds";
  EXPECT_EQ(found.count, 4u);
  EXPECT_EQ(found.sum, 200us + 1ns + 10s + 1h);
}

TEST(LatencyHistogram, TakesATimeBelowZeroForNone) {
  latency_histogram times;
  times.record(-1s);
  EXPECT_EQ(times.read().counts[0], 1u);
  EXPECT_EQ(times.read().sum, 0ns);
}

TEST(LatencyHistogram, CountsWhatSeveralThreadsRecord) {
  latency_histogram times;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&times] {
      for (int n = 0; n < 10'000; ++n)
        times.record(1ms);
    });
  threads.clear();
  EXPECT_EQ(times.read().count, 40'000u);
  EXPECT_EQ(times.read().sum, 40s);
}

} // namespace
} // namespace ducat
