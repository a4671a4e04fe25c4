/// `ducat bench replicated` does what it says it measures, with real nodes and etcd members. How
/// fast it was is not judged here.

#include "bench/replicated_bench.hpp"
#include "bench/replicated_cluster.hpp"
#include "bench/verdict.hpp"
#include "cli/program_world.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace ducat::bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class ReplicatedBench : public ::testing::Test {
protected:
  ReplicatedBench() {
    // The server's user must be able to get into the folder, if it is not ours.
    std::filesystem::permissions(work_.path(), std::filesystem::perms::others_exec,
                                 std::filesystem::perm_options::add);
  }

  /// Runs `ducat bench replicated`.
  int run(std::vector<std::string> more) {
    std::vector<std::string> words{"bench",      "replicated", "--data",
                                   work_.path(), "--accounts", "50"};
    words.insert(words.end(), more.begin(), more.end());
    std::istringstream in;
    return cli::run(
        words,
        {.in = in,
         .out = out_,
         .err = err_,
         .run_replicated_bench = [this](const cli::replicated_bench_arguments& arguments) {
           return static_cast<int>(cli::bench_replicated(arguments, DUCAT_PROGRAM, out_, err_));
         }});
  }

  bool leaves_nothing() const { return std::filesystem::is_empty(work_.path()); }

  ducat::testing::temporary_directory work_;
  std::ostringstream out_;
  std::ostringstream err_;
};

} // namespace

/// It fails unless all three nodes have every transfer.
TEST_F(ReplicatedBench, MeasuresEachCaseOnThreeNodesAndCountsRight) {
  ASSERT_EQ(run({"--batches", "1,100", "--clients", "4", "--transfers", "2000", "--json"}), 0)
      << err_.str();
  const json document = json::parse(out_.str());
  EXPECT_EQ(document["bench"], "replicated");
  ASSERT_EQ(document["cases"].size(), 2u);
  for (const json& each : document["cases"]) {
    EXPECT_EQ(each["transfers"], 2'000) << each;
    EXPECT_GT(each["log_bytes_per_transfer"].get<double>(), 128) << each;
    EXPECT_GE(each["transfers_per_entry"].get<double>(), each["batch"].get<double>()) << each;
    EXPECT_LE(each["p50_us"], each["p99_us"]) << each;
    EXPECT_GT(each["p50_us"].get<double>(), 0) << each;
  }
  EXPECT_TRUE(document["goals"][0]["value"].is_null()) << "Nothing was batched.";
  EXPECT_TRUE(leaves_nothing());
}

TEST_F(ReplicatedBench, LetsPostgresWithAStandbyDoTheSame) {
#ifndef DUCAT_BENCH_POSTGRES
  GTEST_SKIP() << "there was no libpq when this was built (Debian: libpq-dev)";
#else
  ASSERT_EQ(run({"--batches", "1,500", "--clients", "4", "--transfers", "1000", "--peers",
                 "--peer-program", DUCAT_BENCH_POSTGRES, "--json"}),
            0)
      << err_.str();
  if (err_.str().find("is not installed") != std::string::npos)
    GTEST_SKIP() << err_.str();
  const json document = json::parse(out_.str());
  ASSERT_EQ(document["peers"].size(), 4u) << err_.str();
  for (const json& each : document["peers"]) {
    EXPECT_THAT(each["server"], HasSubstr("synchronous_commit on"));
    EXPECT_THAT(each["server"], HasSubstr("synchronous standbys 1"));
    EXPECT_GE(each["transfers"].get<int>(), 1'000) << each;
  }
  for (const json& goal : document["goals"])
    EXPECT_GT(goal["value"].get<double>(), 0) << goal;
  EXPECT_TRUE(leaves_nothing());
#endif
}

TEST_F(ReplicatedBench, PrintsALineForEachCaseAndSaysWhichPeersAreNotThere) {
  EXPECT_EQ(run({"--batches", "10", "--clients", "1", "--transfers", "20", "--peers",
                 "--peer-program", "/nowhere/at-all"}),
            0);
  EXPECT_THAT(out_.str(), HasSubstr("transfers/s"));
  EXPECT_THAT(out_.str(), HasSubstr("batched, transfers/s: not measured (at least 120000)"));
  EXPECT_THAT(err_.str(), HasSubstr("PostgreSQL is left out: there is no /nowhere/at-all"));
}

TEST(ReplicatedCluster, NoticesABookThatIsNotTheSame) {
  const book_copy one{.totals = {5, 5}, .accounts = {1}, .newest = {.index = 7, .hash = {2}}};
  const auto equal = [&](const book_copy& other) {
    return check_equal(std::vector{one, one, other}).has_value();
  };
  EXPECT_TRUE(equal(one));
  EXPECT_FALSE(equal({{5, 4}, one.accounts, one.newest}));
  EXPECT_FALSE(equal({one.totals, {3}, one.newest}));
  EXPECT_FALSE(equal({one.totals, one.accounts, {7, {3}}}));
}

/// Batches are judged by the best of them, and single transfers by the best of those.
TEST(ReplicatedVerdict, ComparesLikeWithLike) {
  const auto run = [](std::uint32_t batch, std::uint32_t clients, std::uint64_t transfers) {
    return replicated_result{.measured = {.what = {distribution::uniform, batch, clients},
                                          .transfers = transfers,
                                          .seconds = 1}};
  };
  const auto peer = [](std::uint32_t batch, std::uint32_t clients, std::uint64_t transfers) {
    return peer_result{
        .server = "", .batch = batch, .clients = clients, .transfers = transfers, .seconds = 1};
  };
  const std::vector cases{run(1, 8, 3'000), run(1, 64, 18'000), run(500, 8, 110'000),
                          run(8'000, 8, 90'000)};
  const std::vector peers{peer(1, 64, 6'000), peer(500, 1, 50'000), peer(8'000, 2, 100'000)};
  const auto verdicts = judge(cases, peers);
  const std::vector<double> values{110'000, 1.1, 3};
  ASSERT_EQ(verdicts.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_DOUBLE_EQ(verdicts[i].value.value(), values[i]) << verdicts[i].goal;
  EXPECT_FALSE(verdicts[0].is_reached());
  EXPECT_TRUE(verdicts[1].is_reached());
}

} // namespace ducat::bench
