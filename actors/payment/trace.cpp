#include <ducat/payment/records.hpp>
#include <ducat/payment/trace.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace ducat::payment {

namespace {

constexpr std::string_view id_prefix = "pay_";
constexpr std::size_t span_digits = 16;
constexpr const char* not_known = "the outcome is not known";

/// "PARTIALLY_REFUNDED" is "partially_refunded".
std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  return text;
}

/// Sent to an acquirer, and nobody can say what has become of it.
bool is_unknown(v1::Payment::State state) {
  return state == v1::Payment::AUTHORIZING || state == v1::Payment::IN_DOUBT ||
         state == v1::Payment::EXCEPTION;
}

void end_unknown(trace::open_span& span, std::string code) {
  span.set("ducat.outcome", "unknown");
  span.set("error.type", std::move(code));
  span.end(not_known);
}

/// A client that is wrong, or too poor, is no error of the node's.
void end_refused(trace::open_span& span, std::string code, bool is_ours) {
  span.set("ducat.outcome", "refused");
  span.set("error.type", code);
  is_ours ? span.end(std::move(code)) : span.end();
}

} // namespace

std::string payment_id_in(const v1::Command& request) {
  switch (request.kind_case()) {
  case v1::Command::kCreatePayment:
    return payment_id_of(request.create_payment().idempotency_key());
  case v1::Command::kAuthorizePayment:
    return request.authorize_payment().payment_id();
  case v1::Command::kCapturePayment:
    return request.capture_payment().payment_id();
  case v1::Command::kVoidPayment:
    return request.void_payment().payment_id();
  case v1::Command::kRefundPayment:
    return request.refund_payment().payment_id();
  case v1::Command::kDecidePayment:
    return request.decide_payment().payment_id();
  case v1::Command::kReversePayment:
    return payment_id_of(request.reverse_payment().original_key());
  case v1::Command::kRecordAdvice:
    return payment_id_of(request.record_advice().payment().idempotency_key());
  default:
    return {};
  }
}

std::optional<trace::context> own_trace_of(std::string_view payment_id) {
  if (!payment_id.starts_with(id_prefix))
    return std::nullopt;
  const std::string_view digits = payment_id.substr(id_prefix.size());
  const auto trace = trace::parse_trace_id(digits);
  const auto span = trace::parse_span_id(digits.substr(0, span_digits));
  if (!trace || !span)
    return std::nullopt;
  return trace::context{.trace = *trace, .span = *span};
}

trace::context place_of(trace::tracer& by, const std::optional<trace::context>& caller,
                        const std::string& payment_id) {
  if (caller)
    return *caller;
  const auto own = own_trace_of(payment_id);
  const trace::trace_id trace = own ? own->trace : by.fresh_trace_id();
  if (by.samples(trace))
    return {.trace = trace, .span = {}, .is_sampled = true};
  return {.trace = trace, .span = by.fresh_span_id()}; // Others have to be told that it is not.
}

trace::span_ptr begin_span(const std::shared_ptr<trace::tracer>& to, std::string name,
                           trace::span_kind kind, const trace::context& at,
                           const std::string& payment_id) {
  if (!at.is_sampled)
    return nullptr;
  auto begun = std::make_shared<trace::open_span>(to, std::move(name), kind, at);
  const auto own = own_trace_of(payment_id);
  if (own)
    begun->set("ducat.payment.id", payment_id);
  if (own && own->trace != at.trace)
    begun->link_to(*own);
  return begun;
}

void end_span(const trace::span_ptr& span, const v1::Payment& payment) {
  if (span == nullptr)
    return;
  span->set("ducat.payment.state", lower(v1::Payment::State_Name(payment.state())));
  if (!payment.decline_code().empty())
    span->set("ducat.decline_code", payment.decline_code());
  const bool is_declined = payment.state() == v1::Payment::DECLINED;
  const bool is_known = !is_unknown(payment.state());
  span->set("ducat.outcome", !is_known ? "unknown" : is_declined ? "declined" : "done");
  is_known ? span->end() : span->end(not_known);
}

void end_span(const trace::span_ptr& span, const v1::Error& why) {
  if (span == nullptr)
    return;
  if (why.type() == v1::Error::UNKNOWN_OUTCOME)
    return end_unknown(*span, why.code());
  const bool is_ours = why.type() == v1::Error::INTERNAL || why.type() == v1::Error::UNAVAILABLE;
  end_refused(*span, why.code(), is_ours);
}

void end_span(const trace::span_ptr& span, const error& why) {
  if (span == nullptr)
    return;
  std::string code{to_string(why.code)};
  if (why.code == errc::outcome_unknown)
    return end_unknown(*span, std::move(code));
  end_refused(*span, std::move(code), true);
}

} // namespace ducat::payment
