/// A payment machine with the settlement of EUR: merchants, participants, and short ways to
/// command.
#pragma once

#include "payment/payment_world.hpp"

#include <ducat/v1/settlement.pb.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace ducat::settlement::test {

constexpr std::uint32_t first_day = 20'261'102;

/// As in payment_world.hpp, and: shop and kiosk, which are merchants, with accounts of their own.
class settlement_world : public payment::test::world {
public:
  explicit settlement_world(v1::SettlementModel model = v1::NET_MULTILATERAL_DEFERRED) {
    for (const char* id : {"books", "kiosk"})
      open(id, "EUR", true);
    v1::SettlementCommand command;
    command.mutable_configure()->set_currency("EUR");
    command.mutable_configure()->set_model(model);
    command.mutable_configure()->set_business_date(first_day);
    EXPECT_FALSE(settle(command).has_error());
    for (const char* id : {"books", "kiosk"})
      EXPECT_FALSE(settle(merchant(id)).has_error());
  }

  static v1::SettlementCommand merchant(const std::string& id) {
    v1::SettlementCommand command;
    v1::PutMerchant& terms = *command.mutable_merchant();
    terms.set_id(id);
    terms.mutable_bank()->set_name(id);
    terms.mutable_bank()->set_iban("DE89370400440532013000");
    return command;
  }

  static v1::SettlementCommand charging(v1::SettlementCommand command, std::uint32_t basis_points,
                                        std::int64_t fixed = 0) {
    v1::FeeTier& tier = *command.mutable_merchant()->mutable_discount()->add_tiers();
    tier.set_basis_points(basis_points);
    tier.set_fixed(fixed);
    return command;
  }

  v1::Outcome settle(const v1::SettlementCommand& command) {
    v1::Command all;
    *all.mutable_settlement() = command;
    return run(all);
  }

  v1::SettlementAnswer ask_settlement(const v1::SettlementQuestion& question) const {
    v1::Question all;
    *all.mutable_settlement() = question;
    return ask(all).settlement();
  }

  v1::Outcome participant(const std::string& id, const std::vector<std::string>& accounts,
                          std::int64_t cap, std::int64_t liquidity) {
    v1::SettlementCommand command;
    v1::PutParticipant& terms = *command.mutable_participant();
    terms.set_id(id);
    terms.set_currency("EUR");
    terms.set_net_debit_cap(cap);
    terms.mutable_accounts()->Assign(accounts.begin(), accounts.end());
    v1::Outcome out = settle(command);
    return liquidity == 0 ? out : fund(id, "fund-" + id, liquidity);
  }

  v1::Outcome fund(const std::string& id, const std::string& key, std::int64_t amount) {
    v1::SettlementCommand command;
    command.mutable_fund()->set_id(id);
    command.mutable_fund()->set_idempotency_key(key);
    command.mutable_fund()->set_amount(amount);
    return settle(command);
  }

  v1::Outcome cut(std::uint64_t window, std::uint32_t next_date = first_day + 1) {
    v1::SettlementCommand command;
    command.mutable_cut()->set_currency("EUR");
    command.mutable_cut()->set_window(window);
    command.mutable_cut()->set_next_business_date(next_date);
    return settle(command);
  }

  v1::Outcome start(std::uint64_t first, std::uint64_t last) {
    v1::SettlementQuestion question;
    (void)question.mutable_ledgers();
    v1::SettlementCommand command;
    command.mutable_start()->set_number(
        ask_settlement(question).ledgers().data(0).next_settlement());
    command.mutable_start()->set_currency("EUR");
    command.mutable_start()->set_first_window(first);
    command.mutable_start()->set_last_window(last);
    return settle(command);
  }

  v1::Outcome advance(const std::string& id, std::uint32_t step) {
    v1::SettlementCommand command;
    command.mutable_advance()->set_id(id);
    command.mutable_advance()->set_step(step);
    return settle(command);
  }

  /// Takes the settlement through its steps; returns how it ends.
  v1::Settlement run_settlement(std::uint64_t first, std::uint64_t last) {
    const v1::Outcome begun = start(first, last);
    EXPECT_FALSE(begun.has_error()) << begun.error().code();
    v1::Settlement now = begun.settlement().settlements().data(0);
    while (now.state() < v1::Settlement::SETTLED)
      now = advance(now.id(), now.step()).settlement().settlements().data(0);
    return now;
  }

  /// Cuts the window that is open and settles it.
  v1::Settlement cut_and_settle(std::uint64_t window) {
    EXPECT_FALSE(cut(window, first_day + static_cast<std::uint32_t>(window)).has_error());
    return run_settlement(window, window);
  }

  v1::Outcome batch_step(std::uint64_t batch, std::uint32_t step) {
    v1::SettlementCommand command;
    command.mutable_batch()->set_currency("EUR");
    command.mutable_batch()->set_batch(batch);
    command.mutable_batch()->set_step(step);
    command.mutable_batch()->set_execution_date(first_day + 2);
    return settle(command);
  }

  v1::PayoutBatch batch(std::uint64_t number) {
    v1::PayoutBatch now;
    for (std::uint32_t step = 0; now.state() <= v1::PayoutBatch::BATCHING; ++step)
      now = batch_step(number, step).settlement().batches().data(0);
    return now;
  }

  v1::Outcome resolve(const std::string& payout, v1::PayoutResult::Event event) {
    v1::SettlementCommand command;
    v1::PayoutResult& result = *command.mutable_resolve()->add_results();
    result.set_payout(payout);
    result.set_event(event);
    return settle(command);
  }

  v1::Outcome dispute(const std::string& payment, v1::DisputePayment::Event event,
                      std::int64_t amount = 0, std::int64_t fee = 0) {
    v1::SettlementCommand command;
    command.mutable_dispute()->set_payment_id(payment);
    command.mutable_dispute()->set_event(event);
    command.mutable_dispute()->set_amount(amount);
    command.mutable_dispute()->set_fee(fee);
    return settle(command);
  }

  v1::Window window(std::uint64_t number) const {
    v1::SettlementQuestion question;
    question.mutable_windows()->set_before(number + 1);
    question.mutable_windows()->set_limit(1);
    return ask_settlement(question).windows().data(0);
  }

  v1::Accrual accrual_of(const std::string& id, std::uint64_t number) const {
    v1::SettlementQuestion question;
    question.mutable_merchant_windows()->set_currency("EUR");
    question.mutable_merchant_windows()->set_window(number);
    question.mutable_merchant_windows()->set_merchant(id);
    const auto answer = ask_settlement(question);
    return answer.merchant_windows().data_size() == 0 ? v1::Accrual{}
                                                      : answer.merchant_windows().data(0).accrual();
  }

  v1::ListMembersReply members(const std::string& id, std::uint64_t number,
                               std::uint32_t limit = 4'096, std::uint64_t after = 0) const {
    v1::SettlementQuestion question;
    question.mutable_members()->set_currency("EUR");
    question.mutable_members()->set_window(number);
    question.mutable_members()->set_merchant(id);
    question.mutable_members()->set_limit(limit);
    question.mutable_members()->set_after_ns(after);
    return ask_settlement(question).members();
  }

  std::int64_t balance(const std::string& id) const { return account(id).balance(); }
};

} // namespace ducat::settlement::test
