#include "bench/settle/settle_commands.hpp"

#include <string>

namespace ducat::bench {

namespace {

constexpr const char* bench_iban = "DE89370400440532013000";

std::string merchant_name(std::uint64_t place) {
  return "m" + std::to_string(place);
}

std::string payer_name(std::uint64_t place) {
  return "p" + std::to_string(place);
}

v1::Command account(const std::string& id) {
  v1::Command command;
  command.mutable_open_account()->set_id(id);
  command.mutable_open_account()->set_currency(bench_currency);
  command.mutable_open_account()->set_overdraft(true);
  return command;
}

void add_split(v1::PutMerchant& terms) {
  v1::SplitShare& platform = *terms.add_split();
  platform.set_to(merchant_name(0));
  platform.set_numerator(1);
  platform.set_denominator(split_denominator);
  v1::SplitShare& own = *terms.add_split();
  own.set_to(terms.id());
  own.set_rest(true);
}

} // namespace

std::vector<v1::Command> accounts_of(const settle_shape& shape) {
  std::vector<v1::Command> commands;
  for (std::uint32_t i = 0; i < shape.merchants; ++i)
    commands.push_back(account(merchant_name(i)));
  for (std::uint32_t i = 0; i < shape.payers; ++i)
    commands.push_back(account(payer_name(i)));
  return commands;
}

v1::SettlementCommand settlement_of_currency() {
  v1::SettlementCommand command;
  v1::ConfigureSettlement& terms = *command.mutable_configure();
  terms.set_currency(bench_currency);
  terms.set_model(v1::NET_MULTILATERAL_DEFERRED);
  terms.set_business_date(bench_date);
  terms.mutable_own()->set_name("the bench");
  terms.mutable_own()->set_iban(bench_iban);
  return command;
}

std::vector<v1::Command> merchants_of(const settle_shape& shape) {
  std::vector<v1::Command> commands;
  for (std::uint32_t i = 0; i < shape.merchants; ++i) {
    v1::PutMerchant& terms = *commands.emplace_back().mutable_settlement()->mutable_merchant();
    terms.set_id(merchant_name(i));
    v1::FeeTier& tier = *terms.mutable_discount()->add_tiers();
    tier.set_basis_points(fee_basis_points);
    tier.set_fixed(fee_fixed);
    terms.set_reserve_basis_points(reserve_basis_points);
    terms.set_reserve_windows(30);
    terms.mutable_bank()->set_name(merchant_name(i));
    terms.mutable_bank()->set_iban(bench_iban);
    if (i % with_split == with_split - 1)
      add_split(terms);
  }
  return commands;
}

v1::Command capture_source::next(std::uint32_t count) {
  v1::Command command;
  v1::PresentCaptures& captures = *command.mutable_settlement()->mutable_present();
  captures.mutable_items()->Reserve(static_cast<int>(count));
  for (const std::uint64_t end = made_ + count; made_ < end; ++made_) {
    const drawn_capture drawn = draw_capture(shape_, made_);
    v1::PresentedCapture& each = *captures.add_items();
    each.set_reference("capture-" + std::to_string(made_));
    each.set_from(payer_name(drawn.payer));
    each.set_to(merchant_name(drawn.merchant));
    each.set_amount(drawn.amount);
    ++sums_[drawn.merchant].count;
    sums_[drawn.merchant].amount += drawn.amount;
  }
  return command;
}

} // namespace ducat::bench
