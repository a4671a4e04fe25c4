/// What is told of a run, and what is read from the clients' record.

#include "chaos/measurements.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::uint64_t origin = 5'000'000'000;

std::string sent(const std::string& key, std::uint64_t at_ms) {
  return R"({"op":"payment","key":")" + key + R"(","body":"b","invoke_ns":)" +
         std::to_string(at_ms * 1'000'000) + "}\n";
}

std::string answered(const std::string& key, const std::string& outcome, std::uint64_t at_ms) {
  return R"({"op":"payment","key":")" + key + R"(","outcome":")" + outcome + R"(","return_ns":)" +
         std::to_string(at_ms * 1'000'000) + "}\n";
}

std::vector<load_second> seconds_of(const std::string& record) {
  std::istringstream in{record};
  return load_by_second(in, origin);
}

TEST(LoadBySecond, CountsInTheSecondOfTheAnswerAndTimesFromTheFirstSending) {
  const auto seconds = seconds_of(sent("a", 5'100) + sent("b", 5'200) + answered("a", "ok", 5'110) +
                                  answered("b", "declined", 7'200));
  ASSERT_THAT(seconds, SizeIs(3));
  EXPECT_EQ(seconds[0].acknowledged, 1u);
  EXPECT_DOUBLE_EQ(seconds[0].p50_ms, 10);
  EXPECT_EQ(seconds[1].acknowledged, 0u);
  EXPECT_EQ(seconds[2].acknowledged, 1u);
  EXPECT_DOUBLE_EQ(seconds[2].longest_ms, 2'000);
}

TEST(LoadBySecond, CountsOnlyAcknowledgements) {
  const auto seconds =
      seconds_of(sent("a", 5'000) + answered("a", "unknown", 5'100) + sent("b", 5'000) +
                 answered("b", "refused", 5'100) + sent("c", 5'000) + answered("c", "ok", 5'300));
  ASSERT_THAT(seconds, SizeIs(1));
  EXPECT_EQ(seconds[0].acknowledged, 1u);
}

// A key that was given up is sent once more, and its wait begins anew.
TEST(LoadBySecond, TakesWhatWasBeforeTheOriginAsTheFirstSecond) {
  const auto seconds = seconds_of(sent("a", 4'000) + answered("a", "unknown", 4'100) +
                                  sent("a", 4'500) + answered("a", "ok", 4'600) + "torn {\n");
  ASSERT_THAT(seconds, SizeIs(1));
  EXPECT_DOUBLE_EQ(seconds[0].p50_ms, 100);
}

TEST(LoadBySecond, HasTheSharesOfManyWaits) {
  std::string record;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    const std::string key = std::to_string(i);
    record += sent(key, 5'000) + answered(key, "ok", 5'000 + i);
  }
  const auto seconds = seconds_of(record);
  ASSERT_THAT(seconds, SizeIs(1));
  EXPECT_DOUBLE_EQ(seconds[0].p50_ms, 50);
  EXPECT_DOUBLE_EQ(seconds[0].p99_ms, 99);
  EXPECT_DOUBLE_EQ(seconds[0].longest_ms, 100);
}

chaos_measurements run_with(bool is_met) {
  return {.stage = "node",
          .seed = 7,
          .length = 2s,
          .seconds = {{.acknowledged = 9}},
          .faults = {{.at = 1s, .action = "kill", .planned = "writer", .targets = {"node1"}}},
          .restarts = {{"node1", 3}},
          .measures =
              {{.name = "lost", .value = "0", .bound = "0"},
               {.name = "acknowledged", .value = "9", .bound = "10 at least", .is_met = is_met}},
          .findings = {"a\x1b[31msentence"}};
}

TEST(Measurements, AreGreenOnlyIfAllAreMet) {
  EXPECT_TRUE(run_with(true).is_green());
  EXPECT_FALSE(run_with(false).is_green());
  EXPECT_FALSE(chaos_measurements{}.is_green()) << "nothing was measured";
}

TEST(Measurements, HaveALineEach) {
  std::ostringstream out;
  print_measures(out, run_with(false));
  EXPECT_EQ(out.str(), "lost          0  ok, 0\n"
                       "acknowledged  9  MISSED, 10 at least\n"
                       "  a\\x1b[31msentence\n"
                       "verdict       red\n");
}

TEST(Measurements, AreOneDocument) {
  const auto document = nlohmann::json::parse(to_json(run_with(true)));
  EXPECT_EQ(document["verdict"], "green");
  EXPECT_EQ(document["seed"], 7);
  EXPECT_EQ(document["length_ms"], 2'000);
  EXPECT_EQ(document["seconds"][0]["acknowledged"], 9);
  EXPECT_EQ(document["faults"][0]["planned"], "writer");
  EXPECT_EQ(document["faults"][0]["targets"][0], "node1");
  EXPECT_EQ(document["restarts"]["node1"], 3);
  EXPECT_EQ(document["measures"][1]["bound"], "10 at least");
}

} // namespace
} // namespace ducat::cli
