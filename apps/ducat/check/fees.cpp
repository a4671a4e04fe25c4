#include "check/fees.hpp"

#include "check/books.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace ducat::cli {

namespace {

/// A sum of fractions, exactly. Once its denominator is above 2^62 it counts as too fine.
class fraction_sum {
public:
  void add(i128 numerator, std::uint32_t denominator) {
    if (is_too_fine())
      return;
    const auto own = static_cast<std::uint64_t>(denominator_);
    const i128 factor = denominator / std::gcd<std::uint64_t>(own, denominator);
    denominator_ *= factor;
    numerator_ = numerator_ * factor + numerator * (denominator_ / denominator);
  }

  bool is_too_fine() const { return denominator_ > i128{1} << 62; }

  std::int64_t rounded_up() const {
    return static_cast<std::int64_t>((numerator_ + denominator_ - 1) / denominator_);
  }

  bool is_one() const { return numerator_ == denominator_; }

  bool is_below_one() const { return numerator_ < denominator_; }

private:
  i128 numerator_ = 0;
  i128 denominator_ = 1;
};

} // namespace

std::int64_t nearest_part(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  const i128 product = i128{value} * numerator;
  const i128 twice = product % denominator * 2;
  i128 nearest = product / denominator;
  if (twice > denominator || (twice == denominator && nearest % 2 != 0))
    ++nearest;
  return static_cast<std::int64_t>(nearest);
}

bool is_sound(const v1::FeeRule& rule) {
  const auto& tiers = rule.tiers();
  const auto descend = [](const v1::FeeTier& left, const v1::FeeTier& right) {
    return left.from() >= right.from();
  };
  return (tiers.empty() || tiers.begin()->from() == 0) &&
         std::adjacent_find(tiers.begin(), tiers.end(), descend) == tiers.end() &&
         std::ranges::all_of(tiers, [](const v1::FeeTier& each) {
           return each.basis_points() <= 10'000 && each.fixed() >= 0;
         });
}

bool is_sound(const google::protobuf::RepeatedPtrField<v1::SplitShare>& shares) {
  int rests = 0;
  fraction_sum sum;
  for (const v1::SplitShare& each : shares) {
    rests += each.rest() ? 1 : 0;
    if (!each.rest() && each.denominator() == 0)
      return false;
    if (!each.rest())
      sum.add(each.numerator(), each.denominator());
  }
  if (shares.empty())
    return true;
  return !sum.is_too_fine() && (rests == 0 ? sum.is_one() : rests == 1 && sum.is_below_one());
}

std::int64_t fee_by(const v1::FeeRule& rule, std::int64_t amount, std::int64_t volume) {
  if (rule.tiers().empty())
    return 0;
  const std::int64_t at = rule.by() == v1::FeeRule::VOLUME ? volume : amount;
  const v1::FeeTier* chosen = nullptr;
  for (const v1::FeeTier& each : rule.tiers())
    if (each.from() <= at)
      chosen = &each;
  if (chosen == nullptr)
    return 0;
  i128 fee = i128{nearest_part(amount, chosen->basis_points(), 10'000)} + chosen->fixed();
  if (fee < rule.minimum())
    fee = rule.minimum();
  if (rule.maximum() != 0 && fee > rule.maximum())
    fee = rule.maximum();
  return static_cast<std::int64_t>(std::min<i128>(fee, std::numeric_limits<std::int64_t>::max()));
}

std::int64_t fee_back_by(const v1::FeeRule& rule, const given_refund& what) {
  if (!rule.refunds_give_back() || what.fee <= 0 || what.captured <= 0)
    return 0;
  const auto given_by = [&](std::int64_t refunded) {
    return nearest_part(what.fee, std::min(refunded, what.captured), what.captured);
  };
  return given_by(what.before + what.amount) - given_by(what.before);
}

std::vector<std::int64_t> parts_by(const google::protobuf::RepeatedPtrField<v1::SplitShare>& shares,
                                   std::int64_t amount) {
  std::vector<std::int64_t> parts;
  std::int64_t left = amount;
  fraction_sum rounded_off;
  for (const v1::SplitShare& each : shares) {
    const std::uint32_t denominator = each.rest() ? 1 : each.denominator();
    const i128 product = each.rest() ? i128{0} : i128{amount} * each.numerator();
    parts.push_back(static_cast<std::int64_t>(product / denominator));
    left -= parts.back();
    rounded_off.add(product % denominator, denominator);
  }
  for (int i = 0; i < shares.size(); ++i)
    if (shares[i].rest()) { // What the others leave, rounded down like them.
      parts[static_cast<std::size_t>(i)] = left - rounded_off.rounded_up();
      left = rounded_off.rounded_up();
    }
  for (std::size_t i = 0; i < parts.size() && left > 0; ++i, --left)
    ++parts[i];
  return parts;
}

} // namespace ducat::cli
