#include <ducat/payment/doubt_times.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace ducat::payment {
namespace {

TEST(DoubtTimes, OfNoneThereIsNoPercentile) {
  const doubt_times none;
  EXPECT_EQ(none.count(), 0u);
  EXPECT_EQ(none.percentile(500), 0u);
  EXPECT_EQ(none.longest(), 0u);
}

TEST(DoubtTimes, OfOneEveryPercentileIsThatOne) {
  for (const std::uint64_t time :
       {std::uint64_t{0}, std::uint64_t{15}, std::uint64_t{16}, std::uint64_t{1'234'567'891},
        std::numeric_limits<std::uint64_t>::max()}) {
    doubt_times one;
    one.add(time);
    EXPECT_EQ(one.percentile(1), time);
    EXPECT_EQ(one.percentile(1'000), time);
  }
}

TEST(DoubtTimes, TheLongestIsExactAndInNoOtherPercentile) {
  doubt_times times;
  for (int i = 0; i < 999; ++i)
    times.add(10);
  times.add(86'400'000'000'001);
  EXPECT_EQ(times.percentile(999), 10u);
  EXPECT_EQ(times.percentile(1'000), 86'400'000'000'001u);
  EXPECT_EQ(times.longest(), 86'400'000'000'001u);
}

TEST(DoubtTimes, ThoseOfTwoLinksAddUp) {
  doubt_times all;
  doubt_times other;
  all.add(10);
  other.add(5);
  other.add(1'000);
  all.add(other);
  EXPECT_EQ(all.count(), 3u);
  EXPECT_EQ(all.percentile(333), 5u);
  EXPECT_EQ(all.percentile(500), 10u);
  EXPECT_EQ(all.longest(), 1'000u);
}

TEST(DoubtTimes, AreCountedUpToABound) {
  doubt_times times;
  for (const std::uint64_t each : {5u, 10u, 1'000u, 2'000'000u})
    times.add(each);
  EXPECT_EQ(times.count_to(4), 0u);
  EXPECT_EQ(times.count_to(5), 1u);
  EXPECT_EQ(times.count_to(999), 2u);
  EXPECT_EQ(times.count_to(1'100), 3u) << "a sixteenth more than it is at most";
  EXPECT_EQ(times.count_to(2'000'000), 4u) << "the longest is known exactly";
  EXPECT_EQ(times.sum_us(), 2'001u);
}

TEST(DoubtTimes, APercentileIsNotLessThanItIsAndNotASixteenthMore) {
  const char* given = std::getenv("DUCAT_SEED");
  const std::uint64_t seed = given == nullptr ? 20261129 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  doubt_times times;
  std::vector<std::uint64_t> all;
  for (int i = 0; i < 5'000; ++i) {
    all.push_back(random() >> (random() % 64));
    times.add(all.back());
  }
  std::ranges::sort(all);
  for (std::uint64_t permille = 1; permille <= 1'000; ++permille) {
    const std::uint64_t exact = all[(all.size() * permille + 999) / 1'000 - 1];
    EXPECT_GE(times.percentile(permille), exact);
    EXPECT_LE(times.percentile(permille) - exact, exact / 16);
  }
}

} // namespace
} // namespace ducat::payment
