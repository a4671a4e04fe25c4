#include "availability/figures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr duration day = 24h;

struct unit {
  std::string_view name;
  duration length;
};

constexpr std::array<unit, 8> units = {{{"ns", 1ns},
                                        {"us", 1us},
                                        {"ms", 1ms},
                                        {"s", 1s},
                                        {"m", 1min},
                                        {"h", 1h},
                                        {"d", day},
                                        {"y", 365 * day}}};

double in(duration value, duration length) {
  return static_cast<double>(value.count()) / static_cast<double>(length.count());
}

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

/// Returns `value` with three digits, as few zeros as that takes.
std::string three_digits(double value) {
  std::string text = fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0);
  if (text.find('.') == std::string::npos)
    return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

std::string two_units(duration value, const unit& large, const unit& small) {
  const auto whole = value / large.length;
  const auto rest = (value % large.length) / small.length;
  std::string text = std::to_string(whole) + " " + std::string{large.name};
  if (rest != 0)
    text += " " + std::to_string(rest) + " " + std::string{small.name};
  return text;
}

} // namespace

std::string percent_of(double missing) {
  if (missing <= 0)
    return "100 %";
  constexpr int digits_max = 12;
  const double of_hundred = std::min(missing, 1.0) * 100;
  const int first_digit = static_cast<int>(std::ceil(-std::log10(of_hundred)));
  const int digits = std::clamp(first_digit + 1, 3, digits_max);
  const double scale = std::pow(10.0, digits);
  // What is missing is rounded up, and not less than one of the last digit.
  const double rounded = std::max(std::ceil(of_hundred * scale * (1 - 1e-12)), 1.0);
  return fixed((100 * scale - rounded) / scale, digits) + " %";
}

std::string span_of(duration value) {
  if (value >= day)
    return two_units(value, units[6], units[5]);
  if (value >= 1h)
    return two_units(value, units[5], units[4]);
  if (value >= 1min)
    return two_units(value, units[4], units[3]);
  if (value >= 1s)
    return three_digits(in(value, 1s)) + " s";
  if (value >= 1ms)
    return three_digits(in(value, 1ms)) + " ms";
  return three_digits(in(value, 1us)) + " us";
}

result<duration> parse_span(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  const std::string_view name{stop, static_cast<std::size_t>(end - stop)};
  const auto found = std::ranges::find(units, name, &unit::name);
  const auto wrong = fail(errc::invalid_argument, "\"" + std::string{text} +
                                                      "\" is no span of time such as 300ms, 5s, "
                                                      "2h or 30d");
  if (code != std::errc{} || found == units.end() || !(number >= 0))
    return wrong;
  const double length = number * static_cast<double>(found->length.count());
  if (length > static_cast<double>(duration::max().count()) / 2)
    return wrong;
  return duration{static_cast<duration::rep>(std::llround(length))};
}

} // namespace ducat::cli
