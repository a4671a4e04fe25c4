/// A card payment on its way over links to acquirers. What is written in the log before it leaves,
/// and what may follow it, is the machine's business: see attempt.hpp.

#include "payment/fault_points.hpp"
#include "payment/limits.hpp"
#include "payment/run.hpp"
#include "payment/run_trace.hpp"

#include <ducat/payment/records.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/planted.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace ducat::payment {

namespace {

/// An acquirer's actor answers in time by itself: this is for one that does not.
constexpr duration grace = std::chrono::seconds{2};

/// How long is waited for an acquirer to say over which of its links to go: longer than it takes to
/// have another one granted.
constexpr duration plan_patience = std::chrono::seconds{1};

/// A run follows an acquirer to another link only so often.
constexpr int switches_max = 2;

v1::Command send_of(const run& r, const std::string& payment_id) {
  v1::Command command;
  command.set_by(r.routes.by);
  auto& send = *command.mutable_send_attempt();
  send.set_payment_id(payment_id);
  send.set_link(r.routes.links[r.route].link);
  send.set_asked(static_cast<v1::SendAttempt::Asked>(r.routes.links[r.route].asks));
  send.set_timeout_ms(static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(r.routes.answer_timeout).count()));
  send.set_attempt(r.attempts + 1);
  send.set_carrier(r.plan.carrier);
  send.set_epoch(r.plan.epoch);
  if (r.plan.epoch != 0)
    send.set_node(r.routes.node);
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

/// The route that was just tried is tried again, over whichever link is granted next. Returns false
/// if that was done often enough.
bool switch_over(run& r, std::uint64_t old_epoch) {
  if (old_epoch == 0 || r.switches >= switches_max)
    return false;
  ++r.switches;
  r.after_epoch = old_epoch;
  return true;
}

/// The attempt is in the log as sent. This run put it there, so nobody else sends it.
void transmit(const std::shared_ptr<run>& r, const v1::Payment& payment, const handle& acquirer) {
  r->after_epoch = 0;
  const trace::span_ptr span = begin_attempt(r->span, *payment.attempts().rbegin());
  const auto heard = [r, payment, span](const acquirer_answer& answer) {
    end_attempt(span, answer);
    after_answer.hit();
    if (answer.what == attempt_event::not_sent && answer.may_switch &&
        switch_over(*r, r->plan.epoch))
      --r->route;
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

void send(const std::shared_ptr<run>& r, const std::string& payment_id, attempt_plan plan) {
  r->plan = std::move(plan);
  r->sent_by = r->self->clock().now() + r->routes.answer_timeout;
  take_step(r, send_of(*r, payment_id));
}

void try_route(const std::shared_ptr<run>& r, const std::string& payment_id);

/// Nothing is in the log of a route that was not even tried.
void pass_by(const std::shared_ptr<run>& r, const std::string& payment_id, std::string_view why) {
  r->refused += (r->refused.empty() ? "" : "; ") + r->routes.links[r->route].link + ": ";
  r->refused += why;
  ++r->route;
  r->after_epoch = 0;
  try_route(r, payment_id);
}

v1::Command give_up_of(const run& r, const std::string& payment_id) {
  v1::Command command;
  command.set_by(r.routes.by);
  command.mutable_give_up_payment()->set_payment_id(payment_id);
  command.mutable_give_up_payment()->set_reason(r.refused.substr(0, reason_length_max));
  return command;
}

/// Asks the next route whether it takes an attempt now. If there is none any more, the payment
/// ends.
void try_route(const std::shared_ptr<run>& r, const std::string& payment_id) {
  if (r->route >= r->routes.links.size())
    return take_step(r, give_up_of(*r, payment_id));
  const card_route& route = r->routes.links[r->route];
  if (!route.has_plan)
    return send(r, payment_id, {});
  const duration patience = std::min(plan_patience, r->deadline - r->self->clock().now());
  if (patience <= duration::zero())
    return stop(*r, {errc::deadline_exceeded, "the deadline passed before the next step"});
  r->self->request(route.acquirer.current(), patience, plan_attempt{r->after_epoch})
      .then(
          [r, payment_id](const attempt_plan& plan) {
            plan.refused.empty() ? send(r, payment_id, plan) : pass_by(r, payment_id, plan.refused);
          },
          [r, payment_id](const caf::error& why) {
            const bool is_away = error_of(why).code == errc::unavailable;
            pass_by(r, payment_id, is_away ? "it does not run" : "no link of it takes payments");
          });
}

/// Returns whether `step` brought an approval of an attempt that had been reversed already. Then
/// that reversal was worth nothing.
bool was_reversed_before(const v1::Command& step, const v1::Payment& payment) {
  using heard = v1::ResolveAttempt;
  const auto& resolve = step.resolve_attempt();
  const bool is_approval = resolve.event() == heard::APPROVED ||
                           resolve.event() == heard::PARTIALLY_APPROVED ||
                           resolve.event() == heard::CONFLICTED;
  const int place = static_cast<int>(resolve.attempt()) - 1;
  return is_approval && place >= 0 && place < payment.attempts_size() &&
         payment.attempts(place).state() == v1::Attempt::REVERSED;
}

/// Returns whether an attempt comes next if the payment has none under way. (After one that was not
/// made, for another run had made it: that one is over.)
bool may_be_followed(const v1::Command& step) {
  return step.has_create_payment() || step.has_send_attempt() || step.has_resolve_attempt();
}

} // namespace

bool go_on_over_links(const std::shared_ptr<run>& r, const v1::Command& step, const paid& done) {
  if (done.outcome.error().code() == to_string(refusal::link_grant_superseded)) {
    const auto& sent = step.send_attempt();
    switch_over(*r, sent.epoch()) ? try_route(r, sent.payment_id())
                                  : pass_by(r, sent.payment_id(), done.outcome.error().message());
    return true;
  }
  const v1::Payment& payment = done.outcome.payment();
  if (done.outcome.has_error() || payment.card().empty())
    return false;
  const bool may_be_sent_again = planted::is_on(planted::bug::sent_again_after_crash);
  if (payment.state() == v1::Payment::AUTHORIZING && step.has_send_attempt() &&
      (done.receipt.index != 0 || may_be_sent_again)) {
    transmit(r, payment, r->routes.links[r->route++].acquirer);
    return true;
  }
  if (was_reversed_before(step, payment)) {
    v1::Command late = step;
    late.mutable_resolve_attempt()->set_event(v1::ResolveAttempt::LATE_APPROVAL);
    late.mutable_resolve_attempt()->set_reason("approved after it was reversed");
    take_step(r, late);
    return true;
  }
  const bool is_sent_again =
      payment.state() == v1::Payment::AUTHORIZING && step.has_create_payment() && may_be_sent_again;
  const bool may_send =
      is_sent_again || (payment.state() == v1::Payment::CREATED && may_be_followed(step));
  if (!may_send || r->routes.links.empty())
    return false;
  r->attempts = static_cast<std::uint32_t>(payment.attempts_size());
  try_route(r, payment.id());
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
          .resolved_at = {shown.resolved_at_ns()},
          .carrier = shown.carrier(),
          .epoch = shown.epoch(),
          .is_reversed_again = shown.reversed_again(),
          .reversal_number = shown.reversal_number(),
          .reversal_at = {shown.reversal_at_ns()},
          .asked = static_cast<asked_for>(shown.asked())};
}

} // namespace ducat::payment
