#include "routing/policy.hpp"
#include "routing/seed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

namespace ducat::routing {
namespace {

using ::testing::ElementsAre;

std::vector<std::size_t> choices(policy& chooser, const roster& workers, std::size_t times) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < times; ++i)
    all.push_back(chooser.choose(workers, 0).value());
  return all;
}

std::vector<std::size_t> shares(policy& chooser, const roster& workers, std::size_t times) {
  std::vector<std::size_t> counts(workers.size(), 0);
  for (const std::size_t index : choices(chooser, workers, times))
    ++counts[index];
  return counts;
}

/// Returns Pearson's chi-square of `counts`, of which each should be as great as its part of
/// `parts`.
double chi_square(const std::vector<std::size_t>& counts, const std::vector<double>& parts) {
  const auto total = static_cast<double>(std::reduce(counts.begin(), counts.end()));
  const double whole = std::reduce(parts.begin(), parts.end());
  double sum = 0;
  for (std::size_t index = 0; index < counts.size(); ++index) {
    const double expected = total * parts[index] / whole;
    sum += std::pow(static_cast<double>(counts[index]) - expected, 2) / expected;
  }
  return sum;
}

// Chance exceeds it once in a million times, for four workers.
constexpr double chi_square_max = 30.7;

TEST(RoundRobin, GivesAWorkerOfASmallerShareSomeOfItsTurns) {
  const auto chooser = make_policy({.size = 3, .policy = route::round_robin});
  EXPECT_THAT(shares(*chooser, {{}, {.share = 0.5}, {.share = 0.25}}, 700),
              ElementsAre(400, 200, 100));
}

