#include "payment/run_trace.hpp"

#include <ducat/payment/attempt.hpp>

#include <memory>
#include <utility>

namespace ducat::payment {

namespace {

/// "create_payment": the field's name in the journal.
std::string kind_of(const v1::Command& step) {
  const auto* const field =
      v1::Command::descriptor()->FindFieldByNumber(static_cast<int>(step.kind_case()));
  return field == nullptr ? "nothing" : field->name();
}

trace::span_ptr part_of(const trace::span_ptr& whole, std::string name, trace::span_kind kind) {
  return std::make_shared<trace::open_span>(whole, std::move(name), kind);
}

/// Nobody else's span has that name: of all runs one has made the payment.
void take_known_name(trace::open_span& run, const std::string& payment_id) {
  const auto own = own_trace_of(payment_id);
  if (own && own->trace == run.at().trace)
    run.rename(own->span);
}

} // namespace

trace::span_ptr begin_run(const std::shared_ptr<trace::tracer>& to, const pay& request) {
  if (to == nullptr)
    return nullptr;
  const std::string payment_id = payment_id_in(request.first);
  return begin_span(to, "run " + kind_of(request.first), trace::span_kind::internal,
                    place_of(*to, request.trace, payment_id), payment_id);
}

void end_run(const trace::span_ptr& run, const result<paid>& done) {
  if (!done)
    return end_span(run, done.error());
  const v1::Outcome& outcome = done->outcome;
  outcome.has_error() ? end_span(run, outcome.error()) : end_span(run, outcome.payment());
}

trace::span_ptr begin_step(const trace::span_ptr& run, const v1::Command& step) {
  return run == nullptr ? nullptr
                        : part_of(run, "commit " + kind_of(step), trace::span_kind::internal);
}

void end_step(const trace::span_ptr& run, const trace::span_ptr& step, const v1::Command& command,
              const result<paid>& done) {
  if (step == nullptr)
    return;
  if (!done)
    return end_span(step, done.error());
  if (done->outcome.has_error())
    return end_span(step, done->outcome.error());
  const bool has_effect = done->receipt.index != 0;
  if (has_effect)
    step->set("ducat.log.index", static_cast<std::int64_t>(done->receipt.index));
  if (has_effect && command.has_create_payment())
    take_known_name(*run, payment_id_in(command));
  step->set("ducat.outcome", has_effect ? "committed" : "repeated");
  step->end();
}

trace::span_ptr begin_attempt(const trace::span_ptr& run, const v1::Attempt& attempt) {
  if (run == nullptr)
    return nullptr;
  auto begun = part_of(run, "acquirer " + attempt.link(), trace::span_kind::client);
  begun->set("ducat.acquirer", attempt.link());
  begun->set("ducat.attempt.id", attempt.id());
  if (!attempt.carrier().empty())
    begun->set("ducat.link", attempt.carrier());
  return begun;
}

void end_attempt(const trace::span_ptr& attempt, const acquirer_answer& answer) {
  if (attempt == nullptr)
    return;
  const bool is_known = answer.what != attempt_event::in_doubt;
  attempt->set("ducat.outcome", is_known ? std::string{to_string(answer.what)} : "unknown");
  if (!answer.response_code.empty())
    attempt->set("ducat.response_code", answer.response_code);
  is_known ? attempt->end() : attempt->end("it is in doubt: " + answer.reason);
}

} // namespace ducat::payment
