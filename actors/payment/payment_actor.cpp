#include "payment/fault_points.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

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
  case v1::Command::kOpenAccount:
  case v1::Command::KIND_NOT_SET:
    break;
  }
}

/// One request on its way through its steps.
struct run {
  caf::event_based_actor* self;
  handle ledger;
  caf::response_promise promise;
  time_point deadline;
  receipt newest{}; ///< Of the steps that had an effect in this run; index 0: it is a replay.
};

void take_step(const std::shared_ptr<run>& r, const v1::Command& step);

/// Answers that the run cannot go on. Once a step is committed, "nothing was done" is no longer
/// true.
void stop(const run& r, error why) {
  if (r.newest.index != 0)
    why.code = errc::outcome_unknown;
  caf::response_promise{r.promise}.deliver(to_caf(why));
}

/// Acts on a step that was committed or refused: goes on with the next one, or answers.
void after_step(const std::shared_ptr<run>& r, const v1::Command& step, paid done) {
  if (done.receipt.index != 0) {
    r->newest = done.receipt;
    hit_point_after(step);
  }
  if (auto next = step_after(step, done.outcome))
    return take_step(r, *next);
  done.outcome.set_replayed(r->newest.index == 0 && !done.outcome.has_error());
  done.receipt = r->newest;
  r->promise.deliver(std::move(done));
}

void take_step(const std::shared_ptr<run>& r, const v1::Command& step) {
  const duration left = r->deadline - r->self->clock().now();
  if (left <= duration::zero())
    return stop(*r, {errc::deadline_exceeded, "the deadline passed before the next step"});
  commit_step(r->self, r->ledger, step, left, [r, step](result<paid> done) {
    done ? after_step(r, step, std::move(*done)) : stop(*r, std::move(done.error()));
  });
}

caf::response_promise begin(caf::event_based_actor* self, const handle& ledger, const pay& what) {
  before_first_step.hit();
  auto r = std::make_shared<run>(run{.self = self,
                                     .ledger = ledger,
                                     .promise = self->make_response_promise(),
                                     .deadline = what.deadline});
  take_step(r, what.first);
  return r->promise;
}

result<paid> paid_of(const committed& done) {
  paid reply{.outcome = {}, .receipt = done.receipt};
  if (!reply.outcome.ParseFromString(done.reply))
    return fail(errc::invalid_argument, "the ledger is no payment machine");
  return reply;
}

} // namespace

void commit_step(caf::event_based_actor* self, const handle& ledger, const v1::Command& step,
                 duration timeout, std::function<void(result<paid>)> done) {
  self->request(ledger.current(), timeout, commit{step.SerializeAsString()})
      .then([done](const committed& reply) { done(paid_of(reply)); },
            [done](const caf::error& failure) { done(tl::unexpected(error_of(failure))); });
}

caf::behavior payment_actor(caf::event_based_actor* self, const handle& ledger) {
  return {[=](const pay& what) { return begin(self, ledger, what); }};
}

} // namespace ducat::payment
