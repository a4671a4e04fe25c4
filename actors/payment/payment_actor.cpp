#include "payment/fault_points.hpp"
#include "payment/flow.hpp"

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
  receipt newest{};     ///< Of the steps committed by this run.
  bool replayed = true; ///< No step of this run had an effect.
};

void commit_step(const std::shared_ptr<run>& r, v1::Command step);

/// Answers that the run cannot go on. Once a step is committed, "nothing was done" is no longer
/// true.
void stop(const run& r, error why) {
  if (r.newest.index != 0)
    why.code = errc::outcome_unknown;
  caf::response_promise{r.promise}.deliver(to_caf(why));
}

caf::actor_clock::time_point now_of(caf::event_based_actor* self) {
  return self->clock().now();
}

/// Acts on a committed step: goes on with the next one, or answers.
void after_step(const std::shared_ptr<run>& r, const v1::Command& step, const committed& done) {
  v1::Outcome outcome;
  if (!outcome.ParseFromString(done.reply))
    return stop(*r, {errc::invalid_argument, "the ledger is no payment machine"});
  if (done.receipt.index != 0) {
    r->newest = done.receipt;
    r->replayed = false;
    hit_point_after(step);
  }
  if (auto next = step_after(step, outcome))
    return commit_step(r, std::move(*next));
  outcome.set_replayed(r->replayed && !outcome.has_error());
  r->promise.deliver(paid{std::move(outcome), r->newest});
}

/// Commits `step`, and goes on when it is durable.
void commit_step(const std::shared_ptr<run>& r, v1::Command step) {
  const auto left = r->deadline - now_of(r->self);
  if (left <= duration::zero())
    return stop(*r, {errc::deadline_exceeded, "the deadline passed before the next step"});
  std::string bytes = step.SerializeAsString();
  r->self->request(r->ledger.current(), left, commit{std::move(bytes)})
      .then([r, step](const committed& done) { after_step(r, step, done); },
            [r](const caf::error& failure) { stop(*r, error_of(failure)); });
}

caf::response_promise begin(caf::event_based_actor* self, const handle& ledger, const pay& what) {
  before_first_step.hit();
  auto r = std::make_shared<run>(run{.self = self,
                                     .ledger = ledger,
                                     .promise = self->make_response_promise(),
                                     .deadline = what.deadline});
  commit_step(r, what.first);
  return r->promise;
}

} // namespace

caf::behavior payment_actor(caf::event_based_actor* self, const handle& ledger) {
  return {[=](const pay& what) { return begin(self, ledger, what); }};
}

} // namespace ducat::payment
