/// Which accounts the bench of the ledger draws.

#include "bench/account_picker.hpp"
#include "bench/latencies.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace ducat::bench {
namespace {

constexpr std::uint64_t accounts = 1'000;
constexpr std::uint64_t draws = 400'000;

struct counts {
  std::map<std::uint64_t, double> debits;
  std::map<std::uint64_t, double> credits;
};

counts draw(distribution shape) {
  const account_picker picker{shape, accounts};
  cli::random_numbers random{7};
  counts drawn;
  for (std::uint64_t i = 0; i < draws; ++i) {
    const account_pair pair = picker.pick(random);
    EXPECT_NE(pair.debit, pair.credit);
    ++drawn.debits[pair.debit];
    ++drawn.credits[pair.credit];
  }
  return drawn;
}

/// Expects `seen` within five standard deviations of so many draws with chance `share`.
void expect_share(double seen, double share) {
  const double mean = share * draws;
  EXPECT_NEAR(seen, mean, 5 * std::sqrt(mean * (1 - share)));
}

} // namespace

TEST(AccountPicker, DrawsEvenly) {
  const counts drawn = draw(distribution::uniform);
  ASSERT_EQ(drawn.debits.size(), accounts);
  for (const auto* side : {&drawn.debits, &drawn.credits})
    for (const auto& [account, seen] : *side)
      expect_share(seen, 1.0 / accounts);
  EXPECT_EQ(drawn.debits.begin()->first, 1u);
  EXPECT_EQ(drawn.debits.rbegin()->first, accounts);
}

/// The debited account is the first that is drawn, so its chances are exact: 1/k over their sum.
TEST(AccountPicker, DrawsAccountKOneKthAsOftenAsTheFirst) {
  const counts drawn = draw(distribution::zipf);
  double total = 0;
  for (std::uint64_t k = 1; k <= accounts; ++k)
    total += 1.0 / static_cast<double>(k);
  for (std::uint64_t k = 1; k <= accounts; ++k) {
    const auto found = drawn.debits.find(k);
    expect_share(found == drawn.debits.end() ? 0 : found->second,
                 1.0 / static_cast<double>(k) / total);
  }
  EXPECT_GT(drawn.credits.at(1), drawn.credits.at(2));
}

TEST(AccountPicker, CreditsOneHotAccountAlways) {
  const counts drawn = draw(distribution::hot);
  EXPECT_EQ(drawn.credits.size(), 1u);
  EXPECT_EQ(drawn.credits.at(1), draws);
  EXPECT_EQ(drawn.debits.size(), accounts - 1);
}

TEST(AccountPicker, DrawsTheSameForTheSameSeed) {
  const account_picker picker{distribution::zipf, accounts};
  cli::random_numbers one{3};
  cli::random_numbers other{3};
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(picker.pick(one).debit, picker.pick(other).debit);
}

TEST(AccountPicker, HasTwoAccountsToChooseFromAtLeast) {
  for (const auto shape : {distribution::uniform, distribution::zipf, distribution::hot}) {
    const account_picker picker{shape, 2};
    cli::random_numbers random{1};
    for (int i = 0; i < 100; ++i) {
      const account_pair pair = picker.pick(random);
      EXPECT_EQ(pair.debit + pair.credit, 3u);
    }
  }
}

TEST(Latencies, ArePercentilesOfRealSamples) {
  latencies some;
  EXPECT_EQ(some.percentile_us(0.5), 0);
  for (int us = 100; us >= 1; --us)
    some.add(std::chrono::microseconds{us});
  EXPECT_DOUBLE_EQ(some.percentile_us(0), 1);
  EXPECT_DOUBLE_EQ(some.percentile_us(0.50), 50);
  EXPECT_DOUBLE_EQ(some.percentile_us(0.99), 99);
  EXPECT_DOUBLE_EQ(some.percentile_us(1), 100);
}

} // namespace ducat::bench
