#include "payment/fault_points.hpp"
#include "payment/run.hpp"
#include "payment/run_trace.hpp"

#include <ducat/durable.hpp>
#include <ducat/life.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/planted.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <algorithm>
#include <utility>

namespace ducat::payment {

namespace {

/// Breaks here if the point behind the step that was just committed is armed.
void hit_point_after(const v1::Command& step) {
  switch (step.kind_case()) {
  case v1::Command::kCreatePayment:
    return after_create.hit();
  case v1::Command::kAuthorizePayment:
    return after_authorize.hit();
  case v1::Command::kCapturePayment:
    return after_capture.hit();
  case v1::Command::kVoidPayment:
    return after_void.hit();
  case v1::Command::kRefundPayment:
    return after_refund.hit();
  case v1::Command::kSendAttempt:
    return after_send.hit();
  case v1::Command::kResolveAttempt:
    return after_resolve.hit();
  case v1::Command::kOpenAccount:
  case v1::Command::kPassTime:
  case v1::Command::kGrantLink:
  case v1::Command::kGiveUpPayment:
  case v1::Command::kReversePayment:
  case v1::Command::kRecordAdvice:
  case v1::Command::kReconcileTerminal:
  case v1::Command::kResolveAdvice:
  case v1::Command::kDecidePayment:
  case v1::Command::kReconcileAcquirer:
  case v1::Command::kPutEndpoint:
  case v1::Command::kRemoveEndpoint:
  case v1::Command::kNoteDeliveries:
  case v1::Command::kReplayEvents:
  case v1::Command::kSettlement:
  case v1::Command::kSettlementException:
  case v1::Command::kRecordAudit:
  case v1::Command::kDecideChange:
  case v1::Command::KIND_NOT_SET:
    break;
  }
}

/// How often a step whose outcome is unknown is committed again, at once: as a rule another node or
/// another life of the ledger knows. After that the caller decides.
constexpr int repetitions_max = 3;

} // namespace

/// Ends a run that cannot go on. Once a step may be in the log, "nothing was done" is a guess.
/// A run whose grant is over is not answered: the actor ends with it, and the router gives the
/// request to whoever serves now.
void stop(const run& r, error why) {
  if (why.code == errc::epoch_lost)
    return;
  if (planted::is_on(planted::bug::unknown_told_as_not_done))
    why.code = errc::unavailable;
  else if (r.begun)
    why.code = errc::outcome_unknown;
  r.finished(tl::unexpected(std::move(why)));
}

namespace {

/// Returns the receipt of the entry with the newest effect, if this run wrote it.
receipt own_receipt(const run& r, const v1::Outcome& outcome) {
  return r.newest.index == outcome.index() ? r.newest : receipt{};
}

/// Acts on a step that was committed or refused: goes on with the next one, or ends.
void after_step(const std::shared_ptr<run>& r, const v1::Command& step, paid done) {
  r->begun = r->begun || !done.outcome.has_error();
  if (done.receipt.index != 0) {
    r->newest = done.receipt;
    r->acted(step);
  }
  if (go_on_over_links(r, step, done))
    return;
  if (auto next = step_after(step, done.outcome))
    return take_step(r, *next);
  done.outcome.set_replayed(r->newest.index == 0 && !done.outcome.has_error());
  done.receipt = own_receipt(*r, done.outcome);
  r->finished(std::move(done));
}

/// What an acquirer has said is written down though its caller waits no more.
constexpr duration resolve_timeout = std::chrono::seconds{5};

/// Under the same key: what may be in the log is there once.
v1::Command to_be_repeated(v1::Command step) {
  if (planted::is_on(planted::bug::step_repeated_under_new_key)) {
    if (step.has_create_payment())
      step.mutable_create_payment()->mutable_idempotency_key()->append("'");
    if (step.has_refund_payment())
      step.mutable_refund_payment()->mutable_idempotency_key()->append("'");
  }
  return step;
}

void take_step(const std::shared_ptr<run>& r, const v1::Command& step, int repetitions) {
  duration left = r->deadline - r->self->clock().now();
  if (step.has_resolve_attempt())
    left = std::max(left, resolve_timeout);
  if (left <= duration::zero())
    return stop(*r, {errc::deadline_exceeded, "the deadline passed before the next step"});
  const commit what{.command = step.SerializeAsString(), .token = r->token};
  const trace::span_ptr span = begin_step(r->span, step);
  commit_step(r->self, r->ledger, what, left, [r, step, repetitions, span](result<paid> done) {
    end_step(r->span, span, step, done);
    if (done)
      return after_step(r, step, std::move(*done));
    const bool is_unknown = done.error().code == errc::outcome_unknown;
    r->begun = r->begun || is_unknown;
    if (is_unknown && repetitions > 0 && !planted::is_on(planted::bug::unknown_told_as_not_done))
      return take_step(r, to_be_repeated(step), repetitions - 1);
    stop(*r, std::move(done.error()));
  });
}

} // namespace

void take_step(const std::shared_ptr<run>& r, const v1::Command& step) {
  take_step(r, step, repetitions_max);
}

namespace {

/// The command was committed, whatever its reply says.
result<paid> paid_of(const committed& done) {
  paid reply{.outcome = {}, .receipt = done.receipt};
  if (!reply.outcome.ParseFromString(done.reply))
    return fail(errc::outcome_unknown, "the reply of the payment machine cannot be read");
  return reply;
}

caf::response_promise begin(caf::event_based_actor* self, const handle& ledger,
                            const std::optional<fencing_token>& token, const pay& what,
                            const card_routes& routes) {
  before_first_step.hit();
  auto promise = self->make_response_promise();
  const trace::span_ptr span = begin_run(routes.traces, what);
  const auto finished = [promise, span](result<paid> done) mutable {
    end_run(span, done);
    done ? promise.deliver(std::move(*done)) : promise.deliver(to_caf(done.error()));
  };
  card_routes by_this_life = routes;
  pay named = what;
  if (!routes.by.empty()) {
    by_this_life.by += '/' + life_of(self);
    if (named.first.by().empty())
      named.first.set_by(by_this_life.by);
  }
  run_steps(self, ledger, named, hit_point_after, finished, token, by_this_life, span);
  return promise;
}

} // namespace

void commit_step(caf::event_based_actor* self, const handle& ledger, const commit& step,
                 duration timeout, std::function<void(result<paid>)> done) {
  self->request(ledger.current(), timeout, step)
      .then([done](const committed& reply) { done(paid_of(reply)); },
            [done](const caf::error& failure) { done(tl::unexpected(error_of(failure))); });
}

void run_steps(caf::event_based_actor* self, const handle& ledger, const pay& request,
               std::function<void(const v1::Command& step)> acted,
               std::function<void(result<paid>)> finished,
               const std::optional<fencing_token>& token, const card_routes& routes,
               const trace::span_ptr& span) {
  take_step(std::make_shared<run>(run{.self = self,
                                      .ledger = ledger,
                                      .token = token,
                                      .deadline = request.deadline,
                                      .acted = std::move(acted),
                                      .finished = std::move(finished),
                                      .routes = routes,
                                      .card = request.card,
                                      .security_code = request.security_code,
                                      .span = span}),
            request.first);
}

caf::behavior payment_actor(caf::event_based_actor* self, const handle& ledger) {
  return card_payment_actor(self, ledger, {});
}

caf::behavior card_payment_actor(caf::event_based_actor* self, const handle& ledger,
                                 const card_routes& routes) {
  auto token = std::make_shared<std::optional<fencing_token>>();
  return {
      [=](const pay& what) { return begin(self, ledger, *token, what, routes); },
      [=](const granted& what) { *token = what.token; },
  };
}

} // namespace ducat::payment
