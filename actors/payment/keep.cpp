/// The payment machine's rows in its store:
///
///   key                     value
///   "a/" place, 8 hex       v1.StoredAccount
///   "p/" sequence, 16 hex   v1.StoredPayment
///   "k/" idempotency key    v1.StoredKey
///   "g/" acquirer "/" node  v1.StoredLinkGrant
///   "t/" terminal, currency v1.StoredTerminal
///   "r/" link "/" currency  v1.StoredAcquirer
///   "e/" …, "outbox"        outbox.hpp
///   "u/" number, 16 hex     v1.AuditEntry
///   "c/" number, 16 hex     v1.StoredChange
///   "w/" endpoint           v1.StoredEndpoint; empty if it was removed
///   "s/" …                  settlement/keep.cpp
///   "x/" id                 v1.StoredSettlementException

#include "payment/audit_book.hpp"
#include "payment/change_book.hpp"
#include "payment/endpoint_book.hpp"
#include "payment/stored_advice.hpp"
#include "payment/stored_attempt.hpp"
#include "settlement/book.hpp"
#include "settlement/exception_book.hpp"

#include <ducat/fatal.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/state.pb.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace ducat::payment {

namespace {

[[noreturn]] void damaged(const std::string& what) {
  end_process({errc::corrupt, "the state of the payments is damaged: " + what});
}

std::string key_of_account(std::size_t place) {
  char text[24];
  std::snprintf(text, sizeof text, "a/%08zx", place);
  return text;
}

std::string key_of_payment(std::uint64_t sequence) {
  char text[24];
  std::snprintf(text, sizeof text, "p/%016llx", static_cast<unsigned long long>(sequence));
  return text;
}

/// Returns the row until the next one of its kind is parsed on this thread: there may be millions,
/// and a message that is used again has its memory already.
template <class Message>
const Message& parsed(std::string_view key, std::string_view value) {
  thread_local Message message;
  if (!message.ParseFromArray(value.data(), static_cast<int>(value.size())))
    damaged("row " + std::string{key});
  return message;
}

state state_in(std::uint32_t stored) {
  if (stored < static_cast<std::uint32_t>(state::created) ||
      stored > static_cast<std::uint32_t>(state::exception))
    damaged("a payment has state " + std::to_string(stored));
  return static_cast<state>(stored);
}

v1::StoredAccount stored(const account_record& account) {
  v1::StoredAccount row;
  row.set_id(account.id);
  row.set_ledger(account.ledger);
  row.set_overdraft(account.overdraft);
  row.set_index(account.index);
  row.set_owner(account.owner);
  return row;
}

v1::StoredPayment stored(const payment_record& payment) {
  v1::StoredPayment row;
  row.set_id(payment.id);
  row.set_key(payment.key);
  row.set_state(static_cast<std::uint32_t>(payment.now));
  row.set_from(payment.from);
  row.set_to(payment.to);
  row.set_amount(payment.amount);
  row.set_manual_capture(payment.manual_capture);
  row.set_description(payment.description);
  row.set_captured(payment.captured);
  row.set_refunded(payment.refunded);
  row.set_decline_code(payment.decline_code);
  row.set_at_ns(payment.at.nanoseconds);
  row.set_card(payment.card);
  row.set_authorized(payment.authorized);
  row.set_deadline_ns(payment.deadline.nanoseconds);
  row.set_timeline(payment.timeline);
  row.set_failure_reason(payment.failure_reason);
  row.set_terminal(payment.terminal);
  row.set_taken_back(payment.taken_back);
  row.set_events(payment.events);
  row.set_window(payment.window);
  row.set_business_date(payment.business_date);
  row.set_disputed(payment.disputed);
  row.set_fee(payment.fee);
  for (const attempt_record& each : payment.attempts)
    *row.add_attempts() = stored(each);
  for (const advice_record& each : payment.advices)
    *row.add_advices() = stored(each);
  for (const auto& [key, value] : payment.extra) {
    v1::StoredMetadataPair& pair = *row.add_metadata();
    pair.set_key(key);
    pair.set_value(value);
  }
  for (const refund_record& each : payment.refunds) {
    v1::StoredRefund& refund = *row.add_refunds();
    refund.set_id(each.id);
    refund.set_amount(each.amount);
    refund.set_at_ns(each.at.nanoseconds);
    refund.set_decline_code(each.decline_code);
  }
  return row;
}

v1::StoredKey stored(const key_record& key) {
  v1::StoredKey row;
  row.set_fingerprint(std::string{bytes_of(key.fingerprint)});
  row.set_payment_id(key.payment_id);
  row.set_index(key.index);
  if (!key.reply)
    return row;
  v1::StoredKey::Reply& reply = *row.mutable_reply();
  reply.set_state(static_cast<std::uint32_t>(key.reply->then));
  reply.set_captured(key.reply->captured);
  reply.set_refunded(key.reply->refunded);
  reply.set_refunds(key.reply->refunds);
  return row;
}

v1::StoredLinkGrant stored(const std::string& acquirer, const std::string& node,
                           const link_grant& grant) {
  v1::StoredLinkGrant row;
  row.set_acquirer(acquirer);
  row.set_node(node);
  row.set_link(grant.link);
  row.set_epoch(grant.epoch);
  row.set_index(grant.index);
  row.set_at_ns(grant.at.nanoseconds);
  return row;
}

v1::StoredTerminal stored(const terminal_totals& totals) {
  v1::StoredTerminal row;
  row.set_debits(totals.debits.count);
  row.set_debit_amount(totals.debits.amount);
  row.set_debit_reversals(totals.debit_reversals.count);
  row.set_debit_reversal_amount(totals.debit_reversals.amount);
  row.set_reconciliations(totals.reconciliations);
  return row;
}

template <class T>
void sort_once(std::vector<T>& values) {
  std::ranges::sort(values);
  const auto rest = std::ranges::unique(values);
  values.erase(rest.begin(), rest.end());
}

} // namespace

