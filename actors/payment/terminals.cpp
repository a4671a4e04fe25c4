/// What terminals do: take their payments back, tell of payments that have happened, and reconcile.

#include "payment/fingerprint.hpp"
#include "payment/key_check.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>

namespace ducat::payment {

namespace {

constexpr std::uint16_t reversal_code = 3;

std::string name_of_totals(std::string_view terminal, std::string_view currency) {
  return std::string{terminal} + ' ' + std::string{currency};
}

bool has_refunds(const payment_record& payment) {
  return std::ranges::any_of(payment.refunds,
                             [](const refund_record& each) { return each.decline_code.empty(); });
}

/// As the ledger decides it, whose accounts without overdraft never owe.
bool can_pay(const ledger::account& payee, std::int64_t amount) {
  const bool is_bound =
      ledger::has(payee.flags, ledger::account_flags::debits_must_not_exceed_credits);
  return !is_bound || payee.debits_pending + payee.debits_posted + static_cast<u128>(amount) <=
                          payee.credits_posted;
}

/// Whether what stands on both sides is the same: what was taken back may be counted or not.
bool is_in_balance(const terminal_totals& own, const v1::ReconcileTerminal& told) {
  const auto count = static_cast<std::int64_t>(own.debits.count) -
                     static_cast<std::int64_t>(own.debit_reversals.count);
  return told.debits() == count &&
         told.debit_amount() == own.debits.amount - own.debit_reversals.amount &&
         told.credits() == 0 && told.credit_amount() == 0;
}

} // namespace

// Reversals --------------------------------------------------------------------------------------

machine::decision machine::check(const v1::ReversePayment& command) const {
  if (const refusal why = check_key(command.idempotency_key()); why != refusal::none)
    return refuse(why, "idempotency_key");
  if (const refusal why = check_key(command.original_key()); why != refusal::none)
    return refuse(why, "original_key");
  if (command.original_key() == command.idempotency_key())
    return refuse(refusal::idempotency_key_reused, "original_key");
  if (const key_record* known = find_key(command.idempotency_key()))
    return replay_or_reuse(*known, command);
  const key_record* original = find_key(command.original_key());
  if (original == nullptr)
    return {};
  if (is_reversed_ahead(*original))
    return replay(*original);
  const payment_record* payment = find_payment(original->payment_id);
  if (payment == nullptr || payment->key != command.original_key() ||
      payment->terminal != command.terminal())
    return refuse(refusal::payment_not_found, "original_key");
  return check_taking_back(*payment);
}

/// What has no effect any more is not written down: it will never have one.
machine::decision machine::check_taking_back(const payment_record& payment) const {
  switch (payment.now) {
  case state::created:
  case state::authorized:
  case state::partially_authorized:
    return {};
  case state::authorizing:
  case state::in_doubt:
  case state::exception:
    return payment.taken_back ? replay(keys_.at(payment.key)) : decision{};
  case state::captured:
    if (has_refunds(payment) || payment.disputed != 0)
      return refuse(refusal::payment_refunded, "original_key");
    return can_pay(*book_.find(accounts_[payment.to].number), payment.captured)
               ? decision{}
               : refuse(refusal::reversal_not_covered, "original_key");
  case state::voided:
  case state::declined:
  case state::reversed:
  case state::failed:
  case state::expired:
    break;
  }
  return replay(keys_.at(payment.key));
}

v1::Outcome machine::apply(const proposal& where, const v1::ReversePayment& command) {
  const std::string& key = command.idempotency_key();
  key_record made{.fingerprint = fingerprint_of(command), .payment_id = {}, .index = where.index};
  const key_record* original = find_key(command.original_key());
  if (original == nullptr) {
    keys_[command.original_key()] = {.fingerprint = {}, .payment_id = {}, .index = where.index};
    keys_[key] = made;
    note_changed_key(command.original_key());
    note_changed_key(key);
    return outcome_of_reversal(made);
  }
  made.payment_id = original->payment_id;
  keys_[key] = made;
  payment_record& payment = payment_at(made.payment_id);
  payment.taken_back = true;
  note(where, payment, "taken_back");
  take_back(where, payment);
  settle_keys(where, payment, key);
  return outcome_of_reversal(keys_.at(key));
}

void machine::take_back(const proposal& where, payment_record& payment) {
  switch (payment.now) {
  case state::created: // Nothing was sent, and nothing will be.
    payment.now = state::voided;
    return wait_until(payment, {});
  case state::authorized:
  case state::partially_authorized:
    release(where, payment, "void");
    payment.now = state::voided;
    return cancel_attempt(where, payment);
  case state::captured: {
    const std::int64_t amount = payment.captured;
    give_back(where, payment);
    payment.now = state::reversed;
    if (payment.advices.empty())
      return cancel_attempt(where, payment);
    return owe(where, payment, advice_kind::refund, amount); // After what is told already.
  }
  case state::authorizing: {
    v1::ResolveAttempt heard;
    heard.set_reason("the terminal has taken it back");
    return change(where, payment, attempt_event::in_doubt, heard);
  }
  case state::in_doubt:
  case state::exception: // It is being reversed: there will be no other attempt.
    return;
  case state::voided:
  case state::declined:
  case state::reversed:
  case state::failed:
  case state::expired:
    break;
  }
  DUCAT_CHECK(payment.now == state::created); // check() lets no other pass.
}

/// The terminal's totals have one payment more.
void machine::count_at_terminal(const payment_record& payment, std::int64_t amount) {
  if (terminal_totals* totals = totals_of(payment)) {
    ++totals->debits.count;
    totals->debits.amount += amount;
  }
}

void machine::give_back(const proposal& where, payment_record& payment) {
  ledger::transfer back = between(payment, "reversal");
  std::swap(back.debit_account_id, back.credit_account_id);
  back.amount = static_cast<u128>(payment.captured);
  back.code = reversal_code;
  mark_back(payment, back);
  DUCAT_CHECK(move(where.at, back) == ledger::transfer_outcome::ok);
  count_refund(where, payment, payment.captured, back.id);
  if (terminal_totals* totals = totals_of(payment)) {
    ++totals->debit_reversals.count;
    totals->debit_reversals.amount += payment.captured;
  }
  payment.captured = 0;
}

v1::Outcome machine::outcome_of_reversal(const key_record& key) const {
  v1::Outcome out;
  out.set_index(key.index);
  if (key.payment_id.empty()) {
    out.mutable_reversal()->set_effect(v1::Reversal::AHEAD);
    return out;
  }
  const payment_record* payment = find_payment(key.payment_id);
  DUCAT_CHECK(payment != nullptr);
  *out.mutable_payment() = view(*payment, std::nullopt);
  out.mutable_reversal()->set_effect(payment->taken_back ? v1::Reversal::TAKEN_BACK
                                                         : v1::Reversal::NOTHING_STANDS);
  return out;
}

// Advices ----------------------------------------------------------------------------------------

machine::decision machine::check(const v1::RecordAdvice& command) const {
  return check_creation(command.payment(), command);
}

v1::Outcome machine::apply(const proposal& where, const v1::RecordAdvice& command) {
  payment_record& payment = add_payment(where, command.payment(), fingerprint_of(command));
  note(where, payment, "advised");
  if (!hold(where, payment))
    note(where, payment, "declined", payment.decline_code);
  else if (payment.manual_capture)
    wait_for(where, payment, timers.hold_s * 1'000);
  else
    post(where, payment, payment.amount);
  settle_keys(where, payment, payment.key);
  return outcome_of(keys_.at(payment.key), payment.key);
}

// Totals -----------------------------------------------------------------------------------------

/// Returns the totals that the payment counts in; null if no terminal counts it: what it has only
/// held is captured by somebody else.
terminal_totals* machine::totals_of(const payment_record& payment) {
  if (payment.terminal.empty() || payment.manual_capture)
    return nullptr;
  const std::string name =
      name_of_totals(payment.terminal, find_currency(accounts_[payment.from].ledger)->code);
  note_changed_terminal(name);
  return &terminals_[name];
}

machine::decision machine::check(const v1::ReconcileTerminal& command) const {
  if (const refusal why = check_key(command.idempotency_key()); why != refusal::none)
    return refuse(why, "idempotency_key");
  if (!find_currency(command.currency()))
    return refuse(refusal::currency_unknown, "currency");
  if (command.terminal().empty())
    return refuse(refusal::terminal_invalid, "terminal");
  if (const key_record* known = find_key(command.idempotency_key()))
    return replay_or_reuse(*known, command);
  const auto found = terminals_.find(name_of_totals(command.terminal(), command.currency()));
  const bool is_equal =
      is_in_balance(found == terminals_.end() ? terminal_totals{} : found->second, command);
  return is_equal ? decision{} : decision{.what = decision::kind::replay};
}

v1::Outcome machine::apply(const proposal& where, const v1::ReconcileTerminal& command) {
  const std::string name = name_of_totals(command.terminal(), command.currency());
  terminal_totals& totals = terminals_[name];
  totals.reconciliations += 1;
  v1::Outcome out;
  out.set_index(where.index);
  *out.mutable_terminal_totals() = view(totals);
  out.mutable_terminal_totals()->set_in_balance(true);
  totals = {.reconciliations = totals.reconciliations};
  keys_[command.idempotency_key()] = {
      .fingerprint = fingerprint_of(command), .payment_id = {}, .index = where.index};
  note_changed_key(command.idempotency_key());
  note_changed_terminal(name);
  return out;
}

/// Of one that has no effect: it was in balance before, or it is not.
v1::Outcome machine::outcome_of_reconciliation(const decision& decided,
                                               const v1::ReconcileTerminal& command) const {
  v1::Outcome out;
  if (decided.key != nullptr) {
    out.set_index(decided.key->index);
    out.mutable_terminal_totals()->set_in_balance(true);
    return out;
  }
  const auto found = terminals_.find(name_of_totals(command.terminal(), command.currency()));
  *out.mutable_terminal_totals() =
      view(found == terminals_.end() ? terminal_totals{} : found->second);
  return out;
}

v1::TerminalTotals machine::view(const terminal_totals& of) const {
  v1::TerminalTotals out;
  out.set_debits(of.debits.count);
  out.set_debit_amount(of.debits.amount);
  out.set_debit_reversals(of.debit_reversals.count);
  out.set_debit_reversal_amount(of.debit_reversals.amount);
  out.set_reconciliations(of.reconciliations);
  return out;
}

v1::Outcome machine::ask(const v1::GetTerminalTotalsRequest& question) const {
  const auto found = terminals_.find(name_of_totals(question.terminal(), question.currency()));
  v1::Outcome out;
  *out.mutable_terminal_totals() =
      view(found == terminals_.end() ? terminal_totals{} : found->second);
  return out;
}

} // namespace ducat::payment
