/// Events in the payment machine: made by the command that makes the change, read by whoever asks.

#include "payment/limits.hpp"
#include "payment/view.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <utility>

namespace ducat::payment {

namespace {

constexpr std::uint32_t schema_version = 1;
constexpr std::size_t looked_at_max = 10'000; ///< By one question, however few it takes.
constexpr int filters_max = 50;

bool is_wanted(const v1::ListEventsRequest& question, event_type type) {
  return question.types().empty() ||
         std::ranges::any_of(question.types(),
                             [&](const std::string& filter) { return takes(filter, type); });
}

bool are_filters(const v1::ListEventsRequest& question) {
  return question.types_size() <= filters_max &&
         std::ranges::all_of(question.types(),
                             [](const std::string& filter) { return is_event_filter(filter); });
}

} // namespace

/// Makes an event of each row that the command has added to the payment's timeline.
void machine::tell(const proposal& where, payment_record& payment) {
  for (const std::string& what : std::exchange(noted_, {})) {
    event_record event{.place = outbox_.next_place(where.index),
                       .seq = ++payment.events,
                       .payment = payment.sequence,
                       .at = where.at,
                       .captured = payment.captured,
                       .refunded = payment.refunded,
                       .authorized = payment.authorized,
                       .refunds = static_cast<std::uint32_t>(payment.refunds.size()),
                       .type = event_type_of(what, payment),
                       .then = payment.now};
    if (!payment.attempts.empty())
      event.attempts = std::make_unique<const std::vector<attempt_record>>(payment.attempts);
    if (where.index % 16 == 0 && planted::is_on(planted::bug::event_lost))
      continue;
    outbox_.add(std::move(event));
  }
}

v1::Event machine::view(const event_record& event) const {
  const payment_record& of = payments_[event.payment];
  v1::Event out;
  out.set_id(event_id_of(event.place));
  out.set_type(std::string{to_string(event.type)});
  out.set_schema_version(schema_version);
  out.set_payment_id(of.id);
  out.set_payment_seq(event.seq);
  out.set_occurred_at_ns(event.at.nanoseconds);
  out.set_index(event.place.index);
  v1::Payment& payment = *out.mutable_payment();
  payment = view(of, snapshot{.then = event.then,
                              .captured = event.captured,
                              .refunded = event.refunded,
                              .refunds = event.refunds});
  payment.set_authorized(of.card.empty() ? 0 : event.authorized);
  payment.clear_attempts();
  payment.clear_advices(); // Of now, and not of that moment.
  payment.clear_taken_back();
  if (event.attempts != nullptr)
    for (const attempt_record& each : *event.attempts)
      *payment.add_attempts() = view_of(each);
  return out;
}

v1::Outcome machine::ask(const v1::ListEventsRequest& question, const std::string* merchant) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  if (!are_filters(question))
    return refused(refusal::event_type_unknown, "types");
  const auto after = question.after().empty() ? event_place{} : event_place_in(question.after());
  if (!after)
    return refused(refusal::event_not_found, "after");
  if (!question.after().empty() && outbox_.has_gap_after(*after))
    return refused(refusal::cursor_expired, "after");
  const std::size_t limit = question.limit() == 0 ? page_size_default : question.limit();
  std::size_t at = outbox_.first_after(*after);
  if (question.since_ns() != 0)
    at = std::max(at, outbox_.first_since({question.since_ns()}));
  const std::size_t end = std::min(outbox_.size(), at + looked_at_max);
  v1::Outcome out;
  auto& reply = *out.mutable_events();
  for (; at < end && static_cast<std::size_t>(reply.data_size()) < limit; ++at)
    if (is_wanted(question, outbox_[at].type) &&
        is_shown_to(merchant, payments_[outbox_[at].payment]))
      *reply.add_data() = view(outbox_[at]);
  reply.set_has_more(at < outbox_.size());
  const event_place last = at == 0 ? *after : std::max(*after, outbox_[at - 1].place);
  if (last != event_place{})
    reply.set_next(event_id_of(last));
  if (outbox_.newest() != event_place{})
    reply.set_newest(event_id_of(outbox_.newest()));
  return out;
}

v1::Outcome machine::ask(const v1::GetEventRequest& question, const std::string* merchant) const {
  const auto place = event_place_in(question.id());
  const event_record* event = place ? outbox_.find(*place) : nullptr;
  if (event == nullptr)
    return refused(place && outbox_.has_gap_after({place->index - 1, event_number_max})
                       ? refusal::cursor_expired
                       : refusal::event_not_found,
                   "id");
  if (!is_shown_to(merchant, payments_[event->payment]))
    return refused(refusal::event_not_found, "id");
  v1::Outcome out;
  *out.mutable_event() = view(*event);
  return out;
}

void machine::signal_events(std::shared_ptr<event_signal> signal) {
  signal_ = std::move(signal);
  if (signal_ != nullptr)
    signal_->raise(outbox_.newest().index);
}

} // namespace ducat::payment
