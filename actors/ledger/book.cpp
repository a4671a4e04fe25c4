#include "batch.hpp"
#include "transfer_kind.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/book.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace ducat::ledger {

namespace {

void add(u128& balance, u128 amount) {
  DUCAT_CHECK(!__builtin_add_overflow(balance, amount, &balance));
}

void subtract(u128& balance, u128 amount) {
  DUCAT_CHECK(!__builtin_sub_overflow(balance, amount, &balance));
}

template <class T>
void inherit(T& field, const T& from) {
  if (field == T{})
    field = from;
}

log_time later(log_time from, std::size_t nanoseconds) {
  return {from.nanoseconds + nanoseconds};
}

/// Returns the stamp of the last event that took effect; `before` if none did.
template <class Outcome>
log_time newest_stamp(log_time before, log_time first, std::span<const Outcome> outcomes) {
  const std::size_t length = effective_length(outcomes);
  return length == 0 ? before : later(first, length - 1);
}

} // namespace

std::vector<account_outcome> book::create_accounts(log_time at, std::span<const account> batch) {
  const log_time first = first_stamp(at, batch.size());
  std::vector<account_outcome> outcomes(batch.size());
  run_batch(
      batch, std::span(outcomes),
      [&](const account& request, std::size_t i) { return create(request, later(first, i)); },
      [&](const account& done) { undo(done); });
  last_stamp_ = newest_stamp(last_stamp_, first, std::span<const account_outcome>(outcomes));
  return outcomes;
}

std::vector<transfer_outcome> book::create_transfers(log_time at, std::span<const transfer> batch) {
  const log_time first = first_stamp(at, batch.size());
  std::vector<transfer_outcome> outcomes(batch.size());
  run_batch(
      batch, std::span(outcomes),
      [&](const transfer& request, std::size_t i) { return create(request, later(first, i)); },
      [&](const transfer& done) { undo(done); });
  last_stamp_ = newest_stamp(last_stamp_, first, std::span<const transfer_outcome>(outcomes));
  return outcomes;
}

const account* book::find(account_id id) const {
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : &found->second;
}

const transfer* book::find(transfer_id id) const {
  const auto found = transfers_.find(id);
  return found == transfers_.end() ? nullptr : &found->second.body;
}

std::optional<pending_status> book::status_of(transfer_id id) const {
  const auto found = transfers_.find(id);
  if (found == transfers_.end())
    return std::nullopt;
  if (!is_pending(found->second.body))
    return std::nullopt;
  return found->second.status;
}

bool book::is_burnt(transfer_id id) const {
  return burnt_.contains(id);
}

account_outcome book::create(const account& request, log_time stamp) {
  const account_outcome outcome = check(request);
  if (outcome != account_outcome::ok)
    return outcome;
  accounts_.emplace(request.id, request).first->second.timestamp = stamp;
  return outcome;
}

void book::undo(const account& request) {
  accounts_.erase(request.id);
}

transfer_outcome book::create(const transfer& request, log_time stamp) {
  const transfer_outcome outcome = check(request);
  if (is_transient(outcome))
    burnt_.insert(request.id);
  if (outcome != transfer_outcome::ok)
    return outcome;
  record& stored = transfers_.emplace(request.id, record{completed(request)}).first->second;
  stored.body.timestamp = stamp;
  move_balances(stored.body, add, subtract);
  if (resolves(request))
    pending_of(request).status = is_post(request) ? pending_status::posted : pending_status::voided;
  return outcome;
}

void book::undo(const transfer& request) {
  const auto found = transfers_.find(request.id);
  DUCAT_CHECK(found != transfers_.end());
  move_balances(found->second.body, subtract, add);
  if (resolves(request))
    pending_of(request).status = pending_status::pending;
  transfers_.erase(found);
}

/// Returns `request` with everything that a post or void may leave open taken from its pending.
transfer book::completed(const transfer& request) const {
  if (!resolves(request))
    return request;
  const transfer& pending = pending_of(request).body;
  transfer full = request;
  full.amount = resolved_amount(request, pending);
  inherit(full.debit_account_id, pending.debit_account_id);
  inherit(full.credit_account_id, pending.credit_account_id);
  inherit(full.user_data_128, pending.user_data_128);
  inherit(full.user_data_64, pending.user_data_64);
  inherit(full.user_data_32, pending.user_data_32);
  inherit(full.ledger, pending.ledger);
  inherit(full.code, pending.code);
  return full;
}

/// The one place where balances change. Undo is the same with `plus` and `minus` exchanged.
void book::move_balances(const transfer& stored, change plus, change minus) {
  if (resolves(stored))
    return move_resolved(stored, plus, minus);
  account& debit = accounts_.at(stored.debit_account_id);
  account& credit = accounts_.at(stored.credit_account_id);
  plus(is_pending(stored) ? debit.debits_pending : debit.debits_posted, stored.amount);
  plus(is_pending(stored) ? credit.credits_pending : credit.credits_posted, stored.amount);
}

void book::move_resolved(const transfer& stored, change plus, change minus) {
  const u128 reserved = pending_of(stored).body.amount;
  account& debit = accounts_.at(stored.debit_account_id);
  account& credit = accounts_.at(stored.credit_account_id);
  minus(debit.debits_pending, reserved);
  minus(credit.credits_pending, reserved);
  if (!is_post(stored))
    return;
  plus(debit.debits_posted, stored.amount);
  plus(credit.credits_posted, stored.amount);
}

const book::record& book::pending_of(const transfer& resolution) const {
  const auto found = transfers_.find(resolution.pending_id);
  DUCAT_CHECK(found != transfers_.end());
  DUCAT_CHECK(is_pending(found->second.body));
  return found->second;
}

book::record& book::pending_of(const transfer& resolution) {
  return const_cast<record&>(std::as_const(*this).pending_of(resolution));
}

log_time book::first_stamp(log_time at, std::size_t batch_size) const {
  const log_time first = std::max(at, later(last_stamp_, 1));
  DUCAT_CHECK(last_stamp_ < first);
  DUCAT_CHECK(batch_size <= std::numeric_limits<std::uint64_t>::max() - first.nanoseconds);
  return first;
}

} // namespace ducat::ledger
