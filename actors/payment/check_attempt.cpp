/// Whether a command about attempts, or about the links that carry them, has an effect.

#include "payment/ids.hpp"
#include "payment/limits.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/payment.pb.h>

#include <algorithm>

namespace ducat::payment {

namespace {

bool may_be_heard(v1::ResolveAttempt::Event what) {
  return (what >= v1::ResolveAttempt::APPROVED && what <= v1::ResolveAttempt::REVERSAL_ACCEPTED) ||
         what == v1::ResolveAttempt::LATE_APPROVAL;
}

bool has_noted(const payment_record& payment, std::string_view what) {
  v1::Timeline timeline;
  return timeline.ParseFromString(payment.timeline) &&
         std::ranges::any_of(timeline.events(),
                             [&](const v1::PaymentEvent& each) { return each.what() == what; });
}

/// An approval that is heard once more is no other one. One of another amount was a conflict.
bool was_approved_in_time(const payment_record& payment, const attempt_record& attempt) {
  if (attempt.approved_amount != 0)
    return !attempt.was_late;
  const auto place = static_cast<std::uint32_t>(&attempt - payment.attempts.data()) + 1;
  v1::Timeline timeline;
  return timeline.ParseFromString(payment.timeline) &&
         std::ranges::any_of(timeline.events(), [&](const v1::PaymentEvent& each) {
           return each.attempt() == place && each.what() == to_string(attempt_event::conflicted);
         });
}

} // namespace

machine::decision machine::check(const v1::SendAttempt& command) const {
  const payment_record* payment = find_payment(command.payment_id());
  if (payment == nullptr)
    return refuse(refusal::payment_not_found, "id");
  if (payment->card.empty())
    return refuse(refusal::payment_not_by_card, "id");
  if (!is_account_id(command.link()))
    return refuse(refusal::link_invalid, "link");
  if (command.timeout_ms() == 0 || command.timeout_ms() > answer_timeout_ms_max)
    return refuse(refusal::timeout_invalid, "timeout_ms");
  if (command.asked() < v1::SendAttempt::UNSPECIFIED ||
      command.asked() > v1::SendAttempt::FINANCIAL)
    return refuse(refusal::command_malformed, "asked");
  const bool is_resent =
      payment->now == state::in_doubt && planted::is_on(planted::bug::resent_instead_of_reversed);
  if (payment->now != state::created && !is_resent)
    return replay(keys_.at(payment->key));
  if (command.has_attempt() && command.attempt() != payment->attempts.size() + 1)
    return replay(keys_.at(payment->key));
  if (open_.contains(payment->sequence) && !is_resent) // R3: a reversal that was accepted is owed.
    return refuse(refusal::payment_in_doubt, "id");
  if (payment->attempts.size() >= attempts_max)
    return refuse(refusal::attempts_exhausted, "id");
  if (const refusal why = check_grant_of(command); why != refusal::none)
    return refuse(why, "epoch");
  return {};
}

/// Only the holder of the newest grant sends.
refusal machine::check_grant_of(const v1::SendAttempt& command) const {
  if (command.epoch() == 0 && command.carrier().empty())
    return refusal::none;
  const link_grant* newest = find_grant(command.link(), command.node());
  const bool is_newest =
      newest != nullptr && newest->epoch == command.epoch() && newest->link == command.carrier();
  return is_newest ? refusal::none : refusal::link_grant_superseded;
}

machine::decision machine::check(const v1::ResolveAttempt& command) const {
  if (command.number() == 0 && find_payment(command.payment_id()) == nullptr)
    return refuse(refusal::payment_not_found, "id");
  const attempt_record* attempt = find_attempt(command);
  if (attempt == nullptr)
    return refuse(refusal::attempt_not_found, "attempt");
  if (!may_be_heard(command.event()) || command.amount() < 0)
    return refuse(refusal::command_malformed, "event");
  const auto what = static_cast<attempt_event>(command.event());
  const payment_record& payment = payments_[payment_of_attempt_[attempt->number - 1]];
  const bool is_over = command.has_reversal() && command.reversal() != attempt->reversal_number;
  if (is_over && what == attempt_event::reversal_accepted)
    return replay(keys_.at(payment.key));
  const bool is_news = (is_late_approval(attempt->now, what) && !attempt->was_late &&
                        !was_approved_in_time(payment, *attempt)) ||
                       (is_late_reversal(*attempt, what) && !has_noted(payment, "late_reversal"));
  return state_after(attempt->now, what) || is_news ? decision{} : replay(keys_.at(payment.key));
}

const attempt_record* machine::find_attempt(const v1::ResolveAttempt& command) const {
  if (command.number() == 0) {
    const payment_record* payment = find_payment(command.payment_id());
    const bool is_one = payment != nullptr && command.attempt() != 0 &&
                        command.attempt() <= payment->attempts.size();
    return is_one ? &payment->attempts[command.attempt() - 1] : nullptr;
  }
  if (command.number() > payment_of_attempt_.size())
    return nullptr;
  const payment_record& payment = payments_[payment_of_attempt_[command.number() - 1]];
  const auto found = std::ranges::find(payment.attempts, command.number(), &attempt_record::number);
  const bool is_it = found != payment.attempts.end() && found->stan == command.stan() &&
                     found->link == command.link();
  return is_it ? &*found : nullptr;
}

machine::decision machine::check(const v1::PassTime& command) const {
  const bool is_due =
      !deadlines_.empty() && deadlines_.begin()->first.nanoseconds <= command.to_ns();
  return is_due ? decision{} : decision{.what = decision::kind::replay};
}

machine::decision machine::check(const v1::GrantLink& command) const {
  if (!is_account_id(command.acquirer()))
    return refuse(refusal::link_invalid, "acquirer");
  if (!is_account_id(command.node()))
    return refuse(refusal::link_invalid, "node");
  if (!is_account_id(command.link()))
    return refuse(refusal::link_invalid, "link");
  const link_grant* newest = find_grant(command.acquirer(), command.node());
  const std::uint64_t epoch = newest == nullptr ? 0 : newest->epoch;
  return command.after_epoch() == epoch ? decision{} : decision{.what = decision::kind::replay};
}

machine::decision machine::check(const v1::GiveUpPayment& command) const {
  const payment_record* payment = find_payment(command.payment_id());
  if (payment == nullptr)
    return refuse(refusal::payment_not_found, "id");
  if (payment->card.empty())
    return refuse(refusal::payment_not_by_card, "id");
  if (command.reason().size() > reason_length_max)
    return refuse(refusal::description_too_long, "reason");
  if (payment->now != state::created)
    return replay(keys_.at(payment->key));
  return open_.contains(payment->sequence) ? refuse(refusal::payment_in_doubt, "id") : decision{};
}

const link_grant* machine::find_grant(const std::string& acquirer, const std::string& node) const {
  const auto found = link_grants_.find({acquirer, node});
  return found == link_grants_.end() ? nullptr : &found->second;
}

} // namespace ducat::payment