machine::machine(std::shared_ptr<ledger::segment_store> store, ledger::keeping_limits keeping)
    : keeper_{store, keeping, book_}, endpoints_{std::make_unique<endpoint_book>()},
      audit_{std::make_unique<audit_book>()}, changes_{std::make_unique<change_book>()},
      settlement_{std::make_unique<settlement::book>()},
      exceptions_{std::make_unique<settlement::exception_book>()} {
  settlement_->read_from(store);
  store->visit_rows("", [this](std::string_view key, std::string_view value) {
    restore(key, value);
    return true;
  });
  accounts_kept_ = accounts_.size();
  if (outbox_.newest() == event_place{} && keeper_.durable_to().index != 0)
    outbox_.begin_after({keeper_.durable_to().index, event_number_max}); // Kept before events.
}

void machine::committed(const receipt& newest, const grant_map& grants) {
  const std::size_t changed =
      changed_payments_.size() + changed_keys_.size() + changed_grants_.size();
  if (keeper_.is_due(book_, changed, newest))
    keeper_.keep(book_, newest, grants, take_changed_rows());
  keeper_.let_go(book_);
  if (keeper_.complete_store() != nullptr)
    settlement_->let_go();
  if (signal_ != nullptr)
    signal_->raise(outbox_.newest().index);
}

void machine::note_changed(const payment_record& payment, const std::string& key) {
  counts_.see(payment);
  if (!keeper_.is_keeping())
    return;
  changed_payments_.push_back(payment.sequence);
  if (!planted::is_on(planted::bug::keys_lost_on_restart))
    changed_keys_.push_back(key);
  if (key != payment.key)
    changed_keys_.push_back(payment.key);
}

void machine::note_changed_key(const std::string& key) {
  if (keeper_.is_keeping())
    changed_keys_.push_back(key);
}

void machine::note_changed_terminal(const std::string& name) {
  if (keeper_.is_keeping())
    changed_terminals_.push_back(name);
}

