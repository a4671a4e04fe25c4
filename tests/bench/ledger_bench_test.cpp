/// `ducat bench ledger` does what it says it measures. How fast it was is not judged here.

#include "bench/ledger_bench.hpp"
#include "bench/ledger_case.hpp"
#include "bench/raw_limit.hpp"
#include "bench/verdict.hpp"
#include "cli/program_world.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ducat::bench {
namespace {

using ducat::testing::program_result;
using ducat::testing::run_program;
using nlohmann::json;
using ::testing::HasSubstr;

std::size_t files_in(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{directory}, {}));
}

class LedgerBench : public ::testing::Test {
protected:
  program_result bench(std::vector<std::string> more) {
    std::vector<std::string> words{"bench", "ledger", "--data", work_.path(), "--accounts", "50"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
  }

  json bench_json(std::vector<std::string> more) {
    more.push_back("--json");
    const program_result ended = bench(more);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return json::parse(ended.out);
  }

  ducat::testing::temporary_directory work_;
};

json goal(const json& document, const std::string& part) {
  for (const json& each : document["goals"])
    if (each["goal"].get<std::string>().find(part) != std::string::npos)
      return each;
  ADD_FAILURE() << "there is no goal about " << part;
  return {};
}

} // namespace

TEST_F(LedgerBench, MeasuresEachShapeAndCountsRight) {
  const json document = bench_json({"--batches", "1,30", "--clients", "1,3", "--transfers", "90"});
  EXPECT_EQ(document["bench"], "ledger");
  EXPECT_EQ(document["accounts"], 50);
  ASSERT_EQ(document["cases"].size(), 12u);
  for (const json& each : document["cases"]) {
    EXPECT_EQ(each["transfers"], 90) << each;
    const double requests = 90 / each["batch"].get<double>();
    EXPECT_LE(each["syncs_per_transfer"].get<double>() * 90, requests + 1e-9) << each;
    EXPECT_GT(each["entry_bytes"].get<double>(), 128 * each["batch"].get<double>()) << each;
    EXPECT_LE(each["p50_us"], each["p99_us"]);
    for (const char* positive : {"seconds", "transfers_per_s", "p50_us", "syncs_per_transfer",
                                 "raw_sync_p50_us", "raw_transfers_per_s", "of_raw"})
      EXPECT_GT(each[positive].get<double>(), 0) << positive << each;
    EXPECT_GE(each["disk_bytes_per_transfer"].get<double>(), 0);
  }
  EXPECT_EQ(document["cases"][0]["distribution"], "uniform");
  EXPECT_EQ(document["cases"][1]["distribution"], "zipf");
  EXPECT_EQ(document["cases"][2]["distribution"], "hot");
  EXPECT_EQ(files_in(work_.path()), 0u);
}

/// One client never shares a sync with another.
TEST_F(LedgerBench, NeedsOneSyncForEachRequestOfOneClient) {
  const json document = bench_json(
      {"--batches", "10", "--clients", "1", "--transfers", "200", "--distribution", "zipf"});
  ASSERT_EQ(document["cases"].size(), 1u);
  const json measured = document["cases"][0];
  EXPECT_DOUBLE_EQ(measured["syncs_per_transfer"].get<double>(), 0.1);
  // The header of an entry, the length of its command, the header of that, ten records.
  EXPECT_DOUBLE_EQ(measured["entry_bytes"].get<double>(), 105 + 4 + 2 + 10 * 128);
}

TEST_F(LedgerBench, SendsUntilItsTimeIsUp) {
  const json document = bench_json(
      {"--batches", "1", "--clients", "2", "--seconds", "0.05", "--distribution", "uniform"});
  EXPECT_GE(document["cases"][0]["seconds"].get<double>(), 0.05);
  EXPECT_GE(document["cases"][0]["transfers"].get<int>(), 2);
}

