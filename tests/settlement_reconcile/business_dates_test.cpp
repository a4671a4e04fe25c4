#include <ducat/settlement/business_dates.hpp>

#include <gtest/gtest.h>

namespace ducat::settlement::testing {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t saturday_ms = 20'785 * 24 * hour_ms; ///< 2026-11-28, 0:00 UTC.

// What is done after the cut-off, or on a day without business, is of the next business day.
TEST(BusinessDates, AreThoseOfTheNextCut) {
  v1::Calendar calendar;
  calendar.set_time_zone("Europe/Berlin");
  calendar.add_cut_offs(22 * 60);
  calendar.add_weekend(6);
  calendar.add_weekend(7);
  const auto date = dates_by(calendar);
  EXPECT_EQ(date(saturday_ms - 4 * hour_ms), 20'261'127u);
  EXPECT_EQ(date(saturday_ms - 3 * hour_ms), 20'261'130u);
  EXPECT_EQ(date(saturday_ms + 12 * hour_ms), 20'261'130u);
  EXPECT_EQ(date(saturday_ms + 71 * hour_ms), 20'261'201u);
  EXPECT_EQ(date(saturday_ms - 24 * hour_ms), 20'261'127u) << "times need not ascend";
}

TEST(BusinessDates, WithoutACalendarAreThoseOfUtc) {
  const auto date = dates_by({});
  EXPECT_EQ(date(saturday_ms - 1), 20'261'127u);
  EXPECT_EQ(date(saturday_ms), 20'261'128u);
}

} // namespace
} // namespace ducat::settlement::testing