std::vector<ledger::kept_row> machine::take_changed_rows() {
  std::vector<ledger::kept_row> rows;
  for (; accounts_kept_ < accounts_.size(); ++accounts_kept_)
    rows.push_back(
        {key_of_account(accounts_kept_), stored(accounts_[accounts_kept_]).SerializeAsString()});
  sort_once(changed_payments_);
  for (const std::uint64_t sequence : std::exchange(changed_payments_, {}))
    rows.push_back({key_of_payment(sequence), stored(payments_[sequence]).SerializeAsString()});
  sort_once(changed_keys_);
  for (const std::string& key : std::exchange(changed_keys_, {}))
    rows.push_back({"k/" + key, stored(keys_.at(key)).SerializeAsString()});
  sort_once(changed_grants_);
  for (const link_group& group : std::exchange(changed_grants_, {}))
    rows.push_back({"g/" + group.first + "/" + group.second,
                    stored(group.first, group.second, link_grants_.at(group)).SerializeAsString()});
  sort_once(changed_terminals_);
  for (const std::string& name : std::exchange(changed_terminals_, {}))
    rows.push_back({"t/" + name, stored(terminals_.at(name)).SerializeAsString()});
  take_changed_accounts(rows);
  for (auto& each : outbox_.take_changed_rows())
    rows.push_back(std::move(each));
  for (auto& each : endpoints_->take_changed_rows())
    rows.push_back(std::move(each));
  for (auto& each : audit_->take_changed_rows())
    rows.push_back(std::move(each));
  for (auto& each : changes_->take_changed_rows())
    rows.push_back(std::move(each));
  for (auto& each : settlement_->take_changed_rows())
    rows.push_back(std::move(each));
  for (auto& each : exceptions_->take_changed_rows())
    rows.push_back(std::move(each));
  return rows;
}

// Restoring --------------------------------------------------------------------------------------

/// Rows come by key: accounts before the payments between them, each in order of creation.
void machine::restore(std::string_view key, std::string_view value) {
  const bool is_account = key.starts_with("a/");
  if ((is_account && key != key_of_account(accounts_.size())) ||
      (key.starts_with("p/") && key != key_of_payment(payments_.size())))
    damaged("a row before " + std::string{key} + " is missing");
  if (is_account)
    restore(parsed<v1::StoredAccount>(key, value));
  else if (key.starts_with("p/"))
    restore(parsed<v1::StoredPayment>(key, value));
  else if (key.starts_with("k/"))
    restore(key.substr(2), parsed<v1::StoredKey>(key, value));
  else if (key.starts_with("g/"))
    restore(parsed<v1::StoredLinkGrant>(key, value));
  else if (key.starts_with("t/"))
    restore(key.substr(2), parsed<v1::StoredTerminal>(key, value));
  else if (key.starts_with("r/"))
    restore(parsed<v1::StoredAcquirer>(key, value));
  else if ((key.starts_with("e/") || key == "outbox") && !outbox_.restore(key, value))
    damaged("row " + std::string{key});
  else if (key.starts_with("u/") && !audit_->restore(key, value))
    damaged("row " + std::string{key});
  else if (key.starts_with("c/") && !changes_->restore(key, value))
    damaged("row " + std::string{key});
  else if (key.starts_with("w/") && !endpoints_->restore(key, value))
    damaged("row " + std::string{key});
  else if (key.starts_with("x/") && !exceptions_->restore(key, value))
    damaged("row " + std::string{key});
  else if (key.starts_with("s/") && !settlement_->restore(key, value, {accounts_, accounts_by_id_}))
    damaged("row " + std::string{key});
}

