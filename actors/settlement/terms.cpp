#include "settlement/terms.hpp"

namespace ducat::settlement {

fee_rule fee_rule_of(const v1::FeeRule& message) {
  fee_rule out{.by = message.by() == v1::FeeRule::VOLUME ? fee_basis::volume : fee_basis::amount,
               .minimum = message.minimum(),
               .maximum = message.maximum(),
               .refunds_give_back = message.refunds_give_back()};
  for (const v1::FeeTier& each : message.tiers())
    out.tiers.push_back(
        {.from = each.from(), .basis_points = each.basis_points(), .fixed = each.fixed()});
  return out;
}

split_rule split_rule_of(const google::protobuf::RepeatedPtrField<v1::SplitShare>& message) {
  split_rule out;
  for (const v1::SplitShare& each : message)
    out.push_back({.to = each.to(),
                   .numerator = each.numerator(),
                   .denominator = each.rest() ? 1 : each.denominator(),
                   .rest = each.rest()});
  return out;
}

bool is_fee_rule(const v1::FeeRule& message) {
  return !check(fee_rule_of(message));
}

bool is_split_rule(const google::protobuf::RepeatedPtrField<v1::SplitShare>& message) {
  return message.empty() || !check(split_rule_of(message));
}

} // namespace ducat::settlement
