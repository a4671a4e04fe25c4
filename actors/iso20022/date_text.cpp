#include "iso20022/date_text.hpp"

namespace ducat::iso20022 {

namespace {

std::string padded(long long number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

} // namespace

std::string day_text(std::chrono::year_month_day day) {
  return padded(int{day.year()}, 4) + '-' + padded(unsigned{day.month()}, 2) + '-' +
         padded(unsigned{day.day()}, 2);
}

std::string second_text(std::chrono::sys_seconds at) {
  const auto midnight = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time{at - midnight};
  return day_text(std::chrono::year_month_day{midnight}) + 'T' + padded(time.hours().count(), 2) +
         ':' + padded(time.minutes().count(), 2) + ':' + padded(time.seconds().count(), 2) + 'Z';
}

} // namespace ducat::iso20022
