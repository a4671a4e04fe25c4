/// `ducat bench growth` does what it says it measures. How fast it was is not judged here.

#include "cli/program_world.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ducat::cli {
namespace {

using ducat::testing::run_program;
using nlohmann::json;
using ::testing::HasSubstr;

TEST(GrowthBench, FillsALedgerInStagesAndStartsItAgain) {
  const ducat::testing::temporary_directory work;
  for (const bool random_ids : {false, true}) {
    std::vector<std::string> words{
        "bench",   "growth", "--data",    work.path(), "--transfers", "600", "--stages", "3",
        "--batch", "50",     "--clients", "2",         "--accounts",  "20",  "--output", "json"};
    if (random_ids)
      words.push_back("--random-ids");
    const auto ended = run_program(words);
    ASSERT_EQ(ended.code, 0) << ended.err;
    const json document = json::parse(ended.out);
    ASSERT_EQ(document["stages"].size(), 3u);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(document["stages"][i]["transfers"], 200 * (i + 1));
    EXPECT_GT(document["restart_s"], 0);
  }
  EXPECT_TRUE(std::filesystem::is_empty(work.path()));
}

TEST(GrowthBench, PrintsALineForEachStage) {
  const ducat::testing::temporary_directory work;
  const auto ended = run_program({"bench", "growth", "--data", work.path(), "--transfers", "400",
                                  "--stages", "2", "--batch", "100", "--clients", "1"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("M transfers"));
  EXPECT_THAT(ended.out, HasSubstr("started again and answered after"));
  EXPECT_EQ(std::ranges::count(ended.out, '\n'), 5);
}

} // namespace
} // namespace ducat::cli
