/// Card payments: attempts, whose outcome may be unknown, and deadlines. What is unknown is neither
/// captured nor sent again: it is reversed.

#include "check/history.hpp"

#include <algorithm>
#include <utility>

namespace ducat::cli {

namespace {

constexpr std::size_t tries_max = 8;
constexpr std::uint64_t send_within_s = 24 * 3'600;
constexpr std::uint64_t hold_for_s = 7 * 24 * 3'600;
constexpr std::uint64_t reverse_within_s = 24 * 3'600;

finding about_attempt(finding_kind kind, const std::string& payment, std::string text) {
  return make_finding(kind, payment, std::move(text));
}

bool is_approval(v1::ResolveAttempt::Event what) {
  return what == v1::ResolveAttempt::APPROVED || what == v1::ResolveAttempt::PARTIALLY_APPROVED;
}

} // namespace

std::optional<finding> history::apply(const v1::GrantLink& command) {
  link_grant& newest = grants_[{command.acquirer(), command.node()}];
  if (command.after_epoch() != newest.epoch)
    return make_finding(finding_kind::doubled, command.acquirer(),
                        "a grant after epoch " + std::to_string(command.after_epoch()) +
                            ", which is not the newest one");
  newest = {.link = command.link(), .epoch = newest.epoch + 1};
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::SendAttempt& command) {
  checked_payment* sent = payment(command.payment_id());
  if (sent == nullptr || !sent->is_card)
    return about_attempt(finding_kind::impossible, command.payment_id(),
                         "it was sent, and is no card payment");
  if (sent->now.phase != payment_phase::created || sent->has_open_attempt())
    return about_attempt(finding_kind::doubled, sent->id(),
                         "it was sent again while it was " +
                             std::string{to_string(sent->now.phase)});
  if (command.has_attempt() && command.attempt() != sent->attempts.size() + 1)
    return about_attempt(finding_kind::doubled, sent->id(),
                         "attempt " + std::to_string(command.attempt()) +
                             " was sent, and is not its next one");
  if (sent->attempts.size() >= tries_max)
    return about_attempt(finding_kind::impossible, sent->id(), "it was sent too often");
  if (command.epoch() != 0 || !command.carrier().empty()) {
    const link_grant& newest = grants_[{command.link(), command.node()}];
    if (newest.epoch != command.epoch() || newest.link != command.carrier())
      return about_attempt(finding_kind::impossible, sent->id(),
                           "it was sent by a link without grant");
  }
  if (settlement_.may_owe(sent->from, sent->to, sent->now.amount) &&
      books_.can_spend(sent->from, sent->now.amount)) {
    hold(*sent, sent->now.amount, sent->to);
    sent->attempts.push_back(
        {.link = command.link(), .number = ++numbers_, .asked = command.asked()});
    payment_by_number_[numbers_] = sent->number;
    sent->now.phase = payment_phase::authorizing;
    wait_until(*sent, sent->deadline_ns,
               now_ns_ + std::uint64_t{command.timeout_ms()} * (second_ns / 1'000));
  } else {
    sent->now.phase = payment_phase::declined;
    effects_[sent->creation].declined = true;
    wait_until(*sent, sent->deadline_ns, 0);
  }
  settle(*sent, sent->creation);
  return std::nullopt;
}

/// Returns the attempt that a result is about, and whose it is. By its number among all: the number
/// makes the trace number, and reconciliations may have used some that nobody can tell.
checked_attempt* history::attempt(const v1::ResolveAttempt& command, checked_payment*& of) {
  if (command.number() == 0) {
    of = payment(command.payment_id());
    return of == nullptr || command.attempt() == 0 || command.attempt() > of->attempts.size()
               ? nullptr
               : &of->attempts[command.attempt() - 1];
  }
  constexpr std::uint64_t traces = 899'999;
  if ((command.number() - 1) % traces + 1 != command.stan())
    return nullptr;
  for (std::uint64_t back = 0; back <= numbers_unsure_ && back < command.number(); ++back) {
    const auto found = payment_by_number_.find(command.number() - back);
    if (found == payment_by_number_.end())
      continue;
    of = &payments_[found->second];
    const auto it =
        std::ranges::find(of->attempts, command.number() - back, &checked_attempt::number);
    if (it != of->attempts.end() && it->link == command.link())
      return &*it;
  }
  return nullptr;
}

std::optional<finding> history::apply(const v1::ResolveAttempt& command) {
  checked_payment* of = nullptr;
  checked_attempt* found = attempt(command, of);
  const bool may_be_heard = (command.event() >= v1::ResolveAttempt::APPROVED &&
                             command.event() <= v1::ResolveAttempt::REVERSAL_ACCEPTED) ||
                            command.event() == v1::ResolveAttempt::LATE_APPROVAL;
  if (found == nullptr || !may_be_heard)
    return about_attempt(finding_kind::impossible, command.payment_id(),
                         found == nullptr ? "the result of no attempt" : "no acquirer says that");
  if (auto wrong = resolve(*of, *found, command))
    return wrong;
  settle(*of, of->creation);
  return std::nullopt;
}

std::optional<finding> history::resolve(checked_payment& payment, checked_attempt& attempt,
                                        const v1::ResolveAttempt& heard) {
  const bool is_accepted = heard.event() == v1::ResolveAttempt::REVERSAL_ACCEPTED;
  switch (attempt.now) {
  case attempt_phase::sent:
    if (is_accepted)
      break;
    if (heard.event() == v1::ResolveAttempt::LATE_APPROVAL)
      (void)hear_late(attempt, heard);
    hear_first(payment, heard);
    if (heard.then_capture() && payment.now.phase == payment_phase::authorized &&
        !payment.manual_capture)
      capture(payment, payment.held);
    return std::nullopt;
  case attempt_phase::reversing:
  case attempt_phase::exhausted:
    if (is_accepted && heard.has_reversal() && heard.reversal() == attempt.reversal_over)
      return about_attempt(finding_kind::doubled, payment.id(),
                           "one acceptance ended two of its reversals");
    if (is_accepted) {
      attempt.reversal_over =
          heard.has_reversal() ? heard.reversal() : checked_attempt::no_reversal;
      attempt.now = attempt_phase::reversed;
      if (attempt.is_reversed_again)
        wait_until(payment, attempt.deadline_ns, 0);
      else
        lose(payment, heard.may_reroute(), payment_phase::reversed);
      return std::nullopt;
    }
    if (hear_late(attempt, heard))
      return std::nullopt;
    break;
  case attempt_phase::reversed:
    if (heard.event() == v1::ResolveAttempt::LATE_APPROVAL) { // The acceptance was not true.
      (void)hear_late(attempt, heard);
      attempt.now = attempt_phase::reversing;
      attempt.is_reversed_again = true;
      ++numbers_;
      wait_until(payment, attempt.deadline_ns, now_ns_ + reverse_within_s * second_ns);
      return std::nullopt;
    }
    if (hear_late(attempt, heard))
      return std::nullopt;
    break;
  case attempt_phase::approved:
    if (is_accepted && attempt.was_in_doubt && !std::exchange(attempt.was_reversed_late, true))
      return std::nullopt;
    break;
  case attempt_phase::declined:
  case attempt_phase::not_sent:
    break;
  }
  const bool was_resolved = attempt.now != attempt_phase::sent;
  return about_attempt(was_resolved ? finding_kind::doubled : finding_kind::impossible,
                       payment.id(),
                       was_resolved ? "the outcome of its attempt was known before"
                                    : "a reversal was accepted that nobody asked for");
}

/// An approval that nobody waits for any more is noted once, unless it came in time before. It is
/// not ours to use.
bool history::hear_late(checked_attempt& attempt, const v1::ResolveAttempt& heard) {
  const bool is_one = is_approval(heard.event()) ||
                      heard.event() == v1::ResolveAttempt::CONFLICTED ||
                      heard.event() == v1::ResolveAttempt::LATE_APPROVAL;
  const bool is_news = is_one && !attempt.was_late && !attempt.was_approved;
  attempt.was_late = attempt.was_late || is_one;
  return is_news;
}

/// What is heard of an attempt whose outcome was unknown. An approval is one of the amount that it
/// names; of more than was asked for it is a conflict, and reversed.
void history::hear_first(checked_payment& payment, const v1::ResolveAttempt& heard) {
  checked_attempt& attempt = payment.attempts.back();
  if (is_approval(heard.event()) && heard.amount() > 0 && heard.amount() <= payment.now.amount)
    return approve(payment, heard.amount());
  if (heard.event() == v1::ResolveAttempt::DECLINED) {
    attempt.now = attempt_phase::declined;
    return lose(payment, heard.may_reroute(), payment_phase::declined);
  }
  if (heard.event() == v1::ResolveAttempt::NOT_SENT) {
    attempt.now = attempt_phase::not_sent;
    return lose(payment, heard.may_reroute(), payment_phase::failed);
  }
  attempt.was_approved =
      is_approval(heard.event()) || heard.event() == v1::ResolveAttempt::CONFLICTED;
  doubt(payment);
}

void history::approve(checked_payment& payment, std::int64_t amount) {
  checked_attempt& attempt = payment.attempts.back();
  attempt.now = attempt_phase::approved;
  attempt.approved = amount;
  attempt.was_approved = true;
  attempt.is_part = amount < payment.now.amount;
  payment.now.phase =
      attempt.is_part ? payment_phase::partially_authorized : payment_phase::authorized;
  release(payment);
  hold(payment, amount, payment.to);
  wait(payment, hold_for_s);
}

/// Nothing came of the attempt. What was given up before has been settled then.
void history::lose(checked_payment& payment, bool may_reroute, payment_phase otherwise) {
  const payment_phase phase = payment.now.phase;
  wait_until(payment, payment.deadline_ns, 0);
  if (phase == payment_phase::voided || phase == payment_phase::expired ||
      phase == payment_phase::reversed)
    return;
  release(payment);
  const bool goes_on = may_reroute && !payment.is_taken_back;
  payment.now.phase = goes_on ? payment_phase::created : otherwise;
  if (goes_on)
    wait(payment, send_within_s);
  else
    effects_[payment.creation].declined = otherwise == payment_phase::declined;
}

/// It is being reversed; what it holds stays held.
void history::doubt(checked_payment& payment) {
  checked_attempt& attempt = payment.attempts.back();
  attempt.now = attempt_phase::reversing;
  if (payment.now.phase == payment_phase::authorizing) {
    attempt.was_in_doubt = true;
    payment.now.phase = payment_phase::in_doubt;
  }
  wait(payment, reverse_within_s);
}

/// Nobody has accepted the reversal: what was held is held in suspense until somebody decides.
void history::exhaust(checked_payment& payment) {
  payment.attempts.back().now = attempt_phase::exhausted;
  wait_until(payment, payment.deadline_ns, 0);
  if (payment.now.phase != payment_phase::in_doubt)
    return;
  const std::string& currency = books_.at(payment.from).currency;
  const std::string suspense = hidden_account("suspense", currency);
  if (books_.find(suspense) == books::none)
    (void)books_.open(suspense, currency, true);
  const std::int64_t amount = payment.held;
  release(payment);
  hold(payment, amount, books_.find(suspense));
  payment.now.phase = payment_phase::exception;
}

/// The payment has no use for the approval any more, so it is reversed.
void history::cancel(checked_payment& payment) {
  wait_until(payment, payment.deadline_ns, 0);
  if (!payment.attempts.empty())
    doubt(payment);
}

} // namespace ducat::cli
