#include "payment/fingerprint.hpp"
#include "payment/metadata.hpp"
#include "settlement/book.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <span>

namespace ducat::payment {

namespace {

constexpr std::uint16_t account_code = 1;
constexpr std::uint16_t payment_code = 1;
constexpr std::uint16_t refund_code = 2;

u128 amount_of(std::int64_t minor) {
  DUCAT_CHECK(minor >= 0);
  return static_cast<u128>(minor);
}

snapshot snapshot_of(const payment_record& payment) {
  return {.then = payment.now,
          .captured = payment.captured,
          .refunded = payment.refunded,
          .refunds = payment.refunds.size()};
}

ledger::account ledger_account(const account_record& record) {
  using ledger::account_flags;
  return {.id = record.number,
          .ledger = record.ledger,
          .code = account_code,
          .flags = record.overdraft ? account_flags::none
                                    : account_flags::debits_must_not_exceed_credits,
          .timestamp = {}};
}

} // namespace

v1::Outcome machine::apply_by_kind(const proposal& where, const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kOpenAccount:
    return apply(where, command.open_account());
  case v1::Command::kCreatePayment:
    return apply(where, command.create_payment());
  case v1::Command::kAuthorizePayment:
    return apply(where, command.authorize_payment());
  case v1::Command::kCapturePayment:
    return apply(where, command.capture_payment());
  case v1::Command::kVoidPayment:
    return apply(where, command.void_payment());
  case v1::Command::kRefundPayment:
    return apply(where, command.refund_payment());
  case v1::Command::kSendAttempt:
    return apply(where, command.send_attempt());
  case v1::Command::kResolveAttempt:
    return apply(where, command.resolve_attempt());
  case v1::Command::kPassTime:
    return apply(where, command.pass_time());
  case v1::Command::kGrantLink:
    return apply(where, command.grant_link());
  case v1::Command::kGiveUpPayment:
    return apply(where, command.give_up_payment());
  case v1::Command::kReversePayment:
    return apply(where, command.reverse_payment());
  case v1::Command::kRecordAdvice:
    return apply(where, command.record_advice());
  case v1::Command::kReconcileTerminal:
    return apply(where, command.reconcile_terminal());
  case v1::Command::kResolveAdvice:
    return apply(where, command.resolve_advice());
  case v1::Command::kDecidePayment:
    return apply(where, command.decide_payment());
  case v1::Command::kReconcileAcquirer:
    return apply(where, command.reconcile_acquirer());
  case v1::Command::kPutEndpoint:
  case v1::Command::kRemoveEndpoint:
  case v1::Command::kNoteDeliveries:
  case v1::Command::kReplayEvents:
    return apply_webhook(where, command);
  case v1::Command::kSettlement:
    return apply(where, command.settlement());
  case v1::Command::kSettlementException:
    return apply(where, command.settlement_exception());
  case v1::Command::kRecordAudit:
    return apply(where, command.record_audit());
  case v1::Command::kDecideChange:
    return apply(where, command.decide_change(), command.principal());
  case v1::Command::KIND_NOT_SET:
    break;
  }
  DUCAT_CHECK(command.kind_case() != v1::Command::KIND_NOT_SET);
  return {};
}

v1::Outcome machine::apply(const proposal& where, const v1::OpenAccount& command) {
  const account_record& opened = open(where, {.id = command.id(),
                                              .number = {number_of("account", command.id())},
                                              .ledger = find_currency(command.currency())->number,
                                              .overdraft = command.overdraft(),
                                              .index = where.index,
                                              .owner = command.owner()});
  return answer({.what = decision::kind::commit, .account = &opened}, {});
}

/// Opens an account whose id and number are free. It stays until the next one is opened.
account_record& machine::open(const proposal& where, account_record record) {
  const ledger::account request = ledger_account(record);
  const auto outcomes = book_.create_accounts(where.at, std::span(&request, 1));
  DUCAT_CHECK(outcomes.front() == ledger::account_outcome::ok);
  accounts_by_id_.emplace(record.id, static_cast<std::uint32_t>(accounts_.size()));
  accounts_.push_back(std::move(record));
  note_owner(accounts_.back());
  return accounts_.back();
}

