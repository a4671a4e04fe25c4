/// Commands of settlement.

#include "odd_commands.hpp"

#include <algorithm>
#include <limits>

namespace ducat::settlement::test {

namespace {

constexpr std::int64_t int64_least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t int64_most = std::numeric_limits<std::int64_t>::max();

} // namespace

bool odd_commands::odds(std::uint32_t in) {
  return draw_.small(1, in) == 1;
}

const std::string& odd_commands::one_of(const std::vector<std::string>& all) {
  return all[draw_.small(0, static_cast<std::uint32_t>(all.size()) - 1)];
}

std::string odd_commands::merchant() {
  static const std::vector<std::string> all{"books", "kiosk", "world"};
  return odds(4) ? account() : one_of(all);
}

std::string odd_commands::participant() {
  static const std::vector<std::string> all{"north", "south", "east"};
  return odds(10) ? account() : one_of(all);
}

std::string odd_commands::account() {
  static const std::vector<std::string> all{"world",
                                            "alice",
                                            "shop",
                                            "books",
                                            "kiosk",
                                            "usd",
                                            "books.available",
                                            "books.reserve",
                                            "kiosk.available",
                                            "world.available",
                                            "north.settlement",
                                            "south.settlement",
                                            "settlement.fees.EUR",
                                            "settlement.disputes.EUR",
                                            "settlement.interchange.EUR",
                                            "settlement.bank.EUR",
                                            "settlement.hub.EUR",
                                            "settlement.suspense.EUR",
                                            "settlement.liquidity.EUR",
                                            "",
                                            "nobody",
                                            "no\nid"};
  return one_of(all);
}

std::string odd_commands::currency() {
  static const std::vector<std::string> all{"USD", "", "EURO", "XXX"};
  return odds(20) ? one_of(all) : "EUR";
}

std::int64_t odd_commands::amount() {
  switch (draw_.small(0, 19)) {
  case 0:
    return int64_least;
  case 1:
    return int64_most;
  case 2:
    return 0;
  case 3:
    return -draw_.whole(1, 1'000);
  case 4:
    return 10'000'000'000'000;
  default:
    return draw_.whole(1, 10'000);
  }
}

std::uint64_t odd_commands::number() {
  switch (draw_.small(0, 9)) {
  case 0:
    return std::numeric_limits<std::uint64_t>::max();
  case 1:
    return 0;
  default:
    return draw_.small(1, 12);
  }
}

std::uint32_t odd_commands::date() {
  static const std::vector<std::uint32_t> odd{0, 1, 20'260'231, 20'261'301, 4'294'967'295};
  return odds(5) ? odd[draw_.small(0, 4)] : 20'261'103 + draw_.small(0, 5);
}

void odd_commands::fill(v1::FeeRule& rule) {
  rule.set_by(odds(2) ? v1::FeeRule::AMOUNT : v1::FeeRule::VOLUME);
  for (std::uint32_t i = 0; i < draw_.small(0, 2); ++i) {
    v1::FeeTier& tier = *rule.add_tiers();
    tier.set_from(i == 0 ? 0 : amount());
    tier.set_basis_points(draw_.small(0, 400));
    tier.set_fixed(odds(4) ? amount() : 0);
  }
  rule.set_minimum(odds(4) ? amount() : 0);
  rule.set_maximum(odds(4) ? amount() : 0);
  rule.set_refunds_give_back(odds(2));
}

void odd_commands::configure(v1::ConfigureSettlement& terms) {
  terms.set_currency(currency());
  terms.set_model(static_cast<v1::SettlementModel>(draw_.small(0, 4)));
  terms.set_business_date(date());
  terms.set_automatic(odds(2));
  if (odds(3))
    terms.mutable_own()->set_iban(account());
  if (odds(2))
    terms.mutable_calendar()->add_cut_offs(draw_.small(0, 1'500));
  terms.mutable_calendar()->set_time_zone(odds(2) ? "UTC" : "");
  terms.set_version(odds(3) ? number() : 0);
}

void odd_commands::put(v1::PutParticipant& terms) {
  terms.set_id(participant());
  terms.set_currency(currency());
  terms.set_net_debit_cap(amount());
  for (std::uint32_t i = 0; i < draw_.small(0, 2); ++i)
    terms.add_accounts(account());
  fill(*terms.mutable_interchange());
}

void odd_commands::put(v1::PutMerchant& terms) {
  terms.set_id(merchant());
  fill(*terms.mutable_discount());
  for (std::uint32_t i = 0; i < draw_.small(0, 2); ++i) {
    v1::SplitShare& share = *terms.add_split();
    share.set_to(merchant());
    share.set_numerator(draw_.small(0, 2));
    share.set_denominator(draw_.small(0, 3));
    share.set_rest(odds(2));
  }
  terms.set_payout_minimum(odds(4) ? amount() : 0);
  terms.set_reserve_basis_points(odds(2) ? draw_.small(0, 12'000) : 0);
  terms.set_reserve_windows(odds(8) ? std::numeric_limits<std::uint32_t>::max()
                                    : draw_.small(0, 3));
  if (!odds(5)) {
    terms.mutable_bank()->set_iban("DE89370400440532013000");
    terms.mutable_bank()->set_name("Shop");
  }
}

v1::SettlementCommand odd_commands::set_up() {
  v1::SettlementCommand command;
  switch (draw_.small(0, 3)) {
  case 0:
    configure(*command.mutable_configure());
    break;
  case 1:
    put(*command.mutable_participant());
    break;
  case 2:
    put(*command.mutable_merchant());
    break;
  default:
    command.mutable_fund()->set_id(participant());
    command.mutable_fund()->set_idempotency_key("f-" + std::to_string(draw_.small(0, 1'000)));
    command.mutable_fund()->set_amount(amount());
  }
  return command;
}

void odd_commands::present(v1::PresentCaptures& items) {
  for (std::uint32_t i = 0; i < draw_.small(0, 3); ++i) {
    v1::PresentedCapture& item = *items.add_items();
    item.set_reference(odds(5) ? "again" : "r-" + std::to_string(++keys_));
    item.set_from(odds(2) ? "world" : account());
    item.set_to(merchant());
    item.set_amount(amount());
    item.set_business_date(odds(3) ? date() : 0);
  }
}

void odd_commands::dispute(v1::DisputePayment& what) {
  what.set_payment_id(one_of(payments_));
  what.set_event(static_cast<v1::DisputePayment::Event>(draw_.small(0, 4)));
  what.set_amount(odds(2) ? amount() : 0);
  what.set_fee(odds(2) ? amount() : 0);
}

/// Windows, settlements, and what comes into them.
v1::SettlementCommand odd_commands::move() {
  v1::SettlementCommand command;
  switch (draw_.small(0, 6)) {
  case 0:
    present(*command.mutable_present());
    break;
  case 1:
    dispute(*command.mutable_dispute());
    break;
  case 2:
    command.mutable_cut()->set_currency(currency());
    command.mutable_cut()->set_window(number());
    command.mutable_cut()->set_next_business_date(date());
    break;
  case 3: {
    v1::StartSettlement& start = *command.mutable_start();
    start.set_currency(currency());
    start.set_first_window(number());
    start.set_last_window(odds(2) ? start.first_window() : number());
    start.set_number(odds(2) ? 0 : number());
    break;
  }
  case 4:
    command.mutable_advance()->set_id("set_" + currency() + "_" + std::to_string(number()));
    command.mutable_advance()->set_step(static_cast<std::uint32_t>(draw_.small(0, 6)));
    break;
  case 5:
    command.mutable_abort()->set_id("set_" + currency() + "_" + std::to_string(number()));
    command.mutable_abort()->set_reason(odds(9) ? "" : "odd");
    break;
  default:
    command.mutable_finalize()->set_currency(currency());
    command.mutable_finalize()->set_window(number());
  }
  return command;
}

v1::SettlementCommand odd_commands::pay() {
  v1::SettlementCommand command;
  const std::string batch = currency() + "_" + std::to_string(draw_.small(0, 6));
  switch (draw_.small(0, 2)) {
  case 0:
    command.mutable_batch()->set_currency(currency());
    command.mutable_batch()->set_batch(draw_.small(0, 6));
    command.mutable_batch()->set_step(draw_.small(0, 2));
    command.mutable_batch()->set_execution_date(date());
    break;
  case 1:
    for (std::uint32_t i = 0; i < draw_.small(0, 3); ++i) {
      v1::PayoutResult& result = *command.mutable_resolve()->add_results();
      result.set_payout("po_" + batch + "_" + std::to_string(draw_.small(0, 3)));
      result.set_event(static_cast<v1::PayoutResult::Event>(draw_.small(0, 3)));
    }
    break;
  default:
    command.mutable_file()->set_of((odds(3) ? "set_" : "pob_") + batch);
    command.mutable_file()->set_name(odds(3) ? account() : "file-" + batch);
    command.mutable_file()->set_sha256(std::string(odds(9) ? 31 : 32, 'x'));
    command.mutable_file()->set_size(number());
    command.mutable_file()->set_submits(odds(2));
  }
  return command;
}

v1::Command odd_commands::next() {
  v1::Command command;
  switch (draw_.small(0, 9)) {
  case 0:
    *command.mutable_settlement() = set_up();
    break;
  case 1:
  case 2:
    *command.mutable_settlement() = pay();
    break;
  case 3:
    *command.mutable_settlement_exception() = exception();
    break;
  case 4: {
    v1::CreatePayment& payment = *command.mutable_create_payment();
    payment.set_idempotency_key("p-" + std::to_string(++keys_));
    payment.set_from(odds(2) ? "world" : account());
    payment.set_to(merchant());
    payment.set_amount(std::min<std::int64_t>(amount(), 10'000'000'000'000));
    payment.set_currency("EUR");
    break;
  }
  case 5: {
    v1::RefundPayment& refund = *command.mutable_refund_payment();
    refund.set_payment_id(one_of(payments_));
    refund.set_idempotency_key("b-" + std::to_string(++keys_));
    refund.set_amount(odds(2) ? amount() : 0);
    break;
  }
  default:
    *command.mutable_settlement() = move();
  }
  return command;
}

} // namespace ducat::settlement::test
