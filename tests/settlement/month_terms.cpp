/// Who is in a month, and on what terms.

#include "settlement/month.hpp"

namespace ducat::settlement::test {

namespace {

void put(v1::FeeRule& message, const model_fees& fees) {
  message.set_by(fees.by_volume ? v1::FeeRule::VOLUME : v1::FeeRule::AMOUNT);
  for (const auto& each : fees.tiers) {
    v1::FeeTier& tier = *message.add_tiers();
    tier.set_from(each.from);
    tier.set_basis_points(static_cast<std::uint32_t>(each.basis_points));
    tier.set_fixed(each.fixed);
  }
  message.set_minimum(fees.minimum);
  message.set_maximum(fees.maximum);
  message.set_refunds_give_back(fees.gives_back);
}

model_fees random_fees(draw& random) {
  model_fees out{.by_volume = random.small(0, 1) == 0};
  money from = 0;
  for (std::uint32_t left = random.small(0, 3); left > 0; --left) {
    out.tiers.push_back({from, random.whole(0, 400), random.whole(0, 30)});
    from += random.whole(1, 4'000);
  }
  out.minimum = random.small(0, 1) * random.whole(0, 20);
  out.maximum = random.small(0, 1) * (out.minimum + random.whole(1, 200));
  out.gives_back = random.small(0, 1) == 0;
  return out;
}

v1::SettlementCommand command_of(const party& merchant, const model_terms& terms) {
  v1::SettlementCommand command = settlement_world::merchant(merchant);
  v1::PutMerchant& put_merchant = *command.mutable_merchant();
  put(*put_merchant.mutable_discount(), terms.fees);
  for (const auto& [to, hundredths] : terms.hundredths) {
    v1::SplitShare& share = *put_merchant.add_split();
    share.set_to(to);
    share.set_numerator(static_cast<std::uint32_t>(hundredths));
    share.set_denominator(100);
  }
  put_merchant.set_reserve_basis_points(static_cast<std::uint32_t>(terms.reserve_points));
  put_merchant.set_reserve_windows(static_cast<std::uint32_t>(terms.reserve_windows));
  put_merchant.set_payout_minimum(terms.minimum);
  if (!terms.has_bank)
    put_merchant.clear_bank();
  return command;
}

} // namespace

month::month(std::uint64_t seed, v1::SettlementModel kind) : random_{seed}, world_{kind} {
  model_.kind = kind == v1::GROSS_IMMEDIATE          ? model_kind::gross
                : kind == v1::NET_BILATERAL_DEFERRED ? model_kind::bilateral
                                                     : model_kind::multilateral;
  model_.dates.push_back(first_day);
  for (const party& each : payers)
    world_.open(each, "EUR", true);
  for (const party& each : {shops[2], shops[3]})
    world_.open(each, "EUR", true);
  for (const party& each : shops)
    EXPECT_FALSE(world_.settle(settlement_world::merchant(each)).has_error());
  for (std::size_t i = 0; i < banks.size(); ++i) {
    v1::SettlementCommand command;
    v1::PutParticipant& terms = *command.mutable_participant();
    terms.set_id(banks[i]);
    terms.set_currency("EUR");
    terms.set_net_debit_cap(caps_[banks[i]] = random_.whole(3'000, 20'000));
    for (const party& each : {payers[i], shops[i]}) {
      terms.add_accounts(each);
      model_.bank_of[each] = banks[i];
    }
    model_.interchange[banks[i]] = random_fees(random_);
    put(*terms.mutable_interchange(), model_.interchange[banks[i]]);
    EXPECT_FALSE(world_.settle(command).has_error());
  }
  for (const party& each : shops)
    put_terms(each);
  bring(25'000);
}

void month::put_terms(const party& merchant) {
  model_terms& terms = model_.merchants[merchant];
  terms = {.fees = random_fees(random_),
           .reserve_points = random_.small(0, 1) * random_.whole(1, 3'000),
           .reserve_windows = random_.small(1, 3),
           .minimum = random_.small(0, 1) * random_.whole(1, 3'000),
           .has_bank = random_.small(0, 5) != 0};
  money left = 100;
  for (const party& each : shops)
    if (const money share = random_.whole(0, left); each != merchant && share != 0 && pick(3) == 0)
      terms.hundredths.emplace_back(each, share), left -= share;
  if (!terms.hundredths.empty() && left != 0)
    terms.hundredths.emplace_back(merchant, left);
  v1::SettlementCommand command = command_of(merchant, terms);
  command.mutable_merchant()->set_version(++versions_[merchant] + 1);
  const v1::Outcome out = world_.settle(command);
  EXPECT_FALSE(out.has_error()) << out.error().code();
  versions_[merchant] -= out.replayed() ? 1 : 0; // They were the same.
}

void month::bring(money amount) {
  for (const party& each : banks) {
    const std::string key = "bring" + std::to_string(++keys_);
    EXPECT_FALSE(world_.fund(each, key, amount).has_error());
    EXPECT_TRUE(world_.fund(each, key, amount).replayed());
    model_.liquidity[each] += amount;
    model_.balances["settlement.liquidity.EUR"] -= amount;
  }
}

} // namespace ducat::settlement::test
