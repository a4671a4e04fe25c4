/// A node under more payments than it can make: every rate is offered, every payment is accounted
/// for, and the bench ends. How fast anything was is not judged.

#include "overload_report.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace ducat::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

TEST(OverloadBench, OffersEachRateAndAccountsForEveryPayment) {
  const ducat::testing::temporary_directory work;
  const std::string command =
      DUCAT_BENCH_OVERLOAD
      " --seconds 0.2 --probe-seconds 0.2 --normal-seconds-max 1 --clients-max 4 --at-a-time 2"
      " --connections 4 --json --dir " +
      work.path().string();
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::string printed;
  for (int letter = 0; (letter = std::fgetc(pipe)) != EOF;)
    printed += static_cast<char>(letter);
  const int status = ::pclose(pipe);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << printed;
  const json document = json::parse(printed);
  EXPECT_EQ(document["all_answered"], true);
  EXPECT_GT(document["best_clients"], 0);
  EXPECT_TRUE(document.contains("normal_after_s"));
  std::vector<std::string> names;
  std::uint64_t accepted = 0;
  for (const json& each : document["cases"]) {
    names.push_back(each["name"]);
    const auto count = [&](const char* what) { return each[what].get<std::uint64_t>(); };
    EXPECT_EQ(count("offered"),
              count("accepted") + count("refused") + count("late") + count("failed"))
        << each;
    EXPECT_EQ(count("failed"), 0u) << each;
    EXPECT_GT(each["best_per_second"], 0) << each;
    EXPECT_GT(each["resident_mib"], 0) << each;
    accepted += count("accepted");
  }
  EXPECT_EQ(names, (std::vector<std::string>{"0.5x", "1x", "2x", "5x", "10x"}));
  EXPECT_GT(accepted, 0u);
  EXPECT_TRUE(std::filesystem::is_empty(work.path()));
}

payment_counts counts_of(int accepted, int refused, std::chrono::milliseconds took) {
  payment_counts made;
  made.offered = static_cast<std::uint64_t>(accepted + refused);
  for (int i = 0; i < accepted; ++i)
    made.accepted.add(took);
  for (int i = 0; i < refused; ++i)
    made.refused.add(1ms);
  return made;
}

TEST(OverloadReport, IsBackToNormalWhenTwoWindowsInARowAreAsBefore) {
  const auto before = counts_of(100, 0, 10ms);
  const auto good = counts_of(99, 1, 20ms);
  const auto slow = counts_of(100, 0, 21ms);
  const auto refusing = counts_of(98, 2, 10ms);
  EXPECT_EQ(back_to_normal(before, {good, good}), 0u);
  EXPECT_EQ(back_to_normal(before, {slow, refusing, good, good}), 2u);
  EXPECT_EQ(back_to_normal(before, {good, slow, good, good}), 2u);
  EXPECT_EQ(back_to_normal(before, {slow, good}), 1u) << "the last has none behind it";
  EXPECT_EQ(back_to_normal(before, {good, slow}), std::nullopt);
  EXPECT_EQ(back_to_normal(before, {payment_counts{}}), std::nullopt) << "nothing was accepted";
  EXPECT_EQ(back_to_normal(counts_of(100, 0, 1ms), {counts_of(100, 0, 6ms)}), 0u);
}

TEST(OverloadReport, SaysHowManyOfTheBestThereWere) {
  overload_report report{.best_clients = 8, .looked_s = 15};
  report.cases.push_back({.name = "10x",
                          .best_per_second = 200,
                          .seconds = 2,
                          .payments = counts_of(300, 3'700, 10ms),
                          .beside = {}});
  std::ostringstream out;
  print(out, report);
  EXPECT_THAT(out.str(), HasSubstr("with 8 clients"));
  EXPECT_THAT(out.str(), HasSubstr("The clients have one of the"));
  EXPECT_THAT(out.str(), HasSubstr("0.75"));
  EXPECT_THAT(out.str(), HasSubstr("NOT back to normal within 15.0 s"));
  report.normal_after_s = 1.5;
  std::ostringstream again;
  print(again, report);
  EXPECT_THAT(again.str(), HasSubstr("back to normal after 1.5 s"));
}

} // namespace
} // namespace ducat::bench
