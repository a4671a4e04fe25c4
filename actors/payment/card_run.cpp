/// A card payment on its way over links to acquirers. What is written in the log before it leaves,
/// and what may follow it, is the machine's business: see attempt.hpp.

#include "payment/fault_points.hpp"
#include "payment/run.hpp"

#include <ducat/payment/records.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ducat::payment {

namespace {

/// An acquirer's actor answers in time by itself: this is for one that does not.
constexpr duration grace = std::chrono::seconds{2};

v1::Command send_of(const run& r, const v1::Payment& payment) {
  v1::Command command;
  command.set_by(r.routes.by);
  auto& send = *command.mutable_send_attempt();
  send.set_payment_id(payment.id());
  send.set_link(r.routes.links[r.route].link);
  send.set_timeout_ms(static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(r.routes.answer_timeout).count()));
  return command;
}

v1::Command resolve_of(const run& r, const v1::Payment& payment, const acquirer_answer& answer) {
  v1::Command command;
  command.set_by(r.routes.by);
  auto& resolve = *command.mutable_resolve_attempt();
  resolve.set_payment_id(payment.id());
  resolve.set_attempt(static_cast<std::uint32_t>(payment.attempts_size()));
  resolve.set_event(static_cast<v1::ResolveAttempt::Event>(answer.what));
  resolve.set_amount(answer.amount);
  resolve.set_approval_code(answer.approval_code);
  resolve.set_response_code(answer.response_code);
  resolve.set_reason(answer.reason);
  resolve.set_may_reroute(answer.may_reroute && r.route < r.routes.links.size());
  resolve.set_then_capture(answer.what == attempt_event::approved &&
                           payment.capture_method() != v1::MANUAL);
  return command;
}

/// Only `unavailable` says that nothing was sent.
acquirer_answer answer_of(const error& why) {
  const bool is_proof = why.code == errc::unavailable;
  return {.what = is_proof ? attempt_event::not_sent : attempt_event::in_doubt,
          .reason = std::string{to_string(why.code)}};
}

/// The attempt is in the log as sent. This run put it there, so nobody else sends it.
void transmit(const std::shared_ptr<run>& r, const v1::Payment& payment, const handle& acquirer) {
  const auto heard = [r, payment](const acquirer_answer& answer) {
    after_answer.hit();
    take_step(r, resolve_of(*r, payment, answer));
  };
  const duration patience = r->sent_by - r->self->clock().now();
  if (patience <= duration::zero())
    return heard({.what = attempt_event::not_sent, .reason = "it was too late to send it"});
  r->self
      ->request(acquirer.current(), patience + grace,
                authorize_attempt{.attempt = attempt_of(*payment.attempts().rbegin()),
                                  .currency = payment.currency(),
                                  .card = r->card,
                                  .security_code = r->security_code,
                                  .deadline = r->sent_by})
      .then(heard, [heard](const caf::error& why) { heard(answer_of(error_of(why))); });
}

} // namespace

bool go_on_over_links(const std::shared_ptr<run>& r, const v1::Command& step, const paid& done) {
  const v1::Payment& payment = done.outcome.payment();
  if (done.outcome.has_error() || payment.card().empty())
    return false;
  if (payment.state() == v1::Payment::AUTHORIZING && step.has_send_attempt() &&
      done.receipt.index != 0) {
    transmit(r, payment, r->routes.links[r->route++].acquirer);
    return true;
  }
  const bool may_send = payment.state() == v1::Payment::CREATED &&
                        (step.has_create_payment() || step.has_resolve_attempt());
  if (!may_send || r->route >= r->routes.links.size())
    return false;
  r->sent_by = r->self->clock().now() + r->routes.answer_timeout;
  take_step(r, send_of(*r, payment));
  return true;
}

attempt_record attempt_of(const v1::Attempt& shown) {
  return {.id = shown.id(),
          .link = shown.link(),
          .now = static_cast<attempt_state>(shown.state()),
          .stan = shown.stan(),
          .number = std::stoull(shown.rrn()),
          .amount = shown.amount(),
          .approved_amount = shown.approved_amount(),
          .approval_code = shown.approval_code(),
          .response_code = shown.response_code(),
          .reason = shown.reason(),
          .was_late = shown.late_approval(),
          .sent_at = {shown.sent_at_ns()},
          .in_doubt_at = {shown.in_doubt_at_ns()},
          .resolved_at = {shown.resolved_at_ns()}};
}

} // namespace ducat::payment
