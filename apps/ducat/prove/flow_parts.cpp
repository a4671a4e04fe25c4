#include "prove/flow_parts.hpp"

#include "check/checker.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/router.hpp>

#include <algorithm>

namespace ducat::cli {

using testing::sim_cluster;

namespace {

constexpr std::int64_t proven_amount = 100;
constexpr const char* proven_card = "4111111111111111";

bool is_pending(const v1::Payment& payment) {
  return payment::is_pending(static_cast<payment::state>(payment.state()));
}

/// Returns an outcome as text; an error if nobody knows it yet.
result<std::string> text_of_paid(const payment::paid& done) {
  const v1::Outcome& outcome = done.outcome;
  if (outcome.error().type() == v1::Error::UNAVAILABLE ||
      outcome.error().type() == v1::Error::UNKNOWN_OUTCOME ||
      outcome.error().retry() == v1::Error::AFTER_REVERSAL || is_pending(outcome.payment()))
    return fail(errc::unavailable, "nobody knows yet");
  if (outcome.has_error())
    return "refused: " + outcome.error().code();
  const v1::Payment& payment = outcome.payment();
  return v1::Payment::State_Name(payment.state()) + " captured " +
         std::to_string(payment.captured()) + " refunded " + std::to_string(payment.refunded());
}

} // namespace

v1::Command create_for(const std::string& key, bool is_manual) {
  v1::Command command;
  auto& create = *command.mutable_create_payment();
  create.set_idempotency_key(key);
  create.set_from("world");
  create.set_to("shop");
  create.set_amount(proven_amount);
  create.set_currency("EUR");
  create.set_manual_capture(is_manual);
  return command;
}

v1::Command capture_for(const std::string& payment_key, const std::string& key,
                        std::int64_t amount) {
  v1::Command command;
  auto& capture = *command.mutable_capture_payment();
  capture.set_payment_id(payment::payment_id_of(payment_key));
  capture.set_idempotency_key(key);
  capture.set_amount(amount);
  return command;
}

v1::Command void_for(const std::string& payment_key, const std::string& key) {
  v1::Command command;
  auto& release = *command.mutable_void_payment();
  release.set_payment_id(payment::payment_id_of(payment_key));
  release.set_idempotency_key(key);
  return command;
}

v1::Command refund_for(const std::string& payment_key, const std::string& key,
                       std::int64_t amount) {
  v1::Command command;
  auto& refund = *command.mutable_refund_payment();
  refund.set_payment_id(payment::payment_id_of(payment_key));
  refund.set_idempotency_key(key);
  refund.set_amount(amount);
  return command;
}

testing::flow_request pay_for(const std::string& id, const v1::Command& command, bool card) {
  const auto make = [command, card](time_point deadline) {
    payment::pay what{.first = command, .deadline = deadline};
    if (card) {
      what.card = payment::pan::parse(proven_card).value();
      if (what.first.has_create_payment())
        what.first.mutable_create_payment()->set_card(what.card->masked());
    }
    return make_routed(deadline, what);
  };
  return testing::ask_for<payment::paid>(id, "payments", make, text_of_paid);
}

void open_accounts(sim_cluster& on) {
  for (const char* id : {"world", "shop"}) {
    v1::Command command;
    command.mutable_open_account()->set_id(id);
    command.mutable_open_account()->set_currency("EUR");
    command.mutable_open_account()->set_overdraft(true);
    std::ignore = on.ask<committed>("node1", "ledger", commit{command.SerializeAsString()});
  }
}

v1::Outcome ask_ledger(sim_cluster& on, const std::string& node, const v1::Question& question) {
  v1::Outcome outcome;
  const auto told = on.ask<answer>(node, "ledger", query{question.SerializeAsString()});
  if (!told || !outcome.ParseFromString(told->text))
    outcome.mutable_error()->set_code(told ? "garbled" : to_string(told.error()));
  return outcome;
}

std::string books_at(sim_cluster& on, const std::string& node) {
  v1::Question accounts;
  accounts.mutable_accounts()->set_limit(100);
  std::string text;
  const v1::Outcome told = ask_ledger(on, node, accounts);
  for (const v1::Account& each : told.accounts().data())
    text += each.id() + " " + std::to_string(each.balance()) + " holds " +
            std::to_string(each.debits_pending()) + "; ";
  v1::Question payments;
  payments.mutable_payments()->set_limit(100);
  const v1::Outcome all = ask_ledger(on, node, payments);
  for (const v1::Payment& each : all.payments().data())
    text += each.id() + " " + v1::Payment::State_Name(each.state()) + "; ";
  return text + told.error().code() + all.error().code();
}

testing::flow_claim money_is_conserved() {
  return {"money is conserved", [](sim_cluster& on) -> std::string {
            v1::Question question;
            question.mutable_summary();
            const v1::Outcome told = ask_ledger(on, on.nodes().front(), question);
            const auto& totals = told.summary().totals();
            if (totals.empty() || !std::ranges::all_of(totals, &v1::LedgerTotals::in_balance))
              return "the ledger is not in balance";
            v1::Question accounts;
            accounts.mutable_accounts()->set_limit(100);
            std::int64_t sum = 0;
            const v1::Outcome all = ask_ledger(on, on.nodes().front(), accounts);
            for (const v1::Account& each : all.accounts().data())
              sum += each.balance();
            return sum == 0 ? "" : "all accounts together have " + std::to_string(sum);
          }};
}

testing::flow_claim checker_finds_nothing() {
  return {"the checker finds nothing in the log", [](sim_cluster& on) -> std::string {
            const auto found = check(
                [&](const std::function<void(const entry&)>& take) -> result<void> {
                  std::ranges::for_each(on.log(), take);
                  return {};
                },
                {}, {.allow_others = true});
            if (!found)
              return to_string(found.error());
            const auto& kept = found->found.kept();
            return kept.empty() ? ""
                                : std::string{to_string(kept.front().kind)} + ": " +
                                      kept.front().subject + ": " + kept.front().text;
          }};
}

} // namespace ducat::cli
