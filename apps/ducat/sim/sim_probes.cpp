/// What a client asks only to see that it is answered as before, or refused.

#include "sim/sim_payments.hpp"

#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t pause_max_ns = 3'000'000'000; ///< By then somebody else may be the writer.

} // namespace

/// After a while: the same once more, the key for something else, or one more change of it.
void sim_payments::probe(const request& done) {
  if (done.is_probe || done.id.kind == operation_kind::account)
    return;
  const std::uint64_t kind = on_.draw(8);
  if (kind > 3)
    return;
  request asked = done;
  if (kind == 2)
    asked = with_other_body(done);
  else if (kind == 3)
    asked = one_more_change(done);
  asked.next.clear();
  asked.is_probe = asked.is_repeat = true;
  ++open_;
  on_.after(duration{static_cast<duration::rep>(on_.draw(pause_max_ns))},
            [this, kept = std::make_shared<const request>(std::move(asked))] { attempt(kept); });
}

/// Under the same key.
sim_payments::request sim_payments::with_other_body(const request& of) {
  if (of.id.kind == operation_kind::payment) {
    const v1::CreatePayment& was = of.command.create_payment();
    return {payment_request({.key = of.id.key,
                             .from = was.from(),
                             .to = was.to(),
                             .amount = was.amount() + 1,
                             .is_manual = was.manual_capture(),
                             .is_by_card = !was.card().empty()})};
  }
  const std::string payment = of.id.key.substr(0, of.id.key.find('-'));
  const auto kind =
      of.id.kind == operation_kind::refund ? operation_kind::capture : operation_kind::refund;
  request other{change_request(kind, payment, 1)};
  v1::Command& command = other.command;
  (kind == operation_kind::refund ? *command.mutable_refund_payment()->mutable_idempotency_key()
                                  : *command.mutable_capture_payment()->mutable_idempotency_key()) =
      of.id.key;
  other.id.key = of.id.key;
  return other;
}

/// Of the payment, under a key of its own: of all, or of more than there is.
sim_payments::request sim_payments::one_more_change(const request& of) {
  const std::string payment = of.id.key.substr(0, of.id.key.find('-'));
  const std::string suffix = "-" + of.id.key + "-more";
  switch (on_.draw(3)) {
  case 0:
    return {change_request(operation_kind::capture, payment, 1, suffix)};
  case 1:
    return {change_request(operation_kind::void_payment, payment, 0, suffix)};
  default:
    return {change_request(operation_kind::refund, payment,
                           static_cast<std::int64_t>(1 + on_.draw(100)), suffix)};
  }
}

} // namespace ducat::cli
