#include <ducat/settlement/split.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <numeric>
#include <ostream>
#include <set>

namespace ducat::settlement {

namespace {

/// A product of 32 denominators fits in no built-in number.
using fraction = boost::multiprecision::cpp_rational;
using whole_number = boost::multiprecision::cpp_int;

fraction sum_of(const split_rule& rule) {
  fraction sum = 0;
  for (const share& each : rule)
    if (!each.rest)
      sum += fraction{each.numerator, each.denominator};
  return sum;
}

std::int64_t floor_of(const fraction& value) {
  return static_cast<std::int64_t>(whole_number{numerator(value) / denominator(value)});
}

bool is_fraction(const share& each) noexcept {
  return each.rest || (each.denominator != 0 && each.denominator <= denominator_max &&
                       each.numerator <= each.denominator);
}

} // namespace

std::string_view to_string(split_problem value) noexcept {
  switch (value) {
    using enum split_problem;
  case none:
    return "none";
  case empty:
    return "empty";
  case too_many:
    return "too_many";
  case recipient_twice:
    return "recipient_twice";
  case fraction_invalid:
    return "fraction_invalid";
  case rest_twice:
    return "rest_twice";
  case more_than_whole:
    return "more_than_whole";
  case less_than_whole:
    return "less_than_whole";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, split_problem value) {
  return out << to_string(value);
}

split_problem check(const split_rule& rule) noexcept {
  if (rule.empty())
    return split_problem::empty;
  if (rule.size() > shares_max)
    return split_problem::too_many;
  std::set<std::string_view> names;
  for (const share& each : rule)
    if (each.to.empty() || !names.insert(each.to).second)
      return split_problem::recipient_twice;
  if (!std::ranges::all_of(rule, is_fraction))
    return split_problem::fraction_invalid;
  const auto rests = std::ranges::count(rule, true, &share::rest);
  if (rests > 1)
    return split_problem::rest_twice;
  const fraction sum = sum_of(rule);
  if (sum > 1)
    return split_problem::more_than_whole;
  return rests == 0 && sum != 1 ? split_problem::less_than_whole : split_problem::none;
}

std::vector<std::int64_t> split(const split_rule& rule, std::int64_t amount) {
  const fraction rest = 1 - sum_of(rule);
  std::vector<std::int64_t> parts;
  for (const share& each : rule) {
    const fraction part = each.rest ? rest : fraction{each.numerator, each.denominator};
    parts.push_back(floor_of(part * amount));
  }
  std::int64_t left = amount - std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
  for (auto part = parts.begin(); left > 0; ++part, --left) // Less than there are parts.
    ++*part;
  return parts;
}

} // namespace ducat::settlement