TEST_F(LedgerBench, TellsEachGoalAndWhetherItIsReached) {
  const json document =
      bench_json({"--batches", "1,1000", "--clients", "1", "--transfers", "1000"});
  ASSERT_EQ(document["goals"].size(), 5u);
  EXPECT_EQ(goal(document, "transfers/s")["at_least"], 500'000);
  EXPECT_EQ(goal(document, "raw write")["at_most"], 2);
  EXPECT_GT(goal(document, "raw write")["value"].get<double>(), 0);
  EXPECT_GT(goal(document, "hot account")["value"].get<double>(), 0);
  const json unmeasured = goal(document, "PostgreSQL's best");
  EXPECT_TRUE(unmeasured["value"].is_null());
  EXPECT_EQ(unmeasured["reached"], false);
}

TEST_F(LedgerBench, PrintsALineForEachCaseWithUnitsAbove) {
  const program_result ended =
      bench({"--batches", "1", "--clients", "1", "--transfers", "5", "--distribution", "hot"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("transfers/s"));
  EXPECT_THAT(ended.out, HasSubstr("p99 us"));
  EXPECT_THAT(ended.out, HasSubstr("\nhot "));
  EXPECT_THAT(ended.out, HasSubstr("PostgreSQL at 64: not measured (at least 9)"));
}

TEST_F(LedgerBench, SaysThatItLeavesOutPeersThatAreNotThere) {
  const program_result ended = bench({"--batches", "1", "--clients", "1", "--transfers", "1",
                                      "--peers", "--peer-program", "/nowhere/at-all"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("PostgreSQL is left out: there is no /nowhere/at-all"));
}

TEST_F(LedgerBench, RefusesWhatItCannotDo) {
  EXPECT_EQ(bench({"--batches", "8191"}).code, 64);
  EXPECT_EQ(bench({"--clients", "0"}).code, 64);
  EXPECT_EQ(bench({"--distribution", "normal"}).code, 64);
  EXPECT_EQ(bench({"--seconds", "1", "--transfers", "1"}).code, 64);
}

TEST_F(LedgerBench, LetsPostgresDoTheSame) {
#ifndef DUCAT_BENCH_POSTGRES
  GTEST_SKIP() << "there was no libpq when this was built (Debian: libpq-dev)";
#else
  // The server's user must be able to get into the folder, if it is not ours.
  std::filesystem::permissions(work_.path(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  const program_result ended =
      bench({"--batches", "1,1000", "--clients", "64", "--transfers", "2000", "--distribution",
             "uniform", "--peers", "--peer-program", DUCAT_BENCH_POSTGRES, "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  if (ended.err.find("is not installed") != std::string::npos)
    GTEST_SKIP() << ended.err;
  const json document = json::parse(ended.out);
  ASSERT_EQ(document["peers"].size(), 6u) << ended.err;
  for (const json& each : document["peers"]) {
    EXPECT_THAT(each["server"], HasSubstr("fsync on, synchronous_commit on"));
    EXPECT_GE(each["transfers"].get<int>(), 1'000);
    EXPECT_GT(each["p50_us"].get<double>(), 0);
    EXPECT_LE(each["p50_us"], each["p99_us"]);
  }
  EXPECT_GT(goal(document, "PostgreSQL's best")["value"].get<double>(), 0);
  EXPECT_GT(goal(document, "PostgreSQL at 64")["value"].get<double>(), 0);
  EXPECT_EQ(files_in(work_.path()), 0u);
#endif
}

TEST(RawLimit, WritesAndSyncsAsOftenAsItIsAsked) {
  const ducat::testing::temporary_directory work;
  const auto measured = measure_raw_limit({.directory = work.path(),
                                           .bytes_per_sync = 5'000,
                                           .syncs_max = 7,
                                           .time_max = std::chrono::hours{1}});
  ASSERT_TRUE(measured) << measured.error();
  EXPECT_EQ(measured->syncs.count(), 7u);
  EXPECT_GT(measured->syncs_per_s, 0);
  EXPECT_EQ(files_in(work.path()), 0u);
}

TEST(RawLimit, SaysWhatItCannotWrite) {
  const auto measured = measure_raw_limit({.directory = "/nowhere/at-all", .bytes_per_sync = 1});
  ASSERT_FALSE(measured);
  EXPECT_THAT(measured.error().message, HasSubstr("/nowhere/at-all/raw"));
}

/// Goals are judged by the best batched form, and by one call a transfer at the same clients.
TEST(Verdict, ComparesLikeWithLike) {
  const auto run = [](distribution shape, std::uint32_t batch, std::uint32_t clients,
                      std::uint64_t transfers) {
    return case_result{.what = {shape, batch, clients},
                       .transfers = transfers,
                       .seconds = 1,
                       .p50_us = 150,
                       .raw_sync_p50_us = 100};
  };
  const std::vector cases{
      run(distribution::uniform, 1, 1, 1'000), run(distribution::uniform, 1, 64, 50'000),
      run(distribution::uniform, 1'000, 64, 500'000),
      run(distribution::uniform, 8'190, 64, 600'000), run(distribution::hot, 8'190, 64, 630'000)};
  const std::vector<peer_result> peers{
      {.server = "", .batch = 1, .clients = 64, .transfers = 10'000, .seconds = 1},
      {.server = "", .batch = 1'000, .clients = 1, .transfers = 100'000, .seconds = 1},
      {.server = "", .batch = 8'000, .clients = 2, .transfers = 200'000, .seconds = 1}};
  const auto verdicts = judge(cases, peers);
  const std::vector<double> values{3, 600'000, 1.5, 5, 1.05};
  const std::vector<bool> reached{false, true, true, false, true};
  ASSERT_EQ(verdicts.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_DOUBLE_EQ(verdicts[i].value.value(), values[i]) << verdicts[i].goal;
    EXPECT_EQ(verdicts[i].is_reached(), reached[i]) << verdicts[i].goal;
  }
}

} // namespace ducat::bench
