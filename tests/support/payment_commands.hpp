/// Short ways to write the commands of the payment machine.
#pragma once

#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <string>

namespace ducat::testing {

inline v1::Command open_account(const std::string& id, bool overdraft,
                                const std::string& currency = "EUR") {
  v1::Command command;
  auto& open = *command.mutable_open_account();
  open.set_id(id);
  open.set_currency(currency);
  open.set_overdraft(overdraft);
  return command;
}

/// Returns it as whoever has that role has asked node1 for it.
inline v1::Command asked_by(v1::Command command, const std::string& role, const std::string& name) {
  command.mutable_principal()->set_role(role);
  command.mutable_principal()->set_name(name);
  command.mutable_principal()->set_node("node1");
  return command;
}

inline v1::Command create_payment(const std::string& key, const std::string& from,
                                  const std::string& to, std::int64_t amount, bool manual = false) {
  v1::Command command;
  auto& create = *command.mutable_create_payment();
  create.set_idempotency_key(key);
  create.set_from(from);
  create.set_to(to);
  create.set_amount(amount);
  create.set_currency("EUR");
  create.set_manual_capture(manual);
  return command;
}

inline v1::Command authorize_payment(const std::string& id) {
  v1::Command command;
  command.mutable_authorize_payment()->set_payment_id(id);
  return command;
}

inline v1::Command capture_payment(const std::string& id, const std::string& key,
                                   std::int64_t amount = 0) {
  v1::Command command;
  auto& capture = *command.mutable_capture_payment();
  capture.set_payment_id(id);
  capture.set_idempotency_key(key);
  capture.set_amount(amount);
  return command;
}

inline v1::Command void_payment(const std::string& id, const std::string& key) {
  v1::Command command;
  auto& release = *command.mutable_void_payment();
  release.set_payment_id(id);
  release.set_idempotency_key(key);
  return command;
}

inline v1::Command refund_payment(const std::string& id, const std::string& key,
                                  std::int64_t amount = 0) {
  v1::Command command;
  auto& refund = *command.mutable_refund_payment();
  refund.set_payment_id(id);
  refund.set_idempotency_key(key);
  refund.set_amount(amount);
  return command;
}

/// A payment by card, from world's account with the acquirer.
inline v1::Command create_card_payment(const std::string& key, std::int64_t amount,
                                       bool manual = false) {
  v1::Command command = create_payment(key, "world", "shop", amount, manual);
  command.mutable_create_payment()->set_card("411111******1111");
  return command;
}

inline v1::Command send_attempt(const std::string& id, const std::string& link = "acme",
                                std::uint32_t timeout_ms = 30'000,
                                v1::SendAttempt::Asked asked = v1::SendAttempt::UNSPECIFIED) {
  v1::Command command;
  auto& send = *command.mutable_send_attempt();
  send.set_payment_id(id);
  send.set_link(link);
  send.set_timeout_ms(timeout_ms);
  send.set_asked(asked);
  return command;
}

inline v1::Command resolve_attempt(const std::string& id, v1::ResolveAttempt::Event event,
                                   std::int64_t amount = 0, std::uint32_t attempt = 1) {
  v1::Command command;
  auto& resolve = *command.mutable_resolve_attempt();
  resolve.set_payment_id(id);
  resolve.set_attempt(attempt);
  resolve.set_event(event);
  resolve.set_amount(amount);
  return command;
}

/// An approval of which only the attempt's number among all, its STAN and its acquirer are known.
inline v1::Command late_approval(std::uint64_t number, std::uint32_t stan, std::int64_t amount,
                                 const std::string& link = "acme") {
  v1::Command command;
  auto& resolve = *command.mutable_resolve_attempt();
  resolve.set_event(v1::ResolveAttempt::LATE_APPROVAL);
  resolve.set_number(number);
  resolve.set_stan(stan);
  resolve.set_link(link);
  resolve.set_amount(amount);
  return command;
}

inline v1::Command grant_link(const std::string& link, std::uint64_t after_epoch,
                              const std::string& acquirer = "acme",
                              const std::string& node = "node1") {
  v1::Command command;
  auto& grant = *command.mutable_grant_link();
  grant.set_acquirer(acquirer);
  grant.set_node(node);
  grant.set_link(link);
  grant.set_after_epoch(after_epoch);
  return command;
}

inline v1::Command send_over(const std::string& id, const std::string& carrier, std::uint64_t epoch,
                             const std::string& node = "node1") {
  v1::Command command = send_attempt(id);
  auto& send = *command.mutable_send_attempt();
  send.set_node(node);
  send.set_carrier(carrier);
  send.set_epoch(epoch);
  return command;
}

inline v1::Command give_up_payment(const std::string& id, const std::string& reason) {
  v1::Command command;
  command.mutable_give_up_payment()->set_payment_id(id);
  command.mutable_give_up_payment()->set_reason(reason);
  return command;
}

inline v1::Command resolve_advice(const std::string& id, std::uint32_t advice,
                                  v1::ResolveAdvice::Event event, const std::string& reason = "") {
  v1::Command command;
  auto& resolve = *command.mutable_resolve_advice();
  resolve.set_payment_id(id);
  resolve.set_advice(advice);
  resolve.set_event(event);
  resolve.set_reason(reason);
  return command;
}

inline v1::Command decide_payment(const std::string& id, const std::string& key,
                                  v1::DecidePayment::Decision decision,
                                  const std::string& reason = "asked the bank") {
  v1::Command command;
  auto& decide = *command.mutable_decide_payment();
  decide.set_payment_id(id);
  decide.set_idempotency_key(key);
  decide.set_decision(decision);
  decide.set_reason(reason);
  return command;
}

inline v1::Command reconcile(v1::ReconcileAcquirer::Event event, std::uint64_t number = 0,
                             const v1::AcquirerTotals& theirs = {},
                             const std::string& link = "acme") {
  v1::Command command;
  auto& told = *command.mutable_reconcile_acquirer();
  told.set_link(link);
  told.set_currency("EUR");
  told.set_event(event);
  told.set_number(number);
  *told.mutable_theirs() = theirs;
  return command;
}

inline v1::Command pass_time(std::uint64_t to_ns) {
  v1::Command command;
  command.mutable_pass_time()->set_to_ns(to_ns);
  return command;
}

/// The same at a terminal.
inline v1::Command create_terminal_payment(const std::string& key, std::int64_t amount,
                                           bool manual = false,
                                           const std::string& terminal = "TERM0001") {
  v1::Command command = create_card_payment(key, amount, manual);
  command.mutable_create_payment()->set_terminal(terminal);
  return command;
}

inline v1::Command reverse_payment(const std::string& key, const std::string& original,
                                   const std::string& terminal = "TERM0001") {
  v1::Command command;
  auto& reverse = *command.mutable_reverse_payment();
  reverse.set_idempotency_key(key);
  reverse.set_original_key(original);
  reverse.set_terminal(terminal);
  return command;
}

inline v1::Command record_advice(const std::string& key, std::int64_t amount, bool manual = false) {
  v1::Command command;
  *command.mutable_record_advice()->mutable_payment() =
      create_terminal_payment(key, amount, manual).create_payment();
  return command;
}

inline v1::Command reconcile_terminal(const std::string& key, std::int64_t debits,
                                      std::int64_t amount,
                                      const std::string& terminal = "TERM0001") {
  v1::Command command;
  auto& reconcile = *command.mutable_reconcile_terminal();
  reconcile.set_idempotency_key(key);
  reconcile.set_terminal(terminal);
  reconcile.set_currency("EUR");
  reconcile.set_debits(debits);
  reconcile.set_debit_amount(amount);
  return command;
}

} // namespace ducat::testing
