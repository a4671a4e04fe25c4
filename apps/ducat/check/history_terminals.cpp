/// What terminals do: take payments back, tell of those that have happened, and reconcile. And what
/// is owed to acquirers.

#include "check/history.hpp"

#include <utility>

namespace ducat::cli {

namespace {

constexpr std::uint64_t hold_of_advice_s = 7 * 24 * 3'600;

} // namespace

/// A payment that is not known yet may not come any more.
std::optional<finding> history::apply(const v1::ReversePayment& command) {
  const std::string& original = command.original_key();
  const auto wrong = [&](finding_kind kind, std::string text) {
    return make_finding(kind, original, std::move(text));
  };
  if (is_used(command.idempotency_key()))
    return make_finding(finding_kind::doubled, command.idempotency_key(),
                        "the key was used before");
  if (original == command.idempotency_key())
    return wrong(finding_kind::impossible, "a reversal of itself");
  if (reversed_ahead_.contains(original))
    return wrong(finding_kind::doubled, "it was taken back before");
  if (!is_used(original)) {
    reversed_ahead_.insert(original);
    other_keys_.insert(original);
    other_keys_.insert(command.idempotency_key());
    return std::nullopt;
  }
  checked_payment* of = payment(payment_digest_of(original));
  if (of == nullptr || of->terminal != command.terminal())
    return wrong(finding_kind::impossible, "it was taken back by whose it is not");
  if (auto refused = take_back(*of))
    return refused;
  other_keys_.insert(command.idempotency_key());
  settle(*of, of->creation);
  return std::nullopt;
}

std::optional<finding> history::take_back(checked_payment& payment) {
  const auto wrong = [&](finding_kind kind, std::string text) {
    return make_finding(kind, payment.id(), std::move(text));
  };
  const bool was_taken_back = std::exchange(payment.is_taken_back, true);
  switch (payment.now.phase) {
  case payment_phase::created:
    payment.now.phase = payment_phase::voided;
    wait_until(payment, payment.deadline_ns, 0);
    return std::nullopt;
  case payment_phase::authorized:
  case payment_phase::partially_authorized:
    release(payment);
    payment.now.phase = payment_phase::voided;
    cancel(payment);
    return std::nullopt;
  case payment_phase::captured:
    if (payment.now.refunded != 0 || payment.disputed != 0)
      return wrong(finding_kind::impossible, "it was taken back, and is refunded or disputed");
    if (!books_.can_spend(payment.to, payment.now.captured))
      return wrong(finding_kind::overdrawn, "its payee does not have what was taken back");
    give_back(payment);
    if (payment.advices.empty())
      cancel(payment);
    else
      owe_advice(payment);
    return std::nullopt;
  case payment_phase::authorizing:
    doubt(payment);
    return std::nullopt;
  case payment_phase::in_doubt:
  case payment_phase::exception:
    return was_taken_back ? std::optional{wrong(finding_kind::doubled, "it was taken back before")}
                          : std::nullopt;
  default:
    return wrong(finding_kind::doubled, "it was taken back, and nothing of it stands");
  }
}

std::optional<finding> history::apply(const v1::RecordAdvice& command) {
  const created_payment told = reading_of(command.payment());
  const parties of = parties_of(told);
  if (auto wrong = check_parties(told, of))
    return wrong;
  checked_payment& made = add_payment(told, of);
  if (authorize(made)) {
    if (made.manual_capture)
      wait(made, hold_of_advice_s);
    else
      capture(made, made.now.amount);
  }
  settle(made, made.creation);
  return std::nullopt;
}

// Totals -----------------------------------------------------------------------------------------

/// What is only held is captured by somebody else, and counted by no terminal.
void history::count_at_terminal(const checked_payment& payment, std::int64_t count) {
  if (payment.terminal.empty() || payment.manual_capture)
    return;
  auto& totals = terminals_[{std::string{payment.terminal}, books_.at(payment.from).currency}];
  totals.first += count;
  totals.second += count * payment.now.captured;
}

std::optional<finding> history::apply(const v1::ReconcileTerminal& command) {
  if (is_used(command.idempotency_key()))
    return make_finding(finding_kind::doubled, command.idempotency_key(),
                        "the key was used before");
  auto& totals = terminals_[{command.terminal(), command.currency()}];
  if (command.debits() != totals.first || command.debit_amount() != totals.second ||
      command.credits() != 0 || command.credit_amount() != 0)
    return make_finding(finding_kind::altered, command.terminal(),
                        "its totals are closed at " + std::to_string(command.debit_amount()) +
                            ", its payments are " + std::to_string(totals.second));
  totals = {};
  other_keys_.insert(command.idempotency_key());
  return std::nullopt;
}

// Advices ----------------------------------------------------------------------------------------

/// What was only authorised is captured by an advice, and what the acquirer has captured beyond
/// what we do is given back by one.
void history::owe_capture(checked_payment& payment) {
  if (!payment.attempts.empty() &&
      (payment.attempts.back().asked == v1::SendAttempt::AUTHORIZATION ||
       payment.now.captured < payment.attempts.back().approved))
    owe_advice(payment);
}

void history::owe_advice(checked_payment& payment) {
  if (payment.attempts.empty() || payment.attempts.back().asked == v1::SendAttempt::UNSPECIFIED)
    return;
  payment.advices.push_back(advice_phase::owed);
  ++numbers_;
}

std::optional<finding> history::apply(const v1::ResolveAdvice& command) {
  checked_payment* of = payment(command.payment_id());
  if (of == nullptr || command.advice() == 0 || command.advice() > of->advices.size())
    return make_finding(finding_kind::impossible, command.payment_id(), "no advice is owed of it");
  advice_phase& now = of->advices[command.advice() - 1];
  const auto next = [&]() -> std::optional<advice_phase> {
    switch (command.event()) {
    case v1::ResolveAdvice::ACKNOWLEDGED:
      return now == advice_phase::acknowledged ? std::nullopt
                                               : std::optional{advice_phase::acknowledged};
    case v1::ResolveAdvice::EXHAUSTED:
      return now == advice_phase::owed ? std::optional{advice_phase::exhausted} : std::nullopt;
    case v1::ResolveAdvice::RETRIED:
      return now == advice_phase::exhausted ? std::optional{advice_phase::owed} : std::nullopt;
    case v1::ResolveAdvice::SETTLED:
      return now == advice_phase::exhausted ? std::optional{advice_phase::settled} : std::nullopt;
    default:
      return std::nullopt;
    }
  }();
  if (!next)
    return make_finding(now == advice_phase::acknowledged ? finding_kind::doubled
                                                          : finding_kind::impossible,
                        command.payment_id(), "what became of its advice does not follow");
  now = *next;
  return std::nullopt;
}

/// It moves nothing. Whether it takes a number depends on totals that are not in the log.
std::optional<finding> history::apply(const v1::ReconcileAcquirer& command) {
  if (command.event() == v1::ReconcileAcquirer::BEGUN)
    ++numbers_;
  else if (command.event() == v1::ReconcileAcquirer::OUT_OF_BALANCE)
    ++numbers_unsure_;
  return std::nullopt;
}

} // namespace ducat::cli
