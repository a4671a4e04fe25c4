/// What is counted of one subject.

#include "monitor/conditions.hpp"

#include <gtest/gtest.h>

namespace ducat::monitor {
namespace {

using namespace std::chrono_literals;

measured all_of(const availability_tracker& it, duration after) {
  return it.over(window::start, begin + after);
}

TEST(Availability, IsTheTimeServingOverTheTime) {
  availability_tracker it{is::serving, begin};
  it.set(is::failed, begin + 30s);
  it.set(is::serving, begin + 40s);
  const measured all = all_of(it, 100s);
  EXPECT_EQ(all.observed, 100s);
  EXPECT_EQ(availability_of(all), 0.9);
}

TEST(Availability, IsNoNumberBeforeAnyTimeHasPassed) {
  EXPECT_EQ(availability_of(all_of({is::serving, begin}, 0s)), std::nullopt);
}

TEST(FaultTolerance, IsTheTimeServingWithAFaultOverTheTimeWithOne) {
  availability_tracker it{is::serving, begin};
  it.set(is::serving_with_fault, begin + 10s);
  it.set(is::failed, begin + 40s);
  it.set(is::serving, begin + 50s);
  EXPECT_EQ(fault_tolerance_of(all_of(it, 100s)), 0.75);
}

TEST(FaultTolerance, IsNoNumberWhileThereWasNoFault) {
  availability_tracker it{is::serving, begin};
  it.set(is::stopped, begin + 1s);
  EXPECT_EQ(fault_tolerance_of(all_of(it, 100s)), std::nullopt);
}

TEST(Mtbf, IsTheTimeServingPerFailureWithoutOrderlyStops) {
  availability_tracker it{is::serving, begin};
  for (const duration at : {0s, 100s}) {
    it.set(is::failed, begin + at + 60s);
    it.set(is::serving, begin + at + 70s);
    it.set(is::stopped, begin + at + 80s);
    it.set(is::serving, begin + at + 100s);
  }
  const measured all = all_of(it, 200s);
  EXPECT_EQ(all.failures, 2u);
  EXPECT_EQ(mtbf_of(all), 70s);
  EXPECT_EQ(mttr_of(all), 10s);
  EXPECT_EQ(availability_of(all), 0.7) << "a stop in order is time without service";
}

TEST(Mtbf, IsNoNumberWithoutAFailureNorMttrWithoutARepair) {
  availability_tracker it{is::serving, begin};
  EXPECT_EQ(mtbf_of(all_of(it, 10s)), std::nullopt);
  it.set(is::failed, begin + 10s);
  EXPECT_EQ(mtbf_of(all_of(it, 20s)), 10s);
  EXPECT_EQ(mttr_of(all_of(it, 20s)), std::nullopt) << "it is not repaired yet";
}

TEST(CountedFailure, IsOneHoweverOftenItIsTold) {
  availability_tracker it{is::serving, begin};
  it.set(is::failed, begin + 1s);
  it.set({.serving = false, .fault_present = false}, begin + 2s);
  it.set(is::failed, begin + 3s);
  EXPECT_EQ(all_of(it, 10s).failures, 1u);
}

TEST(CountedFailure, IsNotCountedIfNobodySawItBegin) {
  availability_tracker it{is::failed, begin};
  it.set(is::serving, begin + 5s);
  const measured all = all_of(it, 10s);
  EXPECT_EQ(all.failures, 0u);
  EXPECT_EQ(all.repairs, 0u);
  EXPECT_EQ(availability_of(all), 0.5);
}

TEST(CountedFailure, ThatIsStoppedInOrderIsNeverRepaired) {
  availability_tracker it{is::serving, begin};
  it.set(is::failed, begin + 1s);
  it.set(is::stopped, begin + 2s);
  it.set(is::serving, begin + 9s);
  const measured all = all_of(it, 10s);
  EXPECT_EQ(all.failures, 1u);
  EXPECT_EQ(all.repairs, 0u);
  EXPECT_EQ(all.failed, 1s);
}

TEST(AvailabilityWindow, ForgetsWhatIsOlder) {
  availability_tracker it{is::serving, begin};
  it.set(is::failed, begin + 10s);
  it.set(is::serving, begin + 20s);
  EXPECT_EQ(it.over(window::minute, begin + 60s).failures, 1u);
  const measured later = it.over(window::minute, begin + 90s);
  EXPECT_EQ(later.failures, 0u);
  EXPECT_EQ(availability_of(later), 1.0);
  EXPECT_EQ(it.over(window::hour, begin + 90s).failures, 1u);
  EXPECT_EQ(it.over(window::hour, begin + 2h).failures, 0u);
  EXPECT_EQ(it.over(window::day, begin + 2h).failures, 1u);
  EXPECT_EQ(it.over(window::day, begin + 25h).failures, 0u);
  EXPECT_EQ(it.over(window::start, begin + 1000h).failures, 1u);
}

TEST(AvailabilityWindow, IsAtLeastAsLongAsItSaysAndSaysHowLong) {
  const availability_tracker it{is::serving, begin};
  EXPECT_EQ(it.over(window::minute, begin + 10s).observed, 10s) << "it was not observed before";
  EXPECT_EQ(it.over(window::minute, begin + 10min).observed, 60s + 250ms);
  EXPECT_EQ(it.over(window::hour, begin + 3h).observed, 1h + 250ms);
}

TEST(AvailabilityWindow, CountsARepairWholeIfItEndsInIt) {
  availability_tracker it{is::serving, begin};
  it.set(is::failed, begin + 10s);
  it.set(is::serving, begin + 500s);
  const measured last = it.over(window::minute, begin + 510s);
  EXPECT_EQ(last.failures, 0u);
  EXPECT_EQ(mttr_of(last), 490s);
  EXPECT_EQ(last.serving, 10s);
}

TEST(AvailabilityWindow, TakesATimeThatGoesBackForTheLastOne) {
  availability_tracker it{is::serving, begin};
  it.set(is::failed, begin + 10s);
  it.set(is::serving, begin + 5s);
  EXPECT_EQ(all_of(it, 20s).failed, 0s);
  EXPECT_EQ(all_of(it, 20s).serving, 20s);
}

TEST(AvailabilityWindow, HasAName) {
  for (const window each : {window::start, window::minute, window::hour, window::day})
    EXPECT_EQ(window_named(to_string(each)), each);
  EXPECT_EQ(window_named("1w"), std::nullopt);
}

} // namespace
} // namespace ducat::monitor
