/// Each bench does all of its work and says so in JSON. How fast it was is not judged here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string directory = DUCAT_BENCH_DIR "/";

struct ended {
  int code;
  std::string printed;
};

ended run(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int letter = 0; (letter = std::fgetc(pipe)) != EOF;)
    text += static_cast<char>(letter);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

/// Runs a bench, and returns the value of each subject. All lines must be of `bench` and `side`.
std::map<std::string, double> measure(const std::string& command, const std::string& bench,
                                      const std::string& side) {
  const ended outcome = run(command);
  EXPECT_EQ(outcome.code, 0) << command;
  std::map<std::string, double> values;
  std::istringstream lines{outcome.printed};
  for (std::string line; std::getline(lines, line);) {
    const json one = json::parse(line);
    EXPECT_EQ(one["bench"], bench);
    EXPECT_EQ(one["side"], side);
    EXPECT_FALSE(one["unit"].get<std::string>().empty());
    values[one["subject"]] = one["value"];
  }
  return values;
}

void expect_restarts(const std::map<std::string, double>& values, const std::string& how) {
  EXPECT_EQ(values.size(), 8u);
  EXPECT_EQ(values.at("restarts done" + how), 140); // 7 to warm up are not counted.
  for (const auto& [subject, value] : values)
    EXPECT_GT(value, 0) << subject;
}

/// Returns the least that a measure of allocated bytes says: nothing where the allocator is that of
/// a sanitizer, which counts for itself.
double allocated_least() {
#ifdef DUCAT_ADDRESS_SANITIZED
  return -1;
#else
  return 100;
#endif
}

class Bench : public ::testing::Test {
protected:
  /// Returns how the side of OTP is run; skips the test where there is none.
  static std::string erl(const std::string& module, const std::string& arguments) {
    return "erl +S 2:2 -noshell -pa " + directory + " -run " + module + " main " + arguments;
  }

  static bool has_otp() {
    return std::filesystem::exists(directory + "restart.beam") && run("command -v erl").code == 0;
  }
};

TEST_F(Bench, RestartsEveryChildThatItCrashes) {
  const std::string command = directory + "bench_restart --crashes 70 --children 10 --clients 7";
  expect_restarts(measure(command, "restart", "ducat"), ", no log");
  expect_restarts(measure(command + " --side 'bare CAF'", "restart", "bare CAF"), ", no log");
}

TEST_F(Bench, RestartsWithALogAsANodeHasIt) {
  const std::string log = ::testing::TempDir() + "bench_test.log";
  expect_restarts(
      measure(directory + "bench_restart --crashes 70 --children 10 --clients 7 --log " + log,
              "restart", "ducat"),
      ", logging");
  std::ifstream file{log};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_THAT(text, HasSubstr("child_restarted path=0 "));
  std::filesystem::remove(log);
}

TEST_F(Bench, LetsOtpDoTheSame) {
  if (!has_otp())
    GTEST_SKIP() << "there is no Erlang/OTP here";
  expect_restarts(measure(erl("restart", "70 7 10"), "restart", "OTP"), ", no log");
  const auto memory = measure(erl("memory", "100"), "memory", "OTP");
  EXPECT_GT(memory.at("instances, 100, allocated"), 0);
}

TEST_F(Bench, PassesOverAFaultPointOnAllSides) {
  for (const std::string side : {"nothing", "relaxed load", "ducat"}) {
    const auto values =
        measure(directory + "bench_fault --passes 1000 --side '" + side + "'", "fault", side);
    EXPECT_GT(values.at("pass over a point that is disarmed"), 0) << side;
  }
}

TEST_F(Bench, ChecksEveryOperation) {
  const auto values = measure(directory + "bench_checker --operations 250", "checker", "ducat");
  EXPECT_GT(values.at("250 operations"), 0);
  EXPECT_TRUE(values.contains("250 operations, user"));
  EXPECT_TRUE(values.contains("250 operations, system"));
  EXPECT_EQ(values.at("250 operations, commands in the log"), 3 * 250 + 1'001);
}

TEST_F(Bench, AnswersEveryRequestOnAllSides) {
  for (const std::string side : {"ducat", "direct send", "CAF actor_pool"}) {
    const auto values =
        measure(directory + "bench_router --workers 3 --requests 1000 --side '" + side + "'",
                "router", side);
    EXPECT_EQ(values.at("3 workers, answered rightly"), 1) << side;
    EXPECT_GT(values.at("3 workers, requests"), 0) << side;
  }
}

TEST_F(Bench, MeasuresTheMemoryOfEachShape) {
  for (const std::string shape : {"instances", "children", "nested"}) {
    const auto values =
        measure(directory + "bench_memory --count 2000 --shape " + shape, "memory", "ducat");
    EXPECT_GT(values.at(shape + ", 2000, allocated"), allocated_least());
    EXPECT_EQ(values.at(shape + ", 2000, running"), 1);
  }
  const auto bare =
      measure(directory + "bench_memory --count 2000 --shape 'bare CAF'", "memory", "bare CAF");
  EXPECT_GT(bare.at("instances, 2000, allocated"), allocated_least());
}

/// Two runs of two sides.
TEST_F(Bench, SummarisesTheRunsAndComparesTheSides) {
  const std::string file = ::testing::TempDir() + "bench_test.json";
  const auto line = [](const std::string& side, int value) {
    return R"({"bench":"b","subject":"s","side":")" + side + R"(","unit":"us","value":)" +
           std::to_string(value) + "}\\n";
  };
  const ended outcome = run("printf '" + line("ducat", 10) + line("OTP", 40) + line("ducat", 20) +
                            line("ducat", 90) + "' | " + directory + "bench_summary " + file);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.printed, HasSubstr("10 .. 90"));
  std::ifstream in{file};
  const json summary = json::parse(in);
  ASSERT_EQ(summary.size(), 2u);
  EXPECT_EQ(summary[0]["side"], "ducat");
  EXPECT_EQ(summary[0]["median"], 20);
  EXPECT_EQ(summary[0]["runs"], (json{10, 20, 90}));
  EXPECT_EQ(summary[1]["ducat_ratio"], 0.5);
  std::filesystem::remove(file);
}

} // namespace
