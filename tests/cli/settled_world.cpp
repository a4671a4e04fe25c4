#include "cli/settled_world.hpp"

#include <ducat/digest.hpp>

namespace ducat::testing {

namespace {

constexpr std::uint32_t day = 20'261'102;

v1::Command configured() {
  v1::Command all;
  v1::ConfigureSettlement& terms = *all.mutable_settlement()->mutable_configure();
  terms.set_currency("EUR");
  terms.set_model(v1::NET_MULTILATERAL_DEFERRED);
  terms.set_business_date(day);
  return all;
}

v1::Command participant(const std::string& id, const std::string& account) {
  v1::Command all;
  v1::PutParticipant& terms = *all.mutable_settlement()->mutable_participant();
  terms.set_id(id);
  terms.set_currency("EUR");
  terms.set_net_debit_cap(10'000);
  terms.add_accounts(account);
  return all;
}

v1::Command funds(const std::string& id, std::int64_t amount) {
  v1::Command all;
  v1::FundParticipant& fund = *all.mutable_settlement()->mutable_fund();
  fund.set_id(id);
  fund.set_idempotency_key("fund-" + id);
  fund.set_amount(amount);
  return all;
}

v1::Command merchant(const std::string& id) {
  v1::Command all;
  v1::PutMerchant& terms = *all.mutable_settlement()->mutable_merchant();
  terms.set_id(id);
  terms.mutable_bank()->set_iban("DE89370400440532013000");
  if (id != "shop")
    return all;
  terms.mutable_discount()->add_tiers()->set_basis_points(150);
  v1::SplitShare& own = *terms.add_split();
  own.set_to("shop");
  own.set_rest(true);
  v1::SplitShare& other = *terms.add_split();
  other.set_to("kiosk");
  other.set_numerator(1);
  other.set_denominator(3);
  return all;
}

} // namespace

v1::Command card_payment(const std::string& key, std::int64_t amount, bool manual) {
  v1::Command command = create(key, "world", "shop", amount, manual);
  command.mutable_create_payment()->set_card("411111******1111");
  return command;
}

v1::Command sent(const std::string& key) {
  v1::Command command;
  v1::SendAttempt& attempt = *command.mutable_send_attempt();
  attempt.set_payment_id(cli::payment_id_of(key));
  attempt.set_link("acme");
  attempt.set_timeout_ms(30'000);
  attempt.set_asked(v1::SendAttempt::FINANCIAL);
  return command;
}

v1::Command heard_of(const std::string& key, v1::ResolveAttempt::Event event, std::int64_t amount,
                     std::uint32_t attempt) {
  v1::Command command;
  v1::ResolveAttempt& heard = *command.mutable_resolve_attempt();
  heard.set_payment_id(cli::payment_id_of(key));
  heard.set_event(event);
  heard.set_amount(amount);
  heard.set_attempt(attempt);
  heard.set_may_reroute(event == v1::ResolveAttempt::DECLINED);
  return command;
}

v1::Command cut_window(std::uint64_t number) {
  v1::Command all;
  v1::CutWindow& cut = *all.mutable_settlement()->mutable_cut();
  cut.set_currency("EUR");
  cut.set_window(number);
  cut.set_next_business_date(day + static_cast<std::uint32_t>(number));
  return all;
}

v1::Command start_of(std::uint64_t first, std::uint64_t last, std::uint64_t number) {
  v1::Command all;
  v1::StartSettlement& start = *all.mutable_settlement()->mutable_start();
  start.set_currency("EUR");
  start.set_first_window(first);
  start.set_last_window(last);
  start.set_number(number);
  return all;
}

v1::Command step_of(const std::string& settlement, std::uint32_t step) {
  v1::Command all;
  all.mutable_settlement()->mutable_advance()->set_id(settlement);
  all.mutable_settlement()->mutable_advance()->set_step(step);
  return all;
}

v1::Command abort_of(const std::string& settlement) {
  v1::Command all;
  all.mutable_settlement()->mutable_abort()->set_id(settlement);
  all.mutable_settlement()->mutable_abort()->set_reason("by hand");
  return all;
}

v1::Command final_window(std::uint64_t number) {
  v1::Command all;
  all.mutable_settlement()->mutable_finalize()->set_currency("EUR");
  all.mutable_settlement()->mutable_finalize()->set_window(number);
  return all;
}

v1::Command batch_of(std::uint64_t number, std::uint32_t step) {
  v1::Command all;
  v1::BatchPayouts& batch = *all.mutable_settlement()->mutable_batch();
  batch.set_currency("EUR");
  batch.set_batch(number);
  batch.set_step(step);
  batch.set_execution_date(day);
  return all;
}

v1::Command result_of(const std::string& payout, v1::PayoutResult::Event event) {
  v1::Command all;
  v1::PayoutResult& result = *all.mutable_settlement()->mutable_resolve()->add_results();
  result.set_payout(payout);
  result.set_event(event);
  return all;
}

v1::Command file_of(const std::string& of, char content) {
  v1::Command all;
  v1::RecordFile& file = *all.mutable_settlement()->mutable_file();
  file.set_of(of);
  file.set_name("order.xml");
  file.set_sha256(std::string(32, content));
  file.set_submits(true);
  return all;
}

v1::Command open_exception(const std::string& reference, std::uint64_t window,
                           std::int64_t internal, std::int64_t external) {
  v1::Command all;
  v1::OpenSettlementExceptions& open = *all.mutable_settlement_exception()->mutable_open();
  open.set_currency("EUR");
  v1::SettlementDifference& what = *open.add_differences();
  what.set_leg(v1::SettlementDifference::ACQUIRER);
  what.set_what(v1::SettlementDifference::AMOUNT);
  what.set_reference(reference);
  what.set_window(window);
  what.mutable_internal()->set_amount(internal);
  what.mutable_internal()->set_currency("EUR");
  what.mutable_external()->set_amount(external);
  what.mutable_external()->set_currency("EUR");
  return all;
}

std::string exception_of(const std::string& reference, std::uint64_t window) {
  const std::string numbers = "/" + std::to_string(window) + "/1/2/0/";
  return "exc_" + to_hex(sha256({"EUR", numbers, reference})).substr(0, 32);
}

v1::Command disposed(const std::string& id, v1::SettlementDisposition how) {
  v1::Command all;
  v1::DisposeOfSettlementException& command =
      *all.mutable_settlement_exception()->mutable_dispose();
  command.set_id(id);
  command.set_how(how);
  command.set_reason("asked");
  command.set_by("ops");
  return all;
}

checked_world settled_world() {
  using heard = v1::ResolveAttempt;
  v1::Command rerouted = heard_of("card3", heard::DECLINED);
  checked_world world;
  for (v1::Command& each :
       std::vector<v1::Command>{open_account("world", true),
                                open_account("shop", true),
                                open_account("kiosk", true),
                                configured(),
                                participant("north", "world"),
                                participant("south", "shop"),
                                funds("north", 20'000),
                                funds("south", 20'000),
                                merchant("kiosk"),
                                merchant("shop"),
                                card_payment("card1", 1'000),
                                sent("card1"),
                                heard_of("card1", heard::APPROVED, 1'000),
                                capture_of_creation("card1"),
                                refund("card1", "r1", 300),
                                card_payment("card2", 700),
                                sent("card2"),
                                heard_of("card2", heard::IN_DOUBT),
                                heard_of("card2", heard::REVERSAL_ACCEPTED),
                                card_payment("card3", 400, true),
                                sent("card3"),
                                rerouted,
                                sent("card3"),
                                heard_of("card3", heard::APPROVED, 400, 2),
                                capture("card3", "c3", 350),
                                cut_window(1),
                                card_payment("card4", 500),
                                sent("card4"),
                                heard_of("card4", heard::APPROVED, 500),
                                capture_of_creation("card4"),
                                start_of(1, 1, 1),
                                step_of("set_EUR_1", 0),
                                step_of("set_EUR_1", 1),
                                step_of("set_EUR_1", 2),
                                step_of("set_EUR_1", 3),
                                batch_of(1, 0),
                                file_of("pob_EUR_1", 'a'),
                                result_of("po_EUR_1_1", v1::PayoutResult::PAID),
                                result_of("po_EUR_1_2", v1::PayoutResult::RETURNED),
                                open_exception("rrn1", 1, 1'000, 990),
                                disposed(exception_of("rrn1", 1), v1::ACCEPTED),
                                final_window(1)})
    world.log.push_back({std::move(each)});
  const cli::account_body body{.currency = "EUR", .overdraft = true};
  for (std::uint64_t index = 1; index <= 3; ++index)
    world.record.push_back(
        {.id = {.kind = cli::operation_kind::account,
                .key = world.log[index - 1].front().open_account().id()},
         .body = cli::body_hash(body),
         .answer = cli::call_answer{.outcome = cli::call_outcome::ok, .index = index}});
  world.refresh_receipts();
  return world;
}

} // namespace ducat::testing
