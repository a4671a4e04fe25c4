#include "acquiring/field_text.hpp"

#include <chrono>
#include <cstdio>

namespace ducat::acquiring {

std::string digits_of(std::uint64_t number, int width) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*llu", width, static_cast<unsigned long long>(number));
  return text;
}

std::string transmitted_at(log_time at) {
  using namespace std::chrono;
  const sys_seconds time{seconds{static_cast<std::int64_t>(at.nanoseconds / 1'000'000'000)}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  const auto two = [](auto value) { return digits_of(static_cast<std::uint64_t>(value), 2); };
  return two(static_cast<unsigned>(date.month())) + two(static_cast<unsigned>(date.day())) +
         two(clock.hours().count()) + two(clock.minutes().count()) + two(clock.seconds().count());
}

} // namespace ducat::acquiring
