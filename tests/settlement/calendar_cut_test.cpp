#include <ducat/settlement/calendar_cut.hpp>

#include <gtest/gtest.h>

namespace ducat::settlement::test {

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t monday = 1'793'577'600; ///< 2026-11-02 00:00 UTC.
constexpr std::uint64_t day = 86'400;

v1::Calendar at_22() {
  v1::Calendar of;
  of.set_time_zone("UTC");
  of.add_cut_offs(22 * 60);
  of.add_weekend(6);
  of.add_weekend(7);
  return of;
}

v1::Window opened_on_monday() {
  v1::Window window;
  window.set_opened_at_ns(monday * second);
  window.set_business_date(20'261'102);
  return window;
}

std::optional<std::uint32_t> cut_at(std::uint64_t seconds, const v1::Calendar& calendar) {
  return cut_by_calendar()(calendar, opened_on_monday(), {seconds * second});
}

} // namespace

TEST(CalendarCut, ComesAtItsTimeAndNotBefore) {
  EXPECT_EQ(cut_at(monday + 22 * 3600 - 1, at_22()), std::nullopt);
  EXPECT_EQ(cut_at(monday + 22 * 3600, at_22()), 20'261'103U);
}

TEST(CalendarCut, IsOneIfSeveralHavePassedAndHasTheDateOfTheLast) {
  EXPECT_EQ(cut_at(monday + 3 * day, at_22()), 20'261'105U);
}

TEST(CalendarCut, DoesNotComeWithoutAValidCalendar) {
  EXPECT_EQ(cut_at(monday + 3 * day, {}), std::nullopt);
}

} // namespace ducat::settlement::test
