#include "device/transmission_time.hpp"

namespace ducat::device {

namespace {

template <class Number>
std::string two_digits(Number value) {
  const auto number = static_cast<unsigned>(value);
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

} // namespace

std::string transmission_time(std::chrono::sys_seconds at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  return two_digits(static_cast<unsigned>(date.month())) +
         two_digits(static_cast<unsigned>(date.day())) + two_digits(time.hours().count()) +
         two_digits(time.minutes().count()) + two_digits(time.seconds().count());
}

void stamp(iso8583::message& what, const iso8583::dialect& with, std::chrono::sys_seconds at) {
  if (!what.has(7) && with.fields.contains(7))
    what.set(7, transmission_time(at));
}

} // namespace ducat::device
