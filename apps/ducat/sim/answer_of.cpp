#include "sim/answer_of.hpp"

namespace ducat::cli {

namespace {

bool is_declined(const v1::Outcome& outcome) {
  return outcome.payment().state() == v1::Payment::DECLINED ||
         (outcome.has_refund() && outcome.refund().state() == v1::Refund::DECLINED);
}

} // namespace

call_answer answer_of(const v1::Outcome& outcome, const receipt& proof) {
  if (outcome.has_error())
    return {.outcome = call_outcome::refused, .error = outcome.error().code()};
  const v1::Payment& payment = outcome.payment();
  return {.outcome = is_declined(outcome) ? call_outcome::declined : call_outcome::ok,
          .payment_id = payment.id(),
          .state = outcome.has_payment() ? v1::Payment::State_Name(payment.state()) : "",
          .amount = payment.amount(),
          .captured = payment.captured(),
          .refunded = payment.refunded(),
          .index = proof.index,
          .hash = to_hex(proof.hash),
          .replayed = outcome.replayed()};
}

} // namespace ducat::cli
