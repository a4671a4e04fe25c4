#include "payment/view.hpp"

#include <ducat/payment/errors.hpp>

namespace ducat::payment {

v1::Outcome refused(refusal why, std::string_view param) {
  v1::Outcome out;
  *out.mutable_error() = error_of(why, param);
  return out;
}

v1::Attempt view_of(const attempt_record& attempt) {
  v1::Attempt out;
  out.set_id(attempt.id);
  out.set_link(attempt.link);
  out.set_state(static_cast<v1::Attempt::State>(attempt.now));
  out.set_stan(attempt.stan);
  out.set_rrn(rrn_of(attempt));
  out.set_amount(attempt.amount);
  out.set_approved_amount(attempt.approved_amount);
  out.set_approval_code(attempt.approval_code);
  out.set_response_code(attempt.response_code);
  out.set_reason(attempt.reason);
  out.set_late_approval(attempt.was_late);
  out.set_sent_at_ns(attempt.sent_at.nanoseconds);
  out.set_in_doubt_at_ns(attempt.in_doubt_at.nanoseconds);
  out.set_resolved_at_ns(attempt.resolved_at.nanoseconds);
  out.set_carrier(attempt.carrier);
  out.set_epoch(attempt.epoch);
  out.set_reversed_again(attempt.is_reversed_again);
  out.set_reversal_number(attempt.reversal_number);
  out.set_reversal_at_ns(attempt.reversal_at.nanoseconds);
  out.set_asked(static_cast<v1::Attempt::Asked>(attempt.asked));
  return out;
}

v1::Advice view_of(const advice_record& advice, const std::string& id) {
  v1::Advice out;
  out.set_id(id);
  out.set_kind(static_cast<v1::Advice::Kind>(advice.kind));
  out.set_state(static_cast<v1::Advice::State>(advice.now));
  out.set_attempt(advice.attempt);
  out.set_stan(stan_of(advice.number));
  out.set_amount(advice.amount);
  out.set_response_code(advice.response_code);
  out.set_reason(advice.reason);
  out.set_created_at_ns(advice.at.nanoseconds);
  out.set_since_ns(advice.since.nanoseconds);
  out.set_resolved_at_ns(advice.resolved_at.nanoseconds);
  return out;
}

} // namespace ducat::payment
