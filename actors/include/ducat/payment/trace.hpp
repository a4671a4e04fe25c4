/// What a payment has to do with traces: whose trace it is in, and what is said of its outcome.
#pragma once

#include <ducat/error.hpp>
#include <ducat/tracer.hpp>
#include <ducat/v1/common.pb.h>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/payment.pb.h>

#include <optional>
#include <string>
#include <string_view>

namespace ducat::payment {

/// Returns the id of the payment that a request is about, or makes; empty if it is none.
std::string payment_id_in(const v1::Command& request);

/// Returns the payment's own trace: its id is the digits of the payment's id, so that every node
/// finds it, at any time. The span is that of the run that has made the payment, if it was traced
/// there. Nothing if this is no payment's id. It is not said to be sampled.
std::optional<trace::context> own_trace_of(std::string_view payment_id);

/// Returns the place of a request in a trace: where the caller says, or else in the payment's own
/// trace, or in a new one, with a zero span: nothing was before it.
trace::context place_of(trace::tracer& by, const std::optional<trace::context>& caller,
                        const std::string& payment_id);

/// Begins a span at that place, and says of which payment it is. A span in somebody else's trace is
/// linked to the payment's own. Null if the trace is told to nobody.
trace::span_ptr begin_span(const std::shared_ptr<trace::tracer>& to, std::string name,
                           trace::span_kind kind, const trace::context& at,
                           const std::string& payment_id);

/// End a span with what has become of a request: the attribute ducat.outcome is done, declined,
/// refused or unknown.
void end_span(const trace::span_ptr& span, const v1::Payment& payment);
void end_span(const trace::span_ptr& span, const v1::Error& why);
void end_span(const trace::span_ptr& span, const error& why);

} // namespace ducat::payment