v1::Outcome machine::apply(const proposal& where, const v1::CreatePayment& command) {
  payment_record& made = add_payment(where, command, fingerprint_of(command));
  if (!made.card.empty())
    wait_for(where, made, timers.confirm_s * 1'000);
  note(where, made, "created");
  tell(where, made);
  note_changed(made, command.idempotency_key());
  return outcome_of(keys_.at(command.idempotency_key()), command.idempotency_key());
}

/// Adds what `command` creates, under its key. It stays until the next one is added.
payment_record& machine::add_payment(const proposal& where, const v1::CreatePayment& command,
                                     const digest& fingerprint) {
  payment_record payment{.id = payment_id_of(command.idempotency_key()),
                         .key = command.idempotency_key(),
                         .from = accounts_by_id_.at(command.from()),
                         .to = accounts_by_id_.at(command.to()),
                         .amount = command.amount(),
                         .manual_capture = command.manual_capture(),
                         .description = command.description(),
                         .extra = metadata_of(command),
                         .decline_code = {},
                         .card = command.card(),
                         .terminal = command.terminal(),
                         .at = where.at,
                         .sequence = payments_.size()};
  keys_[payment.key] = {.fingerprint = fingerprint, .payment_id = payment.id, .index = where.index};
  DUCAT_CHECK(payments_by_id_.emplace(payment.id, payment.sequence).second);
  payments_.push_back(std::move(payment));
  counts_.see(payments_.back());
  note_owners(payments_.back());
  return payments_.back();
}

v1::Outcome machine::apply(const proposal& where, const v1::AuthorizePayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  DUCAT_CHECK(payment.now == state::created);
  (void)hold(where, payment);
  note(where, payment, to_string(payment.now), payment.decline_code);
  settle_keys(where, payment, payment.key);
  return outcome_of(keys_.at(payment.key), payment.key);
}

/// Holds the amount of a payment without attempts, or declines it.
bool machine::hold(const proposal& where, payment_record& payment) {
  ledger::transfer hold = between(payment, "hold");
  hold.flags = ledger::transfer_flags::pending;
  payment.decline_code =
      settlement_->cap_reached(payment.from, payment.to, payment.amount, surroundings());
  if (payment.decline_code.empty())
    if (const auto outcome = move(where.at, hold); outcome != ledger::transfer_outcome::ok)
      payment.decline_code = to_string(outcome);
  const bool held = payment.decline_code.empty();
  payment.now = held ? state::authorized : state::declined;
  payment.authorized = held ? payment.amount : 0;
  return held;
}

v1::Outcome machine::apply(const proposal& where, const v1::CapturePayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  const std::int64_t amount = command.amount() == 0 ? payment.authorized : command.amount();
  const std::string& key =
      command.idempotency_key().empty() ? payment.key : command.idempotency_key();
  post(where, payment, amount);
  if (!command.idempotency_key().empty())
    keys_[key] = {.fingerprint = fingerprint_of(command), .payment_id = payment.id};
  settle_keys(where, payment, key);
  return outcome_of(keys_.at(key), key);
}

/// Moves so much of what is held to the payee, and releases the rest.
void machine::post(const proposal& where, payment_record& payment, std::int64_t amount) {
  ledger::transfer post = between(payment, "capture");
  post.pending_id = {hold_of(payment)};
  post.flags = ledger::transfer_flags::post_pending;
  post.amount = amount_of(amount);
  if (payment.now == state::captured && planted::is_on(planted::bug::captured_twice)) {
    post.id = {number_of("again", payment.id)};
    post.pending_id = {};
    post.flags = {};
  }
  mark(payment, post);
  DUCAT_CHECK(move(where.at, post) == ledger::transfer_outcome::ok);
  payment.now = state::captured;
  payment.captured = amount;
  wait_until(payment, {});
  note(where, payment, "captured", std::to_string(amount));
  count_at_terminal(payment, amount);
  count_capture(where, payment, post.id);
  owe_capture(where, payment);
}

v1::Outcome machine::apply(const proposal& where, const v1::VoidPayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  const bool is_held =
      payment.now != state::captured || !planted::is_on(planted::bug::void_after_capture);
  if (is_held && !planted::is_on(planted::bug::hold_kept_at_void))
    release(where, payment, "void");
  payment.now = state::voided;
  note(where, payment, "voided");
  cancel_attempt(where, payment);
  const std::string& key = command.idempotency_key();
  keys_[key] = {.fingerprint = fingerprint_of(command), .payment_id = payment.id};
  settle_keys(where, payment, key);
  return outcome_of(keys_.at(key), key);
}

v1::Outcome machine::apply(const proposal& where, const v1::RefundPayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  const std::string& key = command.idempotency_key();
  const std::int64_t left = left_of(payment);
  refund_record refund{.id = refund_id_of(key),
                       .amount = command.amount() == 0 ? left : command.amount(),
                       .at = where.at,
                       .decline_code = {}};
  ledger::transfer back = between(payment, "refund");
  back.id = {number_of("refund", key)};
  std::swap(back.debit_account_id, back.credit_account_id);
  back.amount = amount_of(refund.amount);
  back.code = refund_code;
  mark_back(payment, back);
  const auto outcome = move(where.at, back);
  if (outcome == ledger::transfer_outcome::ok) {
    count_refund(where, payment, refund.amount, back.id);
    payment.refunded += refund.amount;
  } else {
    refund.decline_code = to_string(outcome);
  }
  note(where, payment, "refunded", refund.decline_code);
  if (refund.decline_code.empty())
    owe(where, payment, advice_kind::refund, refund.amount);
  payment.refunds.push_back(std::move(refund));
  keys_[key] = {.fingerprint = fingerprint_of(command), .payment_id = payment.id};
  settle_keys(where, payment, key);
  return outcome_of(keys_.at(key), key);
}

payment_record& machine::payment_at(const std::string& id) {
  return payments_[payments_by_id_.at(id)];
}

/// Returns the plain transfer of the whole amount from payer to payee; `kind` makes its id.
ledger::transfer machine::between(const payment_record& payment, std::string_view kind) const {
  const account_record& from = accounts_[payment.from];
  return {.id = {number_of(kind, payment.id)},
          .debit_account_id = from.number,
          .credit_account_id = accounts_[payment.to].number,
          .amount = amount_of(payment.amount),
          .pending_id = {},
          .ledger = from.ledger,
          .code = payment_code,
          .timestamp = {}};
}

ledger::transfer_outcome machine::move(log_time at, const ledger::transfer& what) {
  return book_.create_transfers(at, std::span(&what, 1)).front();
}

/// Notes that the request behind `key` had an effect, and freezes the answers of the requests that
/// have no step left: this one, and the payment's creation.
void machine::settle_keys(const proposal& where, payment_record& payment, const std::string& key) {
  if (!keys_.at(key).reply) // Its answer is frozen, with the entry that it names.
    keys_.at(key).index = where.index;
  tell(where, payment);
  note_changed(payment, key);
  if (is_pending(payment.now) ||
      next_step_of(payment.now, payment.manual_capture, !payment.card.empty()) != next_step::none)
    return;
  for (key_record* record : {&keys_.at(key), &keys_.at(payment.key)})
    if (!record->reply)
      record->reply = snapshot_of(payment);
}

} // namespace ducat::payment
