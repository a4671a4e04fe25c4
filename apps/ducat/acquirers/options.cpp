#include "acquirers/options.hpp"

#include "client/payment_commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace ducat::cli {

namespace {

using action = std::function<exit_code(const session&)>;
using on_command = std::function<void(CLI::App*, action)>;

std::string who() {
  const char* user = std::getenv("USER");
  return user == nullptr ? "" : user;
}

void add_who_and_why(CLI::App& command, acquirer_arguments& arguments) {
  command.add_option("--reason", arguments.reason, "How that is known")->required();
  command.add_option("--by", arguments.by, "Who says so")->default_val(who());
}

/// Two flags of which one has to be there; each sets its value.
template <class Value>
void add_choice(CLI::App& command, const char* first, const char* first_means, Value first_value,
                const char* second, const char* second_means, Value second_value,
                const std::function<void(Value)>& choose) {
  auto* group = command.add_option_group("what");
  group->require_option(1);
  group->add_flag_callback(first, [=] { choose(first_value); }, first_means);
  group->add_flag_callback(second, [=] { choose(second_value); }, second_means);
}

void add_decide(CLI::App& pay, acquirer_arguments& arguments, const on_command& on) {
  CLI::App* decide = pay.add_subcommand(
      "decide", "Say what became of a payment in EXCEPTION, and how that is known");
  decide->add_option("id", arguments.id, "Its id")->required();
  using decision = v1::DecidePaymentRequest;
  add_choice<decision::Decision>(
      *decide, "--taken-back", "The payer has not paid: the amount is released",
      decision::TAKEN_BACK, "--was-paid", "The payer has: the payee gets the amount",
      decision::WAS_PAID, [&](auto what) { arguments.decision.set_decision(what); });
  add_who_and_why(*decide, arguments);
  decide->add_option("--key", arguments.key, "Idempotency key; default: a random one");
  on(decide, [&](const session& with) {
    v1::DecidePaymentRequest request = arguments.decision;
    request.set_id(arguments.id);
    request.set_reason(arguments.reason);
    request.set_decided_by(arguments.by);
    request.set_idempotency_key(arguments.key);
    return decide_payment(with, request);
  });
}

void add_advice(CLI::App& group, acquirer_arguments& arguments, const on_command& on) {
  CLI::App* advice = group.add_subcommand("advice", "Decide about an exhausted advice");
  advice->add_option("id", arguments.id, "Id of the payment")->required();
  advice->add_option("number", arguments.number, "Which of its advices, from 1")->required();
  using asked = v1::ResolveAdviceRequest;
  add_choice<asked::Action>(*advice, "--retry", "It is sent again", asked::RETRY, "--settle",
                            "It was settled with the acquirer by other means", asked::SETTLE,
                            [&](auto what) { arguments.advice.set_action(what); });
  add_who_and_why(*advice, arguments);
  on(advice, [&](const session& with) {
    v1::ResolveAdviceRequest request = arguments.advice;
    request.set_id(arguments.id);
    request.set_advice(arguments.number);
    request.set_reason(arguments.reason);
    request.set_decided_by(arguments.by);
    return resolve_advice(with, request);
  });
}

} // namespace

void add_acquirer_commands(CLI::App& app, acquirer_arguments& arguments, const on_command& on) {
  add_decide(*app.get_subcommand("pay"), arguments, on);
  CLI::App* group = app.add_subcommand("acquirer", "What was moved with acquirers, and is owed");
  group->require_subcommand(1);
  on(group->add_subcommand("list", "Totals since the last reconciliation in balance"),
     list_acquirers);
  on(group->add_subcommand("exceptions", "What only somebody can decide"), list_exceptions);
  CLI::App* compare = group->add_subcommand("reconcile", "Compare totals with an acquirer");
  compare->add_option("name", arguments.link, "Its name in the configuration")->required();
  compare->add_option("--currency", arguments.currency, "Only in this one");
  on(compare,
     [&](const session& with) { return reconcile(with, arguments.link, arguments.currency); });
  add_advice(*group, arguments, on);
}

} // namespace ducat::cli
