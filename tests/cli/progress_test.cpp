#include "load/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat::testing {

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

} // namespace

TEST(Progress, IsTheRateOfWhatWasAnswered) {
  const cli::import_summary summary{
      .operations = 1'000, .acknowledged = 150, .refused = 50, .elapsed = 2s};
  EXPECT_EQ(cli::progress_line(summary), "200 of 1,000 (20 %), 100/s, 8 s left, 50 refused");
}

TEST(Progress, HasNoRateWhenNoNodeAnswers) {
  const cli::import_summary summary{
      .operations = 100'000, .in_doubt = 64, .not_done = 99'936, .elapsed = 1s};
  EXPECT_THAT(cli::summary_json(summary), HasSubstr(R"("per_second":0)"));
  EXPECT_THAT(cli::progress_line(summary), HasSubstr("0/s"));
  EXPECT_THAT(cli::progress_line(summary), Not(HasSubstr("left")));
}

} // namespace ducat::testing
