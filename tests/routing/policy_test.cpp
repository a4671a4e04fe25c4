#include "routing/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace ducat::routing {
namespace {

using ::testing::ElementsAre;

std::vector<std::size_t> choices(policy& chooser, const std::vector<candidate>& workers,
                                 std::size_t times) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < times; ++i)
    all.push_back(chooser.choose(workers).value());
  return all;
}

std::vector<std::size_t> shares(policy& chooser, const std::vector<candidate>& workers,
                                std::size_t times) {
  std::vector<std::size_t> counts(workers.size(), 0);
  for (const std::size_t index : choices(chooser, workers, times))
    ++counts[index];
  return counts;
}

std::uint64_t seed() {
  const char* const given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

TEST(RoundRobin, TakesEachWorkerInTurn) {
  const auto chooser = make_policy({.size = 3, .policy = route::round_robin});
  EXPECT_THAT(choices(*chooser, std::vector<candidate>(3), 7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

TEST(RoundRobin, PassesOverAWorkerThatIsNotEligible) {
  const auto chooser = make_policy({.size = 3, .policy = route::round_robin});
  EXPECT_THAT(choices(*chooser, {{}, {.eligible = false}, {}}, 4), ElementsAre(0, 2, 0, 2));
}

TEST(WeightedRoundRobin, IsSmooth) {
  const auto chooser =
      make_policy({.size = 2, .policy = route::weighted_round_robin, .weights = {3, 1}});
  EXPECT_THAT(choices(*chooser, std::vector<candidate>(2), 8), ElementsAre(0, 0, 1, 0, 0, 0, 1, 0));
}

TEST(WeightedRoundRobin, GivesSharesThatAreExactlyTheWeights) {
  const auto chooser =
      make_policy({.size = 3, .policy = route::weighted_round_robin, .weights = {5, 2, 1}});
  EXPECT_THAT(shares(*chooser, std::vector<candidate>(3), 800), ElementsAre(500, 200, 100));
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
  EXPECT_THAT(shares(*chooser, std::vector<candidate>(2), 100), ElementsAre(50, 50));
}

TEST(Random, GivesEachWorkerAboutTheSame) {
  const std::uint64_t used = seed();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  const auto chooser = make_policy({.size = 4, .policy = route::random, .seed = used});
  // Binomial(40000, 1/4): the standard deviation is 87, so 600 is 7 of them.
  for (const std::size_t share : shares(*chooser, std::vector<candidate>(4), 40'000))
    EXPECT_NEAR(static_cast<double>(share), 10'000, 600);
}

TEST(Random, IsTheSameForTheSameSeed) {
  const std::vector<candidate> workers(5);
  const auto one = make_policy({.size = 5, .policy = route::random, .seed = 7});
  const auto other = make_policy({.size = 5, .policy = route::random, .seed = 7});
  EXPECT_EQ(choices(*one, workers, 100), choices(*other, workers, 100));
}

TEST(LeastRequests, TakesTheWorkerWithTheFewestInFlight) {
  const auto chooser = make_policy({.size = 3, .policy = route::least_requests});
  EXPECT_EQ(chooser->choose({{.in_flight = 2}, {.in_flight = 1}, {.in_flight = 3}}), 1u);
  EXPECT_EQ(
      chooser->choose({{.in_flight = 2}, {.eligible = false, .in_flight = 0}, {.in_flight = 3}}),
      0u);
}

TEST(LeastRequests, LetsTiesGoRound) {
  const auto chooser = make_policy({.size = 3, .policy = route::least_requests});
  EXPECT_THAT(choices(*chooser, std::vector<candidate>(3), 4), ElementsAre(0, 1, 2, 0));
}

TEST(Policies, ChooseNobodyIfNobodyIsEligible) {
  const std::vector<candidate> nobody(2, {.eligible = false});
  for (const route how :
       {route::round_robin, route::weighted_round_robin, route::random, route::least_requests}) {
    pool_spec pool{.size = 2, .policy = how};
    if (how == route::weighted_round_robin)
      pool.weights = {1, 1};
    EXPECT_EQ(make_policy(pool)->choose(nobody), std::nullopt) << how;
  }
}

} // namespace
} // namespace ducat::routing
