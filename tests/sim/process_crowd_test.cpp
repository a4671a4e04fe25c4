/// Runs in several processes, some of which end in the middle.

#include "sim/process_crowd.hpp"
#include "sim/seeds.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <stdexcept>

namespace ducat::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

/// What came of each run.
std::map<std::uint64_t, std::string> made_by(unsigned jobs, std::uint64_t runs,
                                             std::function<std::string(std::uint64_t)> run) {
  std::map<std::uint64_t, std::string> made;
  run_in_processes({.jobs = jobs,
                    .runs = runs,
                    .run = std::move(run),
                    .take =
                        [&](std::uint64_t i, const std::string& line) {
                          EXPECT_TRUE(made.emplace(i, line).second) << i;
                          return true;
                        },
                    .take_end =
                        [&](std::uint64_t i, const std::string& how) {
                          EXPECT_TRUE(made.emplace(i, "ended: " + how).second) << i;
                        }});
  return made;
}

TEST(ProcessCrowd, MakesEachRunOnceWithAnyNumberOfProcesses) {
  for (const unsigned jobs : {1u, 2u, 7u}) {
    const auto made = made_by(jobs, 5, [](std::uint64_t i) { return std::to_string(10 * i); });
    EXPECT_THAT(
        made, ElementsAre(Pair(0, "0"), Pair(1, "10"), Pair(2, "20"), Pair(3, "30"), Pair(4, "40")))
        << jobs;
  }
}

TEST(ProcessCrowd, MakesNothingOfNoRuns) {
  EXPECT_THAT(made_by(2, 0, [](std::uint64_t) { return ""; }), IsEmpty());
}

TEST(ProcessCrowd, GoesOnAfterRunsThatEndTheirProcess) {
  for (const unsigned jobs : {1u, 2u}) {
    const auto made = made_by(jobs, 6, [](std::uint64_t i) -> std::string {
      if (i == 1 || i == 2)
        std::raise(SIGKILL);
      if (i == 5)
        ::_exit(70);
      return "done";
    });
    EXPECT_THAT(made,
                ElementsAre(Pair(0, "done"), Pair(1, "ended: signal 9"), Pair(2, "ended: signal 9"),
                            Pair(3, "done"), Pair(4, "done"), Pair(5, "ended: exit code 70")))
        << jobs;
  }
}

// It would go on in the child with what the parent is to do afterwards.
TEST(ProcessCrowd, TakesAnExceptionForTheEndOfItsProcess) {
  const auto made = made_by(1, 2, [](std::uint64_t i) -> std::string {
    if (i == 0)
      throw std::runtime_error{"from a run"};
    return "done";
  });
  EXPECT_THAT(made, ElementsAre(Pair(0, "ended: signal 6"), Pair(1, "done")));
}

TEST(ProcessCrowd, StopsWhenNoMoreIsToBeRun) {
  std::uint64_t taken = 0;
  run_in_processes({.jobs = 1,
                    .runs = 1'000'000'000,
                    .run = [](std::uint64_t) { return "x"; },
                    .take = [&](std::uint64_t, const std::string&) { return ++taken < 3; },
                    .take_end = [](std::uint64_t, const std::string&) {}});
  EXPECT_EQ(taken, 3u);
}

result<sim_result> one_that_dies_at_3(const sim_run_options& run) {
  if (run.seed == 3)
    std::raise(SIGKILL);
  return sim_result{.seed = run.seed, .acknowledged = 10};
}

TEST(Seeds, AreAllRunIfOneEndsItsProcess) {
  const auto sum =
      run_seeds({.seeds = {.first = 2, .last = 9}, .jobs = 2, .run_one = one_that_dies_at_3});
  ASSERT_TRUE(sum) << sum.error();
  EXPECT_EQ(sum->runs, 8u);
  EXPECT_EQ(sum->acknowledged, 70u);
  ASSERT_THAT(sum->failed, SizeIs(1));
  EXPECT_EQ(sum->failed[0].seed, 3u);
  EXPECT_THAT(sum->failed[0].violations, ElementsAre("the process ended: signal 9"));
}

TEST(Seeds, AreRunNoMoreIfOneCannotBe) {
  const auto sum = run_seeds({.seeds = {.first = 1, .last = 1'000'000'000},
                              .run_one = [](const sim_run_options&) -> result<sim_result> {
                                return fail(errc::not_found, "there is no fault point x");
                              }});
  ASSERT_FALSE(sum);
  EXPECT_THAT(sum.error().message, ::testing::HasSubstr("there is no fault point x"));
}

} // namespace
} // namespace ducat::cli
