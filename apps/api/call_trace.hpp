/// The span of a call that asks for something about a payment: from the edge until its answer.
#pragma once

#include "api/service.hpp"

#include <ducat/payment/trace.hpp>

#include <optional>

namespace ducat::api {

/// Begins the span of a call that makes `command`; `answer` ends it. Returns the place in the trace
/// that goes with the request: nothing if nobody traces.
std::optional<trace::context> trace_call(const std::shared_ptr<trace::tracer>& to,
                                         const v1::Command& command, const arrival& from,
                                         respond<v1::PaymentReply>& answer);

} // namespace ducat::api
