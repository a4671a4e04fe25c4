/// Attempts in the payment machine: an attempt changes as attempt.hpp says, and what that does to
/// the payment and to the money is here. Each change is one entry of the log.

#include "settlement/book.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <array>
#include <span>

namespace ducat::payment {

namespace {

constexpr std::uint16_t suspense_code = 2;

/// An approval says for how much: what it says of the amount counts, not what it calls itself.
attempt_event event_in(const v1::ResolveAttempt& heard, const attempt_record& attempt) {
  const auto what = static_cast<attempt_event>(heard.event());
  if (what != attempt_event::approved && what != attempt_event::partially_approved)
    return what;
  if (heard.amount() == attempt.amount)
    return attempt_event::approved;
  return heard.amount() > 0 && heard.amount() < attempt.amount ? attempt_event::partially_approved
                                                               : attempt_event::conflicted;
}

} // namespace

// Sending ----------------------------------------------------------------------------------------

v1::Outcome machine::apply(const proposal& where, const v1::SendAttempt& command) {
  payment_record& payment = payment_at(command.payment_id());
  ledger::transfer hold = between(payment, "hold");
  hold.id = {number_of("hold", attempt_id_of(payment.id, payment.attempts.size() + 1))};
  hold.flags = ledger::transfer_flags::pending;
  payment.decline_code =
      settlement_->cap_reached(payment.from, payment.to, payment.amount, surroundings());
  if (payment.decline_code.empty())
    if (const auto outcome = move(where.at, hold); outcome != ledger::transfer_outcome::ok)
      payment.decline_code = to_string(outcome);
  if (payment.decline_code.empty()) {
    open_attempt(where, payment, command);
  } else {
    payment.now = state::declined;
    wait_until(payment, {});
    note(where, payment, "declined", payment.decline_code);
  }
  settle_keys(where, payment, payment.key);
  return outcome_now(payment, where.index);
}

void machine::open_attempt(const proposal& where, payment_record& payment,
                           const v1::SendAttempt& command) {
  DUCAT_CHECK(payment.attempts.empty() || allows_another(payment.attempts.back().now) || // R3
              planted::is_on(planted::bug::resent_instead_of_reversed));
  const std::uint64_t number = ++attempts_;
  payment.attempts.push_back({.id = attempt_id_of(payment.id, payment.attempts.size() + 1),
                              .link = command.link(),
                              .stan = stan_of(number),
                              .number = number,
                              .amount = payment.amount,
                              .sent_at = where.at,
                              .carrier = command.carrier(),
                              .epoch = command.epoch(),
                              .asked = static_cast<asked_for>(command.asked())});
  payment_of_attempt_.resize(number);
  payment_of_attempt_.back() = payment.sequence;
  payment.now = state::authorizing;
  note_open(payment);
  wait_for(where, payment, command.timeout_ms());
  note(where, payment, "sent", command.carrier().empty() ? command.link() : command.carrier());
}

// Hearing of it ----------------------------------------------------------------------------------

v1::Outcome machine::apply(const proposal& where, const v1::ResolveAttempt& command) {
  const attempt_record* found = find_attempt(command);
  payment_record& payment = payments_[payment_of_attempt_[found->number - 1]];
  attempt_record& attempt =
      payment.attempts[static_cast<std::size_t>(found - payment.attempts.data())];
  const attempt_event what = event_in(command, attempt);
  const bool has_effect = state_after(attempt.now, what).has_value();
  if (!has_effect && what == attempt_event::reversal_accepted)
    note(where, payment, "late_reversal", command.response_code(), attempt.number);
  else if (what == attempt_event::late_approval || !has_effect)
    note_late_approval(where, payment, attempt, command);
  if (has_effect && what == attempt_event::late_approval && attempt.now == attempt_state::reversed)
    reverse_again(where, payment, attempt, command);
  else if (has_effect && attempt.is_reversed_again)
    change_reversed_again(where, payment, attempt, what);
  else if (has_effect) {
    DUCAT_CHECK(&attempt ==
                &payment.attempts.back()); // Those before allow another: they are final.
    change(where, payment, what, command);
    if (command.then_capture() && payment.now == state::authorized && !payment.manual_capture)
      post(where, payment, payment.authorized);
  }
  settle_keys(where, payment, payment.key);
  return outcome_now(payment, where.index);
}

void machine::note_late_approval(const proposal& where, payment_record& payment,
                                 attempt_record& attempt, const v1::ResolveAttempt& heard) {
  attempt.was_late = true;
  attempt.approved_amount = std::min(heard.amount(), attempt.amount);
  attempt.approval_code = heard.approval_code();
  note(where, payment, "late_approval", heard.approval_code(), attempt.number);
}

void machine::change(const proposal& where, payment_record& payment, attempt_event what,
                     const v1::ResolveAttempt& heard) {
  attempt_record& attempt = payment.attempts.back();
  const auto next = state_after(attempt.now, what);
  DUCAT_CHECK(next.has_value());
  attempt.now = *next;
  if (!heard.response_code().empty())
    attempt.response_code = heard.response_code();
  note(where, payment,
       to_string(what == attempt_event::late_approval ? attempt_event::in_doubt : what),
       heard.reason().empty() ? heard.response_code() : heard.reason());
  switch (attempt.now) {
    using enum attempt_state;
  case approved:
  case partially_approved:
    attempt.approved_amount = heard.amount();
    attempt.approval_code = heard.approval_code();
    count_approval(payment, attempt);
    settle_approval(where, payment);
    break;
  case declined:
    settle_loss(where, payment, heard.may_reroute(), state::declined);
    payment.decline_code = payment.now == state::declined ? heard.response_code() : "";
    break;
  case not_sent:
    settle_loss(where, payment, heard.may_reroute(), state::failed);
    break;
  case reversing:
    attempt.reason = heard.reason();
    settle_doubt(where, payment);
    break;
  case reversed:
    if (attempt.resolved_at == log_time{}) {
      attempt.resolved_at = where.at;
      note_doubt_ended(attempt);
    }
    count_reversal(payment, attempt);
    settle_loss(where, payment, heard.may_reroute(), state::reversed);
    break;
  case exception:
    settle_exception(where, payment);
    break;
  case sent:
    break;
  }
  note_open(payment);
}

/// Of a partial approval the hold is replaced by one for less, in one chain.
void machine::settle_approval(const proposal& where, payment_record& payment) {
  const attempt_record& attempt = payment.attempts.back();
  payment.authorized = attempt.approved_amount;
  payment.now = state::authorized;
  wait_for(where, payment, timers.hold_s * 1'000);
  if (attempt.now == attempt_state::approved)
    return;
  payment.now = state::partially_authorized;
  ledger::transfer freed = between(payment, "release");
  freed.id = {number_of("release", attempt.id)};
  freed.pending_id = {number_of("hold", attempt.id)};
  freed.flags = ledger::transfer_flags::void_pending | ledger::transfer_flags::linked;
  ledger::transfer less = between(payment, "hold");
  less.id = {hold_of(payment)};
  less.amount = static_cast<u128>(attempt.approved_amount);
  less.flags = ledger::transfer_flags::pending;
  const std::array chain{freed, less};
  for (const auto outcome : book_.create_transfers(where.at, chain))
    DUCAT_CHECK(outcome == ledger::transfer_outcome::ok);
}

/// The attempt came to nothing: what it held is free. A payment that was given up before has been
/// settled then.
void machine::settle_loss(const proposal& where, payment_record& payment, bool may_reroute,
                          state otherwise) {
  if (payment.now == state::voided || payment.now == state::expired ||
      payment.now == state::reversed)
    return wait_until(payment, {});
  may_reroute = may_reroute && !payment.taken_back;
  release(where, payment, "release");
  payment.now = may_reroute ? state::created : otherwise;
  wait_until(payment, {});
  if (may_reroute)
    wait_for(where, payment, timers.confirm_s * 1'000);
}

/// What it holds stays held until the reversal is accepted.
void machine::settle_doubt(const proposal& where, payment_record& payment) {
  if (payment.now == state::authorizing) {
    payment.attempts.back().in_doubt_at = where.at;
    payment.now = state::in_doubt;
  }
  wait_for(where, payment, timers.reversal_s * 1'000);
}

/// The amount is moved from the hold into suspense, where it stays visible until somebody decides.
void machine::settle_exception(const proposal& where, payment_record& payment) {
  wait_until(payment, {});
  if (payment.now != state::in_doubt)
    return; // It was given up before: nothing is held.
  const account_record& from = accounts_[payment.from];
  const ledger::account suspense{.id = {number_of("suspense", find_currency(from.ledger)->code)},
                                 .ledger = from.ledger,
                                 .code = suspense_code,
                                 .flags = ledger::account_flags::none,
                                 .timestamp = {}};
  if (book_.find(suspense.id) == nullptr)
    book_.create_accounts(where.at, std::span(&suspense, 1));
  ledger::transfer freed = between(payment, "release");
  freed.id = {number_of("release", payment.attempts.back().id)};
  freed.pending_id = {hold_of(payment)};
  freed.flags = ledger::transfer_flags::void_pending | ledger::transfer_flags::linked;
  payment.now = state::exception;
  ledger::transfer held = between(payment, "hold");
  held.id = {hold_of(payment)};
  held.credit_account_id = suspense.id;
  held.flags = ledger::transfer_flags::pending;
  const std::array chain{freed, held};
  for (const auto outcome : book_.create_transfers(where.at, chain))
    DUCAT_CHECK(outcome == ledger::transfer_outcome::ok);
}

// Money, and what is remembered ------------------------------------------------------------------

/// Returns the transfer that holds the payment's amount now.
u128 machine::hold_of(const payment_record& payment) const {
  if (payment.attempts.empty())
    return number_of("hold", payment.id);
  const attempt_record& attempt = payment.attempts.back();
  if (payment.now == state::exception)
    return number_of("suspense", attempt.id);
  const bool is_part =
      attempt.approved_amount != 0 && attempt.approved_amount < attempt.amount && !attempt.was_late;
  return number_of(is_part ? "part" : "hold", attempt.id);
}

void machine::release(const proposal& where, const payment_record& payment, std::string_view kind) {
  ledger::transfer freed = between(payment, kind);
  if (!payment.attempts.empty())
    freed.id = {number_of(payment.now == state::exception ? "unsuspend" : kind,
                          payment.attempts.back().id)};
  freed.pending_id = {hold_of(payment)};
  freed.flags = ledger::transfer_flags::void_pending;
  freed.amount = 0;
  freed.debit_account_id = {};
  freed.credit_account_id = {};
  DUCAT_CHECK(move(where.at, freed) == ledger::transfer_outcome::ok);
}

void machine::note(const proposal& where, payment_record& payment, std::string_view what,
                   std::string_view detail, std::uint64_t attempt_number) {
  const auto about = std::ranges::find(payment.attempts, attempt_number, &attempt_record::number);
  const auto place = about == payment.attempts.end()
                         ? payment.attempts.size()
                         : static_cast<std::size_t>(about - payment.attempts.begin()) + 1;
  v1::Timeline added;
  v1::PaymentEvent& event = *added.add_events();
  event.set_index(where.index);
  event.set_at_ns(where.at.nanoseconds);
  event.set_what(std::string{what});
  event.set_attempt(static_cast<std::uint32_t>(place));
  event.set_by(std::string{where.by});
  event.set_detail(std::string{detail});
  payment.timeline += added.SerializeAsString(); // Messages after one another are one with all.
  noted_.emplace_back(what);
}

/// Of one that was never in doubt there is nothing to note.
void machine::note_doubt_ended(const attempt_record& attempt) {
  if (attempt.in_doubt_at != log_time{} && attempt.resolved_at != log_time{})
    doubts_ended_[attempt.link].add(attempt.resolved_at.nanoseconds -
                                    attempt.in_doubt_at.nanoseconds);
}

/// Notes what a payment that was kept says of attempts that are open or were in doubt, and of the
/// numbers used.
void machine::remember(const payment_record& payment) {
  for (const attempt_record& each : payment.attempts) {
    attempts_ = std::max({attempts_, each.number, each.reversal_number});
    note_doubt_ended(each);
    payment_of_attempt_.resize(attempts_);
    payment_of_attempt_[each.number - 1] = payment.sequence;
    if (each.deadline != log_time{})
      deadlines_.emplace(each.deadline, payment.sequence);
  }
  note_open(payment);
  remember_advices(payment);
}

void machine::note_open(const payment_record& payment) {
  const auto is_open = [](attempt_state now) {
    return now == attempt_state::sent || owes_reversal(now);
  };
  if (std::ranges::any_of(payment.attempts, is_open, &attempt_record::now))
    open_.insert(payment.sequence);
  else
    open_.erase(payment.sequence);
}

} // namespace ducat::payment
