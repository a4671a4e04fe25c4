/// Predictions against closed forms, and against a simulation that knows no formula.

#include "monitor/steady_state.hpp"
#include "routing/seed.hpp"

#include <ducat/prediction.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace ducat::monitor {
namespace {

using namespace std::chrono_literals;

constexpr unit_times month_and_five_seconds{.mtbf = 30 * 24h, .mttr = 5s};
constexpr unit_times poor{.mtbf = 10s, .mttr = 4s};

double unavailability(const redundancy& what, const unit_times& times) {
  const auto made = predict(what, times);
  EXPECT_TRUE(made);
  return made ? made->unavailability : -1;
}

void expect_close(double found, double expected) {
  EXPECT_NEAR(found / expected, 1, 1e-9) << found << " is not " << expected;
}

redundancy group(std::uint32_t units, standby_policy standby, duration switch_over = {}) {
  return {.mode = redundancy_mode::primary_backup,
          .units = units,
          .standby = standby,
          .switch_over = switch_over};
}

TEST(Prediction, OfASingleUnitIsItsShareOfTheCycle) {
  const auto made = predict({}, {.mtbf = 99s, .mttr = 1s});
  ASSERT_TRUE(made);
  EXPECT_DOUBLE_EQ(made->availability, 0.99);
  expect_close(made->unavailability, 0.01);
  EXPECT_EQ(made->fault_tolerance, 0.0) << "with a fault it never serves";
}

// 1 - (1 - a)^n: all of them down.
TEST(Prediction, OfParallelUnitsIsThatNotAllAreDown) {
  const redundancy three{.mode = redundancy_mode::active_active, .units = 3, .needed = 1};
  expect_close(unavailability(three, poor), std::pow(4.0 / 14.0, 3));
  expect_close(unavailability(three, month_and_five_seconds), std::pow(5 / 2592005.0, 3));
}

TEST(Prediction, OfManyWorkersIsANumber) {
  const auto made =
      predict({.mode = redundancy_mode::active_active, .units = 1'024, .needed = 600}, poor);
  ASSERT_TRUE(made);
  EXPECT_GT(made->availability, 0.999);
  EXPECT_LT(made->unavailability, 1e-10);
  EXPECT_NEAR(made->availability + made->unavailability, 1, 1e-9);
}

// a^n: each of them up.
TEST(Prediction, OfUnitsThatAreAllNeededIsTheirProduct) {
  const redundancy series{.mode = redundancy_mode::active_active, .units = 4, .needed = 4};
  EXPECT_NEAR(predict(series, poor)->availability, std::pow(10.0 / 14.0, 4), 1e-12);
}

// 2 of 3: 3 a^2 - 2 a^3.
TEST(Prediction, OfTwoOfThreeIsTheTextbooks) {
  const redundancy majority{.mode = redundancy_mode::active_active, .units = 3, .needed = 2};
  const double a = 10.0 / 14.0;
  EXPECT_NEAR(predict(majority, poor)->availability, 3 * a * a - 2 * a * a * a, 1e-12);
}

TEST(Prediction, OfHotStandbysThatSwitchAtOnceIsThatOfParallelUnits) {
  for (const std::uint32_t units : {1u, 2u, 3u, 9u}) {
    expect_close(unavailability(group(units, standby_policy::hot), poor),
                 std::pow(4.0 / 14.0, units));
    expect_close(unavailability(group(units, standby_policy::hot), month_and_five_seconds),
                 std::pow(5 / 2592005.0, units));
  }
}

// Erlang's loss formula with the load mttr / mtbf: every repair is under way.
TEST(Prediction, OfColdStandbysThatSwitchAtOnceIsErlangsLossFormula) {
  const double load = 0.4;
  double blocked = 1;
  for (std::uint32_t units = 1; units <= 6; ++units) {
    blocked = load * blocked / (units + load * blocked);
    expect_close(unavailability(group(units, standby_policy::cold), poor), blocked);
  }
}

// Of two units the chain has five states, which can be solved by hand if nothing fails while it
// switches and repairs are slow: each failure of the serving one costs one switch-over.
TEST(Prediction, CountsASwitchOverForEachFailureOfTheServingUnit) {
  const double found = unavailability(group(3, standby_policy::hot, 300ms), month_and_five_seconds);
  EXPECT_NEAR(found / (0.3 / 2592000.0), 1, 1e-3);
}

TEST(Prediction, GetsWorseWithTheSwitchOverAndBetterWithUnits) {
  double last = 0;
  for (const duration takes : {duration{0ms}, duration{1ms}, duration{1s}, duration{10s}}) {
    const double now = unavailability(group(2, standby_policy::hot, takes), poor);
    EXPECT_GT(now, last);
    last = now;
  }
  EXPECT_LT(unavailability(group(3, standby_policy::hot, 1s), poor),
            unavailability(group(2, standby_policy::hot, 1s), poor));
  EXPECT_LT(unavailability(group(2, standby_policy::cold, 1s), poor),
            unavailability(group(2, standby_policy::hot, 1s), poor))
      << "what does not run does not fail";
}

TEST(Prediction, OfExclusiveIsThatOfPrimaryBackup) {
  redundancy exclusive = group(3, standby_policy::cold, 2s);
  const double expected = unavailability(exclusive, poor);
  exclusive.mode = redundancy_mode::exclusive;
  EXPECT_EQ(unavailability(exclusive, poor), expected);
}

TEST(Prediction, KeepsTheDigitsOfWhatHardlyEverHappens) {
  const double found = unavailability(group(9, standby_policy::hot), month_and_five_seconds);
  expect_close(found, std::pow(5 / 2592005.0, 9));
  EXPECT_LT(found, 1e-50);
}

TEST(Prediction, RefusesWhatMakesNoSense) {
  const auto code_of = [](const redundancy& what, const unit_times& times) {
    return predict(what, times).error().code;
  };
  EXPECT_EQ(code_of({}, {.mtbf = 0s, .mttr = 1s}), errc::invalid_argument);
  EXPECT_EQ(code_of({}, {.mtbf = 1s, .mttr = 0s}), errc::invalid_argument);
  EXPECT_EQ(code_of({.units = 2}, poor), errc::invalid_argument);
  EXPECT_EQ(code_of(group(0, standby_policy::hot), poor), errc::invalid_argument);
  EXPECT_EQ(code_of(group(65, standby_policy::hot), poor), errc::invalid_argument);
  EXPECT_EQ(code_of(group(2, standby_policy::hot, -1s), poor), errc::invalid_argument);
  EXPECT_EQ(code_of({.mode = redundancy_mode::active_active, .units = 1'025}, poor),
            errc::invalid_argument);
  EXPECT_EQ(code_of({.mode = redundancy_mode::active_active, .units = 2, .needed = 3}, poor),
            errc::invalid_argument);
}

TEST(SteadyState, OfTwoStatesIsInTheRatioOfTheirRates) {
  const auto share = steady_state({{0, 1}, {3, 0}});
  EXPECT_DOUBLE_EQ(share[0], 0.75);
  EXPECT_DOUBLE_EQ(share[1], 0.25);
}

TEST(SteadyState, IsBalancedWhateverTheRates) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  std::uniform_real_distribution<double> rate{0.01, 10};
  for (const std::size_t size : {2u, 3u, 7u, 20u}) {
    transition_rates rates(size, std::vector<double>(size, 0));
    for (auto& row : rates)
      for (double& each : row)
        each = rate(random);
    const auto share = steady_state(rates);
    for (std::size_t i = 0; i < size; ++i) {
      double in = 0;
      double out = 0;
      for (std::size_t j = 0; j < size; ++j)
        if (i != j) {
          in += share[j] * rates[j][i];
          out += share[i] * rates[i][j];
        }
      EXPECT_NEAR(in / out, 1, 1e-9);
    }
  }
}

/// Units that fail and are repaired, one of which serves, moment by moment.
class simulated_group {
public:
  simulated_group(const redundancy& what, const unit_times& times, std::uint64_t seed)
      : what_{what}, mtbf_{std::chrono::duration<double>(times.mtbf).count()},
        mttr_{std::chrono::duration<double>(times.mttr).count()},
        switch_{std::chrono::duration<double>(what.switch_over).count()}, random_{seed} {}

  /// Returns the shares of the time in which it serves, and in which it does of that with a fault.
  std::pair<double, double> run(int failures) {
    double total = 0;
    double served = 0;
    double with_fault = 0;
    double served_with_fault = 0;
    std::uint32_t up = what_.units;
    bool serves = true;
    while (failures > 0) {
      const bool runs_hot = what_.standby == standby_policy::hot;
      const double serving_fails = serves ? 1 / mtbf_ : 0;
      const double standby_fails = runs_hot ? (up - (serves ? 1.0 : 0.0)) / mtbf_ : 0;
      const double repaired = (what_.units - up) / mttr_;
      const double switched = !serves && up > 0 ? 1 / switch_ : 0;
      const double any = serving_fails + standby_fails + repaired + switched;
      const double takes = std::exponential_distribution<double>{any}(random_);
      const bool has_fault = up < what_.units || !serves;
      total += takes;
      served += serves ? takes : 0;
      with_fault += has_fault ? takes : 0;
      served_with_fault += serves && has_fault ? takes : 0;
      double which = std::uniform_real_distribution<double>{0, any}(random_);
      if ((which -= serving_fails) < 0) {
        serves = false;
        --up;
        --failures;
      } else if ((which -= standby_fails) < 0) {
        --up;
      } else if ((which -= repaired) < 0) {
        serves = serves || up == 0; // Who is the only one serves as soon as it is back.
        ++up;
      } else {
        serves = true;
      }
    }
    return {served / total, served_with_fault / with_fault};
  }

private:
  redundancy what_;
  double mtbf_;
  double mttr_;
  double switch_;
  std::mt19937_64 random_;
};

TEST(Prediction, IsWhatASimulationArrivesAt) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  for (const standby_policy standby : {standby_policy::hot, standby_policy::cold})
    for (const auto& [units, switch_over] :
         {std::pair{2u, duration{700ms}}, {3u, 700ms}, {5u, 700ms}, {2u, 8s}, {3u, 8s}}) {
      const redundancy what = group(units, standby, switch_over);
      const auto made = predict(what, poor);
      ASSERT_TRUE(made);
      const auto [available, tolerant] = simulated_group{what, poor, seed}.run(100'000);
      EXPECT_NEAR(made->availability, available, 0.01) << to_string(what);
      EXPECT_NEAR(*made->fault_tolerance, tolerant, 0.02) << to_string(what);
    }
}

} // namespace
} // namespace ducat::monitor
