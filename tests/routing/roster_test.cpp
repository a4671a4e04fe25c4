#include "routing/roster.hpp"
#include "routing/seed.hpp"

#include <gtest/gtest.h>

namespace ducat::routing {
namespace {

TEST(Roster, GoesRoundFromTheLastWorkerToTheFirst) {
  const roster workers{{}, {.eligible = false}, {}};
  EXPECT_EQ(workers.next_eligible(1), 2u);
  EXPECT_EQ(workers.next_eligible(3), 0u);
}

TEST(Roster, TakesTheLeastLoadedForWhatItsShareMakesOfItsRequests) {
  EXPECT_EQ((roster{{.in_flight = 1, .share = 0.5}, {.in_flight = 2}}.least_loaded(0)), 1u);
  EXPECT_EQ((roster{{.in_flight = 1, .share = 0.5}, {.in_flight = 4}}.least_loaded(0)), 0u);
}

TEST(Roster, HasNobodyIfNobodyIsEligible) {
  const roster nobody{{.eligible = false}, {.eligible = false}};
  EXPECT_EQ(nobody.next_eligible(0), std::nullopt);
  EXPECT_EQ(nobody.least_loaded(0), std::nullopt);
  EXPECT_EQ(roster{0}.least_loaded(0), std::nullopt);
}

/// The same questions, answered by going through all workers.
struct plain_roster {
  std::vector<candidate> workers;

  std::vector<std::size_t> eligible_from(std::size_t from) const {
    std::vector<std::size_t> found;
    for (std::size_t step = 0; step < workers.size(); ++step)
      if (const std::size_t index = (from + step) % workers.size(); workers[index].eligible)
        found.push_back(index);
    return found;
  }

  std::optional<std::size_t> least_loaded(std::size_t from) const {
    std::optional<std::size_t> least;
    for (const std::size_t index : eligible_from(from))
      if (!least || load(index) < load(*least))
        least = index;
    return least;
  }

  double load(std::size_t index) const {
    return static_cast<double>(workers[index].in_flight + 1) / workers[index].share;
  }
};

void change_at_random(roster& workers, plain_roster& plain, std::mt19937_64& random) {
  if (random() % 50 == 0) {
    workers.add({});
    plain.workers.emplace_back();
  }
  const std::size_t index = random() % plain.workers.size();
  candidate& changed = plain.workers[index];
  changed = {.eligible = random() % 3 != 0,
             .in_flight = random() % 4,
             .share = random() % 4 == 0 ? 0.5 : 1.0};
  workers.set_eligible(index, changed.eligible);
  workers.set_in_flight(index, changed.in_flight);
  workers.set_share(index, changed.share);
}

TEST(Roster, AnswersAsIfItWentThroughAllWorkers) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (std::size_t size : {1, 2, 7, 63, 64, 65, 130}) {
    roster workers{size};
    plain_roster plain{std::vector<candidate>(size)};
    for (int change = 0; change < 500; ++change) {
      change_at_random(workers, plain, random);
      const std::size_t from = random() % plain.workers.size();
      const auto in_turn = plain.eligible_from(from);
      const auto in_order = plain.eligible_from(0);
      ASSERT_EQ(workers.count_eligible(), in_order.size());
      ASSERT_EQ(workers.least_loaded(from), plain.least_loaded(from));
      if (in_order.empty())
        continue;
      ASSERT_EQ(workers.next_eligible(from), in_turn.front());
      const std::size_t skip = random() % in_order.size();
      ASSERT_EQ(workers.nth_eligible(skip), in_order[skip]);
    }
  }
}

} // namespace
} // namespace ducat::routing
