/// When windows are cut: business days, and days on which the clocks are changed.

#include <ducat/settlement/calendar.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace ducat::settlement {
namespace {

using namespace std::chrono_literals;

/// Returns a time of UTC.
log_time utc(int year, unsigned month, unsigned day, std::chrono::minutes time) {
  const std::chrono::sys_days date{std::chrono::year{year} / std::chrono::month{month} /
                                   std::chrono::day{day}};
  const std::chrono::nanoseconds since = date.time_since_epoch() + time;
  return {static_cast<std::uint64_t>(since.count())};
}

calendar berlin(std::vector<std::uint32_t> cut_offs) {
  return {.time_zone = "Europe/Berlin",
          .cut_offs = std::move(cut_offs),
          .weekend = {6, 7},
          .holidays = {20'261'225}};
}

calendar every_day(std::string time_zone, std::vector<std::uint32_t> cut_offs) {
  return {.time_zone = std::move(time_zone),
          .cut_offs = std::move(cut_offs),
          .weekend = {},
          .holidays = {}};
}

TEST(Calendar, CutsAtEachCutOffAndEndsTheDayWithTheLast) {
  const calendar of = berlin({12 * 60, 18 * 60});
  const cut_time noon = next_cut(of, utc(2026, 11, 3, 8h));
  EXPECT_EQ(noon, (cut_time{utc(2026, 11, 3, 11h), 20'261'103, 20'261'103}));
  const cut_time evening = next_cut(of, noon.at);
  EXPECT_EQ(evening, (cut_time{utc(2026, 11, 3, 17h), 20'261'103, 20'261'104}));
  EXPECT_EQ(next_cut(of, {evening.at.nanoseconds - 1}), evening);
}

TEST(Calendar, LeavesOutWeekendsAndHolidays) {
  const calendar of = berlin({18 * 60});
  const cut_time thursday = next_cut(of, utc(2026, 12, 24, 8h));
  EXPECT_EQ(thursday, (cut_time{utc(2026, 12, 24, 17h), 20'261'224, 20'261'228}));
  EXPECT_EQ(next_cut(of, thursday.at), (cut_time{utc(2026, 12, 28, 17h), 20'261'228, 20'261'229}));
  EXPECT_EQ(next_cut(of, utc(2026, 12, 26, 8h)).business_date, 20'261'228u);
}

TEST(Calendar, EndsADayAtTheMidnightAfterIt) {
  const calendar of = berlin({1'440});
  EXPECT_EQ(next_cut(of, utc(2026, 11, 3, 22h)),
            (cut_time{utc(2026, 11, 3, 23h), 20'261'103, 20'261'104}));
  EXPECT_EQ(next_cut(of, utc(2026, 11, 6, 22h + 30min)),
            (cut_time{utc(2026, 11, 6, 23h), 20'261'106, 20'261'109}));
  EXPECT_EQ(next_cut(every_day("Europe/Berlin", {1'440}), utc(2026, 11, 3, 22h + 59min)).at,
            utc(2026, 11, 3, 23h));
}

// 2026-03-29, 02:00 to 03:00 in Berlin; 2026-03-08, 02:00 to 03:00 in New York.
TEST(Calendar, CutsATimeThatIsSkippedWhenTheClocksAreChanged) {
  const cut_time spring = next_cut(every_day("Europe/Berlin", {150}), utc(2026, 3, 28, 12h));
  EXPECT_EQ(spring, (cut_time{utc(2026, 3, 29, 1h), 20'260'329, 20'260'330}));
  EXPECT_EQ(next_cut(every_day("Europe/Berlin", {150}), spring.at).at, utc(2026, 3, 30, 30min));
  EXPECT_EQ(next_cut(every_day("America/New_York", {150}), utc(2026, 3, 8, 0h)).at,
            utc(2026, 3, 8, 7h));
}

TEST(Calendar, CutsOnceIfSeveralCutOffsAreSkipped) {
  const calendar of = every_day("Europe/Berlin", {135, 150, 165});
  const cut_time only = next_cut(of, utc(2026, 3, 29, 0h));
  EXPECT_EQ(only, (cut_time{utc(2026, 3, 29, 1h), 20'260'329, 20'260'330})) << "the last of them";
  EXPECT_EQ(next_cut(of, only.at).at, utc(2026, 3, 30, 15min));
}

// 2026-10-25, 02:00 to 03:00 in Berlin; 2026-11-01, 01:00 to 02:00 in New York.
TEST(Calendar, CutsATimeThatComesTwiceOnce) {
  const calendar of = every_day("Europe/Berlin", {150});
  const cut_time autumn = next_cut(of, utc(2026, 10, 24, 12h));
  EXPECT_EQ(autumn, (cut_time{utc(2026, 10, 25, 30min), 20'261'025, 20'261'026})) << "the first";
  EXPECT_EQ(next_cut(of, autumn.at).at, utc(2026, 10, 26, 1h + 30min)) << "not an hour later";
  EXPECT_EQ(next_cut(of, utc(2026, 10, 25, 1h + 29min)).at, utc(2026, 10, 26, 1h + 30min));
  EXPECT_EQ(next_cut(every_day("America/New_York", {90}), utc(2026, 11, 1, 0h)).at,
            utc(2026, 11, 1, 5h + 30min));
}

TEST(Calendar, KnowsZonesThatAreHalfAnHourOff) {
  EXPECT_EQ(next_cut(every_day("Asia/Kolkata", {1'080}), utc(2026, 11, 3, 12h)),
            (cut_time{utc(2026, 11, 3, 12h + 30min), 20'261'103, 20'261'104}));
}

TEST(Calendar, CutsEachBusinessDayOfAYearOnceInOrder) {
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Asia/Kolkata"})
    for (const std::uint32_t minute : {1u, 60u, 90u, 120u, 150u, 180u, 1'439u, 1'440u}) {
      const calendar of = every_day(zone, {minute});
      cut_time last = next_cut(of, utc(2026, 1, 1, 12h));
      for (int day = 0; day < 366; ++day) {
        const cut_time next = next_cut(of, last.at);
        ASSERT_LT(last.at, next.at) << zone << " " << minute;
        ASSERT_EQ(next.business_date, last.next_business_date) << zone << " " << minute;
        last = next;
      }
    }
}

TEST(Calendar, SaysWhatIsWrongWithIt) {
  const calendar good = berlin({60, 120});
  EXPECT_EQ(check(good), calendar_problem::none);
  const auto with = [&](auto change) {
    calendar out = good;
    change(out);
    return check(out);
  };
  EXPECT_EQ(with([](calendar& c) { c.time_zone = "Europe/Atlantis"; }),
            calendar_problem::time_zone_unknown);
  EXPECT_EQ(with([](calendar& c) { c.time_zone.clear(); }), calendar_problem::time_zone_unknown);
  EXPECT_EQ(with([](calendar& c) { c.cut_offs.clear(); }), calendar_problem::no_cut_off);
  EXPECT_EQ(with([](calendar& c) { c.cut_offs = {0}; }), calendar_problem::cut_off_invalid);
  EXPECT_EQ(with([](calendar& c) { c.cut_offs = {1'441}; }), calendar_problem::cut_off_invalid);
  EXPECT_EQ(with([](calendar& c) { c.cut_offs = {60, 60}; }),
            calendar_problem::cut_offs_not_ascending);
  EXPECT_EQ(with([](calendar& c) { c.weekend = {0}; }), calendar_problem::weekend_invalid);
  EXPECT_EQ(with([](calendar& c) { c.weekend = {1, 2, 3, 4, 5, 6, 7}; }),
            calendar_problem::weekend_invalid);
  EXPECT_EQ(with([](calendar& c) { c.holidays = {20'260'230}; }),
            calendar_problem::holiday_invalid);
}

} // namespace
} // namespace ducat::settlement
