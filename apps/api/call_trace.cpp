#include "api/call_trace.hpp"

#include "api/grpc_status.hpp"
#include "api/http_answer.hpp"

#include <cstdint>
#include <utility>

namespace ducat::api {

namespace {

struct call_name {
  const char* method; ///< Of the gRPC service.
  const char* route;  ///< Of a POST.
  unsigned done = 200;
};

call_name name_of(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kCreatePayment:
    return {"CreatePayment", "/v1/payments", success_status<v1::CreatePaymentRequest>};
  case v1::Command::kCapturePayment:
    return {"CapturePayment", "/v1/payments/{id}/capture"};
  case v1::Command::kVoidPayment:
    return {"VoidPayment", "/v1/payments/{id}/void"};
  case v1::Command::kRefundPayment:
    return {"RefundPayment", "/v1/payments/{id}/refunds", success_status<v1::RefundPaymentRequest>};
  case v1::Command::kDecidePayment:
    return {"DecidePayment", "/v1/payments/{id}/decision"};
  default:
    return {"?", "?"};
  }
}

void describe_http(trace::open_span& span, const call_name& name) {
  span.set("http.request.method", "POST");
  span.set("http.route", name.route);
}

std::string full_method(const call_name& name) {
  return std::string{"ducat.v1.Payments/"} + name.method;
}

void describe_grpc(trace::open_span& span, const call_name& name) {
  span.set("rpc.system.name", "grpc");
  span.set("rpc.method", full_method(name));
}

/// Those that grpc_status_of() returns.
const char* name_of(grpc::StatusCode code) {
  switch (code) {
  case grpc::StatusCode::INVALID_ARGUMENT:
    return "INVALID_ARGUMENT";
  case grpc::StatusCode::ALREADY_EXISTS:
    return "ALREADY_EXISTS";
  case grpc::StatusCode::NOT_FOUND:
    return "NOT_FOUND";
  case grpc::StatusCode::FAILED_PRECONDITION:
    return "FAILED_PRECONDITION";
  case grpc::StatusCode::UNAVAILABLE:
    return "UNAVAILABLE";
  case grpc::StatusCode::DEADLINE_EXCEEDED:
    return "DEADLINE_EXCEEDED";
  case grpc::StatusCode::INTERNAL:
    return "INTERNAL";
  case grpc::StatusCode::PERMISSION_DENIED:
    return "PERMISSION_DENIED";
  default:
    return "UNKNOWN";
  }
}

/// Says how the edge answers.
void set_status(trace::open_span& span, edge over, const call_name& name,
                const reply<v1::PaymentReply>& done) {
  if (over == edge::http)
    span.set("http.response.status_code",
             std::int64_t{done ? name.done : status_of(done.error().type())});
  if (over == edge::grpc)
    span.set("rpc.response.status_code",
             done ? "OK" : name_of(grpc_status_of(done.error()).error_code()));
}

std::string span_name(edge over, const call_name& name) {
  return over == edge::http ? std::string{"POST "} + name.route : full_method(name);
}

} // namespace

std::optional<trace::context> trace_call(const std::shared_ptr<trace::tracer>& to,
                                         const v1::Command& command, const arrival& from,
                                         respond<v1::PaymentReply>& answer) {
  if (to == nullptr)
    return std::nullopt;
  const std::string payment_id = payment::payment_id_in(command);
  const trace::context at = payment::place_of(*to, from.caller, payment_id);
  const call_name name = name_of(command);
  const trace::span_ptr span =
      payment::begin_span(to, span_name(from.over, name), trace::span_kind::server, at, payment_id);
  if (span == nullptr)
    return at;
  if (from.over == edge::http)
    describe_http(*span, name);
  if (from.over == edge::grpc)
    describe_grpc(*span, name);
  answer = [span, over = from.over, name,
            answer = std::move(answer)](reply<v1::PaymentReply> done) {
    set_status(*span, over, name, done);
    done ? payment::end_span(span, done->payment()) : payment::end_span(span, done.error());
    answer(std::move(done));
  };
  return span->at();
}

} // namespace ducat::api