void machine::restore(const v1::StoredAccount& stored) {
  account_record account{.id = stored.id(),
                         .number = {number_of("account", stored.id())},
                         .ledger = stored.ledger(),
                         .overdraft = stored.overdraft(),
                         .index = stored.index(),
                         .owner = stored.owner()};
  if (book_.find(account.number) == nullptr)
    damaged("account " + account.id + " is not in the book");
  accounts_by_id_.emplace(account.id, static_cast<std::uint32_t>(accounts_.size()));
  accounts_.push_back(std::move(account));
  note_owner(accounts_.back());
}

void machine::restore(const v1::StoredPayment& stored) {
  if (stored.from() >= accounts_.size() || stored.to() >= accounts_.size())
    damaged("an account of payment " + stored.id() + " is missing");
  payment_record payment{.id = stored.id(),
                         .key = stored.key(),
                         .now = state_in(stored.state()),
                         .from = stored.from(),
                         .to = stored.to(),
                         .amount = stored.amount(),
                         .manual_capture = stored.manual_capture(),
                         .description = stored.description(),
                         .captured = stored.captured(),
                         .refunded = stored.refunded(),
                         .decline_code = stored.decline_code(),
                         .card = stored.card(),
                         .authorized = stored.authorized(),
                         .failure_reason = stored.failure_reason(),
                         .timeline = stored.timeline(),
                         .terminal = stored.terminal(),
                         .taken_back = stored.taken_back(),
                         .window = stored.window(),
                         .business_date = stored.business_date(),
                         .disputed = stored.disputed(),
                         .fee = stored.fee(),
                         .events = stored.events(),
                         .at = {stored.at_ns()},
                         .sequence = payments_.size()};
  for (const v1::StoredAttempt& each : stored.attempts()) {
    auto attempt = attempt_in(each);
    if (!attempt)
      damaged("an attempt of payment " + payment.id);
    payment.attempts.push_back(std::move(*attempt));
  }
  for (const v1::StoredAdvice& each : stored.advices()) {
    auto advice = advice_in(each);
    if (!advice || advice->attempt > payment.attempts.size())
      damaged("an advice of payment " + payment.id);
    payment.advices.push_back(std::move(*advice));
  }
  for (const v1::StoredRefund& each : stored.refunds())
    payment.refunds.push_back({.id = each.id(),
                               .amount = each.amount(),
                               .at = {each.at_ns()},
                               .decline_code = each.decline_code()});
  for (const v1::StoredMetadataPair& pair : stored.metadata())
    payment.extra.emplace_back(pair.key(), pair.value());
  if (v1::Timeline rows; payment.events == 0 && rows.ParseFromString(payment.timeline))
    payment.events = static_cast<std::uint32_t>(rows.events_size()); // It was kept before events.
  if (payments_.empty()) { // Each has a key, which was restored before.
    payments_.reserve(keys_.size());
    payments_by_id_.reserve(keys_.size());
  }
  payments_by_id_.emplace(payment.id, payment.sequence);
  payments_.push_back(std::move(payment));
  counts_.see(payments_.back());
  note_owners(payments_.back());
  wait_until(payments_.back(), {stored.deadline_ns()});
  remember(payments_.back());
}

void machine::restore(std::string_view key, const v1::StoredKey& stored) {
  key_record record{
      .fingerprint = {}, .payment_id = stored.payment_id(), .index = stored.index(), .reply = {}};
  if (stored.fingerprint().size() != record.fingerprint.size())
    damaged("key " + std::string{key});
  std::ranges::copy(stored.fingerprint(), record.fingerprint.begin());
  if (stored.has_reply())
    record.reply = snapshot{.then = state_in(stored.reply().state()),
                            .captured = stored.reply().captured(),
                            .refunded = stored.reply().refunded(),
                            .refunds = stored.reply().refunds()};
  keys_.emplace(key, std::move(record));
}

void machine::restore(std::string_view name, const v1::StoredTerminal& stored) {
  terminals_[std::string{name}] = {
      .debits = {stored.debits(), stored.debit_amount()},
      .debit_reversals = {stored.debit_reversals(), stored.debit_reversal_amount()},
      .reconciliations = stored.reconciliations()};
}

} // namespace ducat::payment
