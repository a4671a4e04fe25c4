#include <ducat/settlement/calendar.hpp>

#include <date/tz.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace ducat::settlement {

namespace {

constexpr std::uint32_t minutes_of_day = 1'440;

/// Returns null if there is none of that name.
const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

std::uint32_t number_of_day(date::local_days day) {
  const date::year_month_day date{day};
  return static_cast<std::uint32_t>(static_cast<int>(date.year())) * 10'000 +
         static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day());
}

bool is_day(std::uint32_t number) {
  const date::year_month_day date{date::year{static_cast<int>(number / 10'000)},
                                  date::month{number / 100 % 100}, date::day{number % 100}};
  return number >= 19'000'101 && number <= 29'991'231 && date.ok();
}

bool is_business_day(const calendar& of, date::local_days day) {
  return !of.weekend.contains(date::weekday{day}.iso_encoding()) &&
         !of.holidays.contains(number_of_day(day));
}

date::local_days business_day_after(const calendar& of, date::local_days day) {
  do
    day += date::days{1};
  while (!is_business_day(of, day));
  return day;
}

std::chrono::sys_time<std::chrono::seconds> time_of(const date::time_zone& zone,
                                                    date::local_days day, std::uint32_t minute) {
  // Of a time that is skipped this is when the clocks are changed.
  return zone.to_sys(date::local_seconds{day} + std::chrono::minutes{minute},
                     date::choose::earliest);
}

log_time log_time_of(std::chrono::sys_time<std::chrono::seconds> at) {
  return {static_cast<std::uint64_t>(std::chrono::nanoseconds{at.time_since_epoch()}.count())};
}

} // namespace

std::string_view to_string(calendar_problem value) noexcept {
  switch (value) {
    using enum calendar_problem;
  case none:
    return "none";
  case time_zone_unknown:
    return "time_zone_unknown";
  case no_cut_off:
    return "no_cut_off";
  case cut_off_invalid:
    return "cut_off_invalid";
  case cut_offs_not_ascending:
    return "cut_offs_not_ascending";
  case weekend_invalid:
    return "weekend_invalid";
  case holiday_invalid:
    return "holiday_invalid";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, calendar_problem value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const cut_time& value) {
  return out << "at " << value.at.nanoseconds << ", of " << value.business_date << ", then "
             << value.next_business_date;
}

calendar_problem check(const calendar& of) {
  return find_zone(of.time_zone) == nullptr ? calendar_problem::time_zone_unknown : check_times(of);
}

calendar_problem check_times(const calendar& of) {
  if (of.cut_offs.empty())
    return calendar_problem::no_cut_off;
  for (const std::uint32_t each : of.cut_offs)
    if (each == 0 || each > minutes_of_day)
      return calendar_problem::cut_off_invalid;
  if (std::ranges::adjacent_find(of.cut_offs, std::greater_equal<>{}) != of.cut_offs.end())
    return calendar_problem::cut_offs_not_ascending;
  for (const std::uint32_t each : of.weekend)
    if (each < 1 || each > 7)
      return calendar_problem::weekend_invalid;
  if (of.weekend.size() == 7)
    return calendar_problem::weekend_invalid;
  return std::ranges::all_of(of.holidays, is_day) ? calendar_problem::none
                                                  : calendar_problem::holiday_invalid;
}

cut_time next_cut(const calendar& of, log_time after) {
  const date::time_zone& zone = *date::locate_zone(of.time_zone);
  const auto now = std::chrono::sys_time<std::chrono::seconds>{
      std::chrono::seconds{after.nanoseconds / 1'000'000'000}};
  // The midnight that ends a day is of the day before.
  date::local_days day = date::floor<date::days>(zone.to_local(now)) - date::days{2};
  for (;;) {
    day = business_day_after(of, day);
    for (std::size_t i = 0; i < of.cut_offs.size(); ++i) {
      const bool is_last = i + 1 == of.cut_offs.size();
      const log_time at = log_time_of(time_of(zone, day, of.cut_offs[i]));
      if (at <= after || (!is_last && log_time_of(time_of(zone, day, of.cut_offs[i + 1])) == at))
        continue;
      return {.at = at,
              .business_date = number_of_day(day),
              .next_business_date = number_of_day(is_last ? business_day_after(of, day) : day)};
    }
  }
}

} // namespace ducat::settlement
