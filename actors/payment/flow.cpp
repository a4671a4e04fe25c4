#include <ducat/payment/payment_actor.hpp>
#include <ducat/payment/records.hpp>

namespace ducat::payment {

namespace {

bool belongs_to_creation(const v1::Command& command) {
  return command.has_create_payment() || command.has_authorize_payment() ||
         command.has_resolve_attempt() ||
         (command.has_capture_payment() && command.capture_payment().idempotency_key().empty());
}

} // namespace

std::optional<v1::Command> step_after(const v1::Command& done, const v1::Outcome& outcome) {
  if (outcome.has_error() || !belongs_to_creation(done))
    return std::nullopt;
  const v1::Payment& payment = outcome.payment();
  v1::Command next;
  switch (next_step_of(static_cast<state>(payment.state()), payment.capture_method() == v1::MANUAL,
                       !payment.card().empty())) {
  case next_step::authorize:
    next.mutable_authorize_payment()->set_payment_id(payment.id());
    return next;
  case next_step::capture:
    next.mutable_capture_payment()->set_payment_id(payment.id());
    return next;
  case next_step::send: // Over which link is not decided here.
  case next_step::none:
    break;
  }
  return std::nullopt;
}

} // namespace ducat::payment
