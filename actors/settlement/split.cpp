#include <ducat/settlement/rounding.hpp>
#include <ducat/settlement/split.hpp>

#include <algorithm>
#include <numeric>
#include <ostream>

namespace ducat::settlement {

namespace {

/// The product of an amount and a numerator stays below 2^126.
constexpr std::uint64_t denominator_max = 1ULL << 62;

/// Sum of fractions that are reduced. Invariant: denominator <= denominator_max.
struct fraction {
  i128 numerator = 0;
  std::uint64_t denominator = 1;
};

/// Returns the sum; nothing if its denominator would be above denominator_max.
std::optional<fraction> plus(const fraction& sum, const share& part) noexcept {
  const std::uint64_t common = std::gcd<std::uint64_t>(part.numerator, part.denominator);
  const std::uint64_t denominator = part.denominator / common;
  const i128 both = i128{sum.denominator} *
                    static_cast<i128>(denominator / std::gcd(sum.denominator, denominator));
  if (both > i128{denominator_max})
    return std::nullopt;
  return fraction{sum.numerator * (both / i128{sum.denominator}) +
                      static_cast<i128>(part.numerator / common) * (both / i128{denominator}),
                  static_cast<std::uint64_t>(both)};
}

/// Returns the sum of the fractions without the rest; nothing if they are too fine.
std::optional<fraction> sum_of_fractions(const split_rule& rule) noexcept {
  std::optional<fraction> sum = fraction{};
  for (const share& part : rule)
    if (sum && !part.rest)
      sum = plus(*sum, part);
  return sum;
}

bool names_one_twice(const split_rule& rule) {
  std::vector<std::string_view> names;
  for (const share& part : rule)
    names.push_back(part.to);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

/// Returns what is wrong with the sum of the fractions.
std::optional<split_problem> check_sum(const split_rule& rule, bool has_rest) noexcept {
  const std::optional<fraction> sum = sum_of_fractions(rule);
  if (!sum)
    return split_problem::too_fine;
  if (sum->numerator > i128{sum->denominator})
    return split_problem::above_one;
  const bool whole = sum->numerator == i128{sum->denominator};
  if (!has_rest && !whole)
    return split_problem::below_one;
  if (has_rest && whole)
    return split_problem::nothing_rests;
  return std::nullopt;
}

/// Returns the share of `part`, rounded down; `others` is the sum of the fractions.
std::int64_t floor_of(const share& part, const fraction& others, std::int64_t amount) noexcept {
  if (!part.rest)
    return static_cast<std::int64_t>(i128{amount} * part.numerator / part.denominator);
  const i128 numerator = i128{others.denominator} - others.numerator;
  return static_cast<std::int64_t>(i128{amount} * numerator / i128{others.denominator});
}

} // namespace

std::string_view to_string(split_problem what) noexcept {
  switch (what) {
    using enum split_problem;
  case no_shares:
    return "no_shares";
  case too_many_shares:
    return "too_many_shares";
  case no_recipient:
    return "no_recipient";
  case same_recipient:
    return "same_recipient";
  case zero_denominator:
    return "zero_denominator";
  case zero_share:
    return "zero_share";
  case two_rests:
    return "two_rests";
  case too_fine:
    return "too_fine";
  case above_one:
    return "above_one";
  case below_one:
    return "below_one";
  case nothing_rests:
    return "nothing_rests";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, split_problem what) {
  return out << to_string(what);
}

std::optional<split_problem> check(const split_rule& rule) {
  using enum split_problem;
  if (rule.empty())
    return no_shares;
  if (rule.size() > shares_max)
    return too_many_shares;
  if (std::ranges::any_of(rule, [](const share& part) { return part.to.empty(); }))
    return no_recipient;
  if (names_one_twice(rule))
    return same_recipient;
  if (std::ranges::any_of(rule, [](const share& part) { return part.denominator == 0; }))
    return zero_denominator;
  if (std::ranges::any_of(rule, [](const share& part) { return part.rest != !part.numerator; }))
    return zero_share;
  const auto rests = std::ranges::count_if(rule, &share::rest);
  if (rests > 1)
    return two_rests;
  return check_sum(rule, rests == 1);
}

std::vector<std::int64_t> split(const split_rule& rule, std::int64_t amount) {
  std::vector<std::int64_t> parts(rule.size(), 0);
  const std::optional<fraction> others = sum_of_fractions(rule);
  if (amount <= 0 || !others)
    return parts;
  std::int64_t left = amount;
  for (std::size_t at = 0; at < rule.size(); ++at)
    left -= parts[at] = floor_of(rule[at], *others, amount);
  for (std::size_t at = 0; left > 0; ++at, --left)
    ++parts[at];
  return parts;
}

} // namespace ducat::settlement
