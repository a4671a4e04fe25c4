/// The spans of one run. Whatever is not traced is a null pointer, and costs a look at it.
#pragma once

#include <ducat/payment/acquirer.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/payment/trace.hpp>

namespace ducat::payment {

/// Begins the span of a run. Null if its trace is told to nobody.
trace::span_ptr begin_run(const std::shared_ptr<trace::tracer>& to, const pay& request);

/// Ends it.
void end_run(const trace::span_ptr& run, const result<paid>& done);

/// Begins the span of a step's commit: until it is durable, refused, or cannot be known.
trace::span_ptr begin_step(const trace::span_ptr& run, const v1::Command& step);

/// Ends it. The run that has made a payment takes the name that others link to.
void end_step(const trace::span_ptr& run, const trace::span_ptr& step, const v1::Command& command,
              const result<paid>& done);

/// Begins the span of an attempt at an acquirer: until it has answered, or is not waited for.
trace::span_ptr begin_attempt(const trace::span_ptr& run, const v1::Attempt& attempt);

/// Ends it.
void end_attempt(const trace::span_ptr& attempt, const acquirer_answer& answer);

} // namespace ducat::payment