TEST(Random, GivesEachWorkerItsShare) {
  const std::uint64_t used = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser = make_policy({.size = 4, .policy = route::random, .seed = used});
  EXPECT_LT(chi_square(shares(*chooser, roster(4), 40'000), {1, 1, 1, 1}), chi_square_max);
  const auto got = shares(*chooser, {{}, {.share = 0.5}, {}, {.share = 0.05}}, 40'000);
  EXPECT_LT(chi_square(got, {1, 0.5, 1, 0.05}), chi_square_max);
}

/// Returns how many requests each worker gets if it takes `takes` turns for one, and as many come
/// as the workers can do together.
std::vector<std::size_t> closed_loop(policy& chooser, roster workers,
                                     const std::vector<int>& takes) {
  std::vector<std::size_t> counts(workers.size(), 0);
  std::multimap<int, std::size_t> done_at;
  for (int turn = 0; turn < 20'000; ++turn) {
    const std::size_t index = chooser.choose(workers, 0).value();
    ++counts[index];
    workers.set_in_flight(index, workers.at(index).in_flight + 1);
    done_at.emplace(turn + takes[index], index);
    for (auto done = done_at.begin(); done != done_at.end() && done->first <= turn;
         done = done_at.erase(done))
      workers.set_in_flight(done->second, workers.at(done->second).in_flight - 1);
  }
  return counts;
}

TEST(LeastRequests, GivesWorkersAlikeTheSameAndASlowOneLess) {
  const auto chooser = make_policy({.size = 4, .policy = route::least_requests});
  for (const std::size_t count : closed_loop(*chooser, roster(4), {8, 8, 8, 8}))
    EXPECT_NEAR(static_cast<double>(count), 5'000, 10);
  const auto got = closed_loop(*chooser, roster(4), {8, 8, 8, 32});
  EXPECT_NEAR(static_cast<double>(got[3]), 20'000 / 13.0, 300); // A quarter of the others' part.
  const auto known = closed_loop(*chooser, {{}, {}, {}, {.share = 0.25}}, {8, 8, 8, 32});
  EXPECT_LT(known[3], got[3] / 2); // It is not even given what it can do.
}

TEST(PowerOfTwoChoices, GivesWorkersAlikeTheSameAndASlowOneLess) {
  const std::uint64_t used = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser =
      make_policy({.size = 4, .policy = route::power_of_two_choices, .seed = used});
  EXPECT_LT(chi_square(closed_loop(*chooser, roster(4), {8, 8, 8, 8}), {1, 1, 1, 1}),
            chi_square_max);
  EXPECT_LT(closed_loop(*chooser, {{}, {}, {}, {.share = 0.05}}, {8, 8, 8, 8})[3], 1'000u);
}

TEST(RoundRobin, TakesEachWorkerInTurn) {
  const auto chooser = make_policy({.size = 3, .policy = route::round_robin});
  EXPECT_THAT(choices(*chooser, roster(3), 7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

TEST(RoundRobin, PassesOverAWorkerThatIsNotEligible) {
  const auto chooser = make_policy({.size = 3, .policy = route::round_robin});
  EXPECT_THAT(choices(*chooser, {{}, {.eligible = false}, {}}, 4), ElementsAre(0, 2, 0, 2));
}

TEST(WeightedRoundRobin, IsSmooth) {
  const auto chooser =
      make_policy({.size = 2, .policy = route::weighted_round_robin, .weights = {3, 1}});
  EXPECT_THAT(choices(*chooser, roster(2), 8), ElementsAre(0, 0, 1, 0, 0, 0, 1, 0));
}

TEST(WeightedRoundRobin, GivesSharesThatAreExactlyTheWeights) {
  const auto chooser =
      make_policy({.size = 3, .policy = route::weighted_round_robin, .weights = {5, 2, 1}});
  EXPECT_THAT(shares(*chooser, roster(3), 800), ElementsAre(500, 200, 100));
}

TEST(WeightedRoundRobin, SharesAmongTheEligibleOnly) {
  const auto chooser =
      make_policy({.size = 3, .policy = route::weighted_round_robin, .weights = {5, 2, 1}});
  EXPECT_THAT(shares(*chooser, {{.eligible = false}, {}, {}}, 300), ElementsAre(0, 200, 100));
}

TEST(WeightedRoundRobin, OwesNothingToAWorkerThatWasAway) {
  const auto chooser =
      make_policy({.size = 2, .policy = route::weighted_round_robin, .weights = {1, 1}});
  shares(*chooser, {{.eligible = false}, {}}, 100);
  EXPECT_THAT(shares(*chooser, roster(2), 100), ElementsAre(50, 50));
}

TEST(Random, GivesEachWorkerAboutTheSame) {
  const std::uint64_t used = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser = make_policy({.size = 4, .policy = route::random, .seed = used});
  // Binomial(40000, 1/4): the standard deviation is 87, so 600 is 7 of them.
  for (const std::size_t share : shares(*chooser, roster(4), 40'000))
    EXPECT_NEAR(static_cast<double>(share), 10'000, 600);
}

TEST(Random, IsTheSameForTheSameSeed) {
  const roster workers(5);
  const auto one = make_policy({.size = 5, .policy = route::random, .seed = 7});
  const auto other = make_policy({.size = 5, .policy = route::random, .seed = 7});
  EXPECT_EQ(choices(*one, workers, 100), choices(*other, workers, 100));
}

TEST(LeastRequests, TakesTheWorkerWithTheFewestInFlight) {
  const auto chooser = make_policy({.size = 3, .policy = route::least_requests});
  EXPECT_EQ(chooser->choose({{.in_flight = 2}, {.in_flight = 1}, {.in_flight = 3}}, 0), 1u);
  EXPECT_EQ(
      chooser->choose({{.in_flight = 2}, {.eligible = false, .in_flight = 0}, {.in_flight = 3}}, 0),
      0u);
}

TEST(LeastRequests, LetsTiesGoRound) {
  const auto chooser = make_policy({.size = 3, .policy = route::least_requests});
  EXPECT_THAT(choices(*chooser, roster(3), 4), ElementsAre(0, 1, 2, 0));
}

TEST(PowerOfTwoChoices, NeverTakesTheFullestOfThree) {
  const std::uint64_t used = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser =
      make_policy({.size = 3, .policy = route::power_of_two_choices, .seed = used});
  const auto got = shares(*chooser, {{.in_flight = 5}, {.in_flight = 9}, {.in_flight = 5}}, 1'000);
  EXPECT_EQ(got[1], 0u);
  EXPECT_GT(got[0], 0u);
  EXPECT_GT(got[2], 0u);
}

TEST(PowerOfTwoChoices, LooksAtEachPairAboutAsOften) {
  const std::uint64_t used = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser =
      make_policy({.size = 3, .policy = route::power_of_two_choices, .seed = used});
  const auto got = shares(*chooser, {{.in_flight = 1}, {.in_flight = 2}, {.in_flight = 3}}, 30'000);
  // The first wins two pairs of three, the second one. The standard deviation is 82.
  EXPECT_NEAR(static_cast<double>(got[0]), 20'000, 600);
  EXPECT_NEAR(static_cast<double>(got[1]), 10'000, 600);
}

TEST(PowerOfTwoChoices, LooksOnlyAtTheEligible) {
  const std::uint64_t used = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser =
      make_policy({.size = 4, .policy = route::power_of_two_choices, .seed = used});
  const candidate away{.eligible = false};
  EXPECT_THAT(shares(*chooser, {away, {.in_flight = 9}, away, away}, 100),
              ElementsAre(0, 100, 0, 0));
  EXPECT_THAT(shares(*chooser, {away, {.in_flight = 9}, away, {.in_flight = 1}}, 100),
              ElementsAre(0, 0, 0, 100));
}

std::vector<std::size_t> owners(const roster& workers, std::uint64_t keys) {
  const auto chooser =
      make_policy({.size = static_cast<std::uint32_t>(workers.size()), .policy = route::by_key});
  std::vector<std::size_t> all;
  for (std::uint64_t key = 0; key < keys; ++key)
    all.push_back(chooser->choose(workers, key).value());
  return all;
}

TEST(ByKey, GivesTheSameKeyToTheSameWorkerHoweverFullItIs) {
  EXPECT_EQ(owners(roster(5), 1'000),
            owners({{}, {.in_flight = 7}, {.in_flight = 1}, {}, {.in_flight = 99}}, 1'000));
}

TEST(ByKey, GivesEachWorkerAboutTheSameNumberOfKeys) {
  std::vector<std::size_t> counts(4, 0);
  for (const std::size_t owner : owners(roster(4), 40'000))
    ++counts[owner];
  EXPECT_LT(chi_square(counts, {1, 1, 1, 1}), chi_square_max);
}

TEST(ByKey, MovesOnlyTheKeysOfTheWorkerThatIsAway) {
  const auto before = owners(roster(5), 5'000);
  const auto during = owners({{}, {}, {.eligible = false}, {}, {}}, 5'000);
  std::vector<std::size_t> taken(5, 0); // By whom, of the keys that moved.
  for (std::size_t key = 0; key < before.size(); ++key) {
    if (before[key] == 2)
      ++taken[during[key]];
    else
      EXPECT_EQ(during[key], before[key]) << "key " << key;
  }
  EXPECT_EQ(taken[2], 0u);
  for (const std::size_t other : {0, 1, 3, 4})
    EXPECT_NEAR(static_cast<double>(taken[other]), 250, 100); // The standard deviation is 14.
}

TEST(ByKey, MovesKeysOnlyToTheWorkerThatIsNew) {
  const auto before = owners(roster(4), 5'000);
  const auto after = owners(roster(5), 5'000);
  for (std::size_t key = 0; key < before.size(); ++key)
    EXPECT_TRUE(after[key] == before[key] || after[key] == 4) << "key " << key;
}

TEST(Policies, ChooseNobodyIfNobodyIsEligible) {
  const roster nobody{{.eligible = false}, {.eligible = false}};
  for (const route how : {route::round_robin, route::weighted_round_robin, route::random,
                          route::least_requests, route::power_of_two_choices, route::by_key}) {
    pool_spec pool{.size = 2, .policy = how};
    if (how == route::weighted_round_robin)
      pool.weights = {1, 1};
    EXPECT_EQ(make_policy(pool)->choose(nobody, 0), std::nullopt) << how;
  }
}

} // namespace
} // namespace ducat::routing
