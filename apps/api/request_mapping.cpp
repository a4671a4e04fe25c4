#include "api/request_mapping.hpp"

#include <ducat/payment/change_id.hpp>

#include <map>
#include <utility>

namespace ducat::api {

v1::Receipt message_of(const receipt& where) {
  v1::Receipt out;
  if (where.index == 0)
    return out;
  out.set_index(where.index);
  if (where.hash != digest{})
    out.set_hash(to_hex(where.hash));
  return out;
}

v1::Command command_of(const v1::CreateAccountRequest& request) {
  v1::Command command;
  auto& open = *command.mutable_open_account();
  open.set_id(request.id());
  open.set_currency(request.currency());
  open.set_overdraft(request.overdraft());
  open.set_owner(request.owner());
  return command;
}

v1::Command command_of(const v1::CreatePaymentRequest& request) {
  v1::Command command;
  auto& create = *command.mutable_create_payment();
  create.set_idempotency_key(request.idempotency_key());
  create.set_from(request.from());
  create.set_to(request.to());
  create.set_amount(request.amount());
  create.set_currency(request.currency());
  create.set_manual_capture(request.capture_method() == v1::MANUAL);
  create.set_description(request.description());
  const std::map<std::string, std::string> sorted{request.metadata().begin(),
                                                  request.metadata().end()};
  for (const auto& [key, value] : sorted) {
    v1::MetadataPair& pair = *create.add_metadata();
    pair.set_key(key);
    pair.set_value(value);
  }
  return command;
}

/// An empty key would mean the capture that belongs to the creation: only the flow may ask for it.
v1::Command command_of(const v1::CapturePaymentRequest& request) {
  v1::Command command;
  auto& capture = *command.mutable_capture_payment();
  capture.set_payment_id(request.id());
  capture.set_idempotency_key(request.idempotency_key());
  capture.set_amount(request.amount());
  return command;
}

v1::Command command_of(const v1::VoidPaymentRequest& request) {
  v1::Command command;
  auto& release = *command.mutable_void_payment();
  release.set_payment_id(request.id());
  release.set_idempotency_key(request.idempotency_key());
  return command;
}

v1::Command command_of(const v1::RefundPaymentRequest& request) {
  v1::Command command;
  auto& refund = *command.mutable_refund_payment();
  refund.set_payment_id(request.id());
  refund.set_idempotency_key(request.idempotency_key());
  refund.set_amount(request.amount());
  return command;
}

v1::Command command_of(const v1::DecidePaymentRequest& request) {
  v1::Command command;
  command.set_by(request.decided_by());
  auto& decide = *command.mutable_decide_payment();
  decide.set_payment_id(request.id());
  decide.set_idempotency_key(request.idempotency_key());
  decide.set_reason(request.reason());
  decide.set_decision(static_cast<v1::DecidePayment::Decision>(request.decision()));
  return command;
}

/// What is no action here is none of the machine's events either.
v1::Command command_of(const v1::ResolveAdviceRequest& request) {
  v1::Command command;
  command.set_by(request.decided_by());
  auto& resolve = *command.mutable_resolve_advice();
  resolve.set_payment_id(request.id());
  resolve.set_advice(request.advice());
  resolve.set_reason(request.reason());
  resolve.set_event(request.action() == v1::ResolveAdviceRequest::RETRY ? v1::ResolveAdvice::RETRIED
                    : request.action() == v1::ResolveAdviceRequest::SETTLE
                        ? v1::ResolveAdvice::SETTLED
                        : v1::ResolveAdvice::UNSPECIFIED);
  return command;
}

std::optional<v1::Command> command_of(const v1::DecideChangeRequest& request) {
  const auto number = payment::change_number_in(request.id());
  if (!number)
    return std::nullopt;
  v1::Command command;
  auto& decide = *command.mutable_decide_change();
  decide.set_number(*number);
  decide.set_reason(request.reason());
  decide.set_decision(
      request.decision() == v1::DecideChangeRequest::APPROVE  ? v1::DecideChange::APPROVED
      : request.decision() == v1::DecideChangeRequest::REJECT ? v1::DecideChange::REJECTED
                                                              : v1::DecideChange::UNSPECIFIED);
  return command;
}

v1::Command command_of(const v1::ReconcileRequest& request) {
  v1::Command command;
  auto& begin = *command.mutable_reconcile_acquirer();
  begin.set_link(request.link());
  begin.set_currency(request.currency());
  begin.set_event(v1::ReconcileAcquirer::BEGUN);
  return command;
}

v1::Question question_of(v1::ListAcquirersRequest request) {
  v1::Question question;
  *question.mutable_acquirers() = std::move(request);
  return question;
}

v1::Question question_of(v1::ListExceptionsRequest request) {
  v1::Question question;
  *question.mutable_exceptions() = std::move(request);
  return question;
}

v1::Question question_of(v1::GetAccountRequest request) {
  v1::Question question;
  *question.mutable_account() = std::move(request);
  return question;
}

v1::Question question_of(v1::ListAccountsRequest request) {
  v1::Question question;
  *question.mutable_accounts() = std::move(request);
  return question;
}

v1::Question question_of(v1::GetPaymentRequest request) {
  v1::Question question;
  *question.mutable_payment() = std::move(request);
  return question;
}

v1::Question question_of(v1::ListPaymentsRequest request) {
  v1::Question question;
  *question.mutable_payments() = std::move(request);
  return question;
}

v1::Question question_of(v1::StatusRequest request) {
  v1::Question question;
  *question.mutable_summary() = std::move(request);
  return question;
}

v1::Question question_of(v1::ListEventsRequest request) {
  v1::Question question;
  *question.mutable_events() = std::move(request);
  return question;
}

v1::Question question_of(v1::GetEventRequest request) {
  v1::Question question;
  *question.mutable_event() = std::move(request);
  return question;
}

v1::PaymentReply payment_reply(v1::Outcome outcome, const receipt& where) {
  v1::PaymentReply out;
  *out.mutable_payment() = std::move(*outcome.mutable_payment());
  out.set_replayed(outcome.replayed());
  *out.mutable_receipt() = message_of(where);
  if (outcome.has_refund())
    *out.mutable_refund() = std::move(*outcome.mutable_refund());
  return out;
}

v1::AccountReply account_reply(v1::Outcome outcome, const receipt& where) {
  v1::AccountReply out;
  *out.mutable_account() = std::move(*outcome.mutable_account());
  out.set_replayed(outcome.replayed());
  *out.mutable_receipt() = message_of(where);
  return out;
}

} // namespace ducat::api
