/// `ducat bench settle` does what it says it measures. How fast it was is not judged here.

#include "bench/settle/payment_phases.hpp"
#include "bench/settle/settle_bench.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace ducat::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

class SettleBench : public ::testing::Test {
protected:
  cli::exit_code bench() { return cli::bench_settle(small_, out_, err_); }

  json bench_json() {
    small_.json = true;
    EXPECT_EQ(bench(), cli::exit_code::done) << err_.str();
    return json::parse(out_.str());
  }

  std::ptrdiff_t files_left() const {
    return std::distance(std::filesystem::directory_iterator{work_.path()}, {});
  }

  testing::temporary_directory work_;
  cli::settle_arguments small_{.captures = 900,
                               .merchants = 30,
                               .payers = 5,
                               .batch = 100,
                               .windows = 2,
                               .clients = 2,
                               .per_second = 200,
                               .seconds = 0.1,
                               .page = 7,
                               .seed = 3,
                               .directory = work_.path()};
  std::ostringstream out_;
  std::ostringstream err_;
};

json phase(const json& document, const std::string& during) {
  for (const json& each : document["payments"])
    if (each["during"] == during)
      return each;
  ADD_FAILURE() << "no payments " << during;
  return {};
}

} // namespace

TEST_F(SettleBench, SettlesPaysOutAndProvesEachWindow) {
  const json document = bench_json();
  EXPECT_EQ(document["captures"], 900);
  EXPECT_EQ(document["seed"], 3);
  ASSERT_EQ(document["settled"].size(), 2u);
  EXPECT_GE(document["settled"][0]["captures"], 900) << "with those of payments";
  EXPECT_EQ(document["settled"][0]["merchants"], 30);
  EXPECT_GE(document["settled"][1]["captures"], 60) << "two for each merchant";
  for (const json& each : document["settled"]) {
    EXPECT_GT(each["settled_s"], 0);
    EXPECT_GE(each["filed_s"], each["settled_s"]);
  }
  ASSERT_EQ(document["paid"].size(), 2u);
  EXPECT_EQ(document["paid"][0]["payouts"], 30);
  for (const json& each : document["paid"]) {
    EXPECT_EQ(each["paid"], each["payouts"]);
    EXPECT_EQ(each["files"], 2) << "for people, and for the bank";
    EXPECT_GE(each["paid_s"], each["submitted_s"]);
  }
  EXPECT_EQ(document["proof"]["members"], document["settled"][0]["captures"]);
  EXPECT_GE(document["proof"]["pages"], 900 / 7);
  EXPECT_GT(document["memory"]["after_fill"]["resident_bytes"], 0);
  EXPECT_EQ(files_left(), 0);
}

TEST_F(SettleBench, ComparesPaymentsWithThoseAlone) {
  small_.per_second = 0;
  const json document = bench_json();
  const json alone = phase(document, "alone");
  EXPECT_GT(alone["payments"], 0);
  EXPECT_EQ(alone["p99_of_alone"], 1);
  const json during = phase(document, "while windows are settled");
  EXPECT_GT(during["payments"], 0);
  EXPECT_LE(during["p50_us"], during["p99_us"]);
  ASSERT_EQ(document["goals"].size(), 3u);
  EXPECT_EQ(document["goals"][0]["at_most"], 60);
  EXPECT_EQ(document["goals"][0]["value"], document["settled"][0]["settled_s"]);
  EXPECT_EQ(document["goals"][1]["at_most"], 2);
  EXPECT_EQ(document["goals"][1]["value"], during["p99_of_alone"]);
  EXPECT_TRUE(document["goals"][2]["value"].is_null()) << "no peer was asked";
}

TEST_F(SettleBench, PrintsALineWhenSomethingIsDone) {
  EXPECT_EQ(bench(), cli::exit_code::done) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("900 captures of 30 merchants and 5 payers, seed 3\n"));
  for (const char* name : {"presented", "settled", "paid out", "and again", "payments", "proved"})
    EXPECT_THAT(out_.str(), HasSubstr("\n" + std::string{name} + " "));
  EXPECT_THAT(out_.str(), HasSubstr("PostgreSQL's best to ours, from the cut to SETTLED: not "
                                    "measured (at least 1)"));
}

TEST_F(SettleBench, SaysThatItLeavesOutPeersThatAreNotThere) {
  small_.peers = true;
  small_.peer_program = "/nowhere/at-all";
  EXPECT_EQ(bench(), cli::exit_code::done);
  EXPECT_THAT(err_.str(), HasSubstr("PostgreSQL is left out: there is no /nowhere/at-all"));
}

TEST_F(SettleBench, LetsPostgresSettleTheSameCaptures) {
#ifndef DUCAT_BENCH_POSTGRES
  GTEST_SKIP() << "there was no libpq when this was built (Debian: libpq-dev)";
#else
  // The server's user must be able to get into the folder, if it is not ours.
  std::filesystem::permissions(work_.path(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  small_.peers = true;
  small_.peer_program = DUCAT_BENCH_POSTGRES;
  const json document = bench_json();
  if (err_.str().find("is not installed") != std::string::npos)
    GTEST_SKIP() << err_.str();
  ASSERT_EQ(document["peers"].size(), 2u) << err_.str();
  EXPECT_EQ(document["peers"][0]["marks"], "window");
  EXPECT_EQ(document["peers"][1]["marks"], "captures");
  for (const json& each : document["peers"]) {
    EXPECT_THAT(each["server"], HasSubstr("fsync on, synchronous_commit on"));
    EXPECT_EQ(each["captures"], 900);
    EXPECT_GT(each["seconds"], 0);
  }
  EXPECT_GT(document["goals"][2]["value"], 0);
  EXPECT_EQ(files_left(), 0);
#endif
}

TEST_F(SettleBench, SaysWhereItCannotWrite) {
  small_.directory = "/proc/nowhere";
  EXPECT_EQ(bench(), cli::exit_code::failed);
  EXPECT_THAT(err_.str(), HasSubstr("/proc/nowhere"));
}

/// A payment counts for what was done at any time between when it was due and its answer.
TEST(PaymentPhases, HaveThePaymentsThatWereOnTheirWay) {
  const auto at = [](int ms) { return steady::time_point{std::chrono::milliseconds{ms}}; };
  const std::vector<timed_payment> payments{{at(0), 5ms},   {at(8), 4ms},  {at(12), 1ms},
                                            {at(19), 30ms}, {at(20), 2ms}, {at(52), 7ms}};
  const std::vector<payment_phase> phases{
      {"alone", {{at(0), at(10)}}}, {"busy", {{at(10), at(20)}, {at(50), at(60)}}}, {"never", {}}};
  const auto figures = figures_of(phases, payments);
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[0].payments.count(), 2u);
  EXPECT_EQ(figures[1].payments.count(), 4u);
  EXPECT_EQ(figures[2].payments.count(), 0u);
  EXPECT_DOUBLE_EQ(figures[1].seconds, 0.02);
  EXPECT_DOUBLE_EQ(p99_ratio(figures[1], figures[0]), 6);
  EXPECT_DOUBLE_EQ(p99_ratio(figures[1], figures[2]), 0);
}

} // namespace ducat::bench
