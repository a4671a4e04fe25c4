#include "field_text.hpp"

#include <ducat/check.hpp>

#include <chrono>

namespace ducat::terminals {

std::string digits(std::uint64_t number, std::size_t size) {
  const std::string text = std::to_string(number);
  DUCAT_CHECK(text.size() <= size);
  return std::string(size - text.size(), '0') + text;
}

date_and_time utc(std::int64_t unix_s) {
  using namespace std::chrono;
  const sys_seconds at{seconds{unix_s}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  const auto two = [](auto number) { return digits(static_cast<std::uint64_t>(number), 2); };
  return {.date = two(unsigned{date.month()}) + two(unsigned{date.day()}),
          .time = two(time.hours().count()) + two(time.minutes().count()) +
                  two(time.seconds().count())};
}

} // namespace ducat::terminals
