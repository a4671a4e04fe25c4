#include "batch.hpp"
#include "transfer_kind.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/book.hpp>
#include <ducat/planted.hpp>

#include <algorithm>

namespace ducat::ledger {

namespace {

using enum transfer_outcome;

constexpr transfer_flags balancing =
    transfer_flags::balancing_debit | transfer_flags::balancing_credit;
constexpr transfer_flags closing = transfer_flags::closing_debit | transfer_flags::closing_credit;
constexpr transfer_flags known = transfer_flags::linked | transfer_flags::pending |
                                 transfer_flags::post_pending | transfer_flags::void_pending |
                                 balancing | closing | transfer_flags::imported;

bool overflows(u128 a, u128 b) {
  u128 sum = 0;
  return __builtin_add_overflow(a, b, &sum);
}

/// Returns what is left of `have` after `used`, at least 0.
u128 left_of(u128 have, u128 used) {
  return have > used ? have - used : 0;
}

/// Returns what a movement moves: a balancing one no more than the account has left.
u128 movable(const transfer& t, const account& debit, const account& credit) {
  u128 amount = t.amount;
  if (has(t.flags, transfer_flags::balancing_debit))
    amount =
        std::min(amount, left_of(debit.credits_posted, debit.debits_posted + debit.debits_pending));
  if (has(t.flags, transfer_flags::balancing_credit))
    amount = std::min(
        amount, left_of(credit.debits_posted, credit.credits_posted + credit.credits_pending));
  return amount;
}

/// Returns whether `amount` more debits would exceed the account's posted credits. Pending credits
/// do not count: they may be voided.
bool exceeds_bound_of_debits(const account& a, u128 amount) {
  if (!has(a.flags, account_flags::debits_must_not_exceed_credits))
    return false;
  const u128 held = planted::is_on(planted::bug::holds_not_counted) ? u128{} : a.debits_pending;
  return held + a.debits_posted + amount > a.credits_posted;
}

bool exceeds_bound_of_credits(const account& a, u128 amount) {
  if (!has(a.flags, account_flags::credits_must_not_exceed_debits))
    return false;
  return a.credits_pending + a.credits_posted + amount > a.debits_posted;
}

transfer_outcome check_form(const transfer& t) {
  if (has(t.flags, ~known))
    return reserved_flag;
  if (t.id.value == 0)
    return id_must_not_be_zero;
  if (t.id.value == u128_max)
    return id_must_not_be_int_max;
  return ok;
}

transfer_outcome check_movement_form(const transfer& t) {
  if (t.debit_account_id.value == 0)
    return debit_account_id_must_not_be_zero;
  if (t.debit_account_id.value == u128_max)
    return debit_account_id_must_not_be_int_max;
  if (t.credit_account_id.value == 0)
    return credit_account_id_must_not_be_zero;
  if (t.credit_account_id.value == u128_max)
    return credit_account_id_must_not_be_int_max;
  if (t.debit_account_id == t.credit_account_id)
    return accounts_must_be_different;
  if (t.pending_id.value != 0)
    return pending_id_must_be_zero;
  if (!is_pending(t) && t.timeout != 0)
    return timeout_reserved_for_pending_transfer;
  if (!is_pending(t) && has(t.flags, closing))
    return closing_transfer_must_be_pending;
  if (t.ledger == 0)
    return ledger_must_not_be_zero;
  if (t.code == 0)
    return code_must_not_be_zero;
  return ok;
}

transfer_outcome check_resolution_form(const transfer& t) {
  if (is_post(t) && is_void(t))
    return flags_are_mutually_exclusive;
  if (has(t.flags, transfer_flags::pending | balancing | closing))
    return flags_are_mutually_exclusive;
  if (t.pending_id.value == 0)
    return pending_id_must_not_be_zero;
  if (t.pending_id.value == u128_max)
    return pending_id_must_not_be_int_max;
  if (t.pending_id == t.id)
    return pending_id_must_be_different;
  if (t.timeout != 0)
    return timeout_reserved_for_pending_transfer;
  return ok;
}

/// Checks a post or void against the transfer it names; zero fields of `t` match anything.
transfer_outcome check_against(const transfer& t, const transfer& pending) {
  if (!is_pending(pending))
    return pending_transfer_not_pending;
  if (t.debit_account_id.value != 0 && t.debit_account_id != pending.debit_account_id)
    return pending_transfer_has_different_debit_account_id;
  if (t.credit_account_id.value != 0 && t.credit_account_id != pending.credit_account_id)
    return pending_transfer_has_different_credit_account_id;
  if (t.ledger != 0 && t.ledger != pending.ledger)
    return pending_transfer_has_different_ledger;
  if (t.code != 0 && t.code != pending.code)
    return pending_transfer_has_different_code;
  const u128 amount = resolved_amount(t, pending);
  if (amount > pending.amount)
    return exceeds_pending_transfer_amount;
  if (is_void(t) && amount != pending.amount)
    return pending_transfer_has_different_amount;
  return ok;
}

transfer_outcome outcome_of(pending_status status) {
  switch (status) {
  case pending_status::pending:
    return ok;
  case pending_status::posted:
    return pending_transfer_already_posted;
  case pending_status::voided:
    return pending_transfer_already_voided;
  case pending_status::expired:
    return pending_transfer_expired;
  }
  return ok;
}

/// A closed account takes part in nothing but the void of a pending transfer.
transfer_outcome check_closed(const transfer& t, const account& debit, const account& credit) {
  if (is_void(t))
    return ok;
  if (has(debit.flags, account_flags::closed))
    return debit_account_already_closed;
  if (has(credit.flags, account_flags::closed))
    return credit_account_already_closed;
  return ok;
}

transfer_outcome check_overflow(const transfer& t, u128 amount, const account& debit,
                                const account& credit) {
  if (is_pending(t) && overflows(amount, debit.debits_pending))
    return overflows_debits_pending;
  if (is_pending(t) && overflows(amount, credit.credits_pending))
    return overflows_credits_pending;
  if (overflows(amount, debit.debits_posted))
    return overflows_debits_posted;
  if (overflows(amount, credit.credits_posted))
    return overflows_credits_posted;
  if (overflows(amount, debit.debits_pending + debit.debits_posted))
    return overflows_debits;
  if (overflows(amount, credit.credits_pending + credit.credits_posted))
    return overflows_credits;
  return ok;
}

bool timeout_overflows(const transfer& t, log_time at) {
  return t.timeout * nanoseconds_per_second > timestamp_max.nanoseconds - at.nanoseconds;
}

/// Returns whether `amount`, with which a transfer is asked for again, means the one that was
/// stored: a balancing transfer has stored less than it was asked for.
bool is_same_amount(const transfer& request, const transfer& stored) {
  if (has(request.flags, balancing))
    return request.amount >= stored.amount;
  return request.amount == stored.amount;
}

/// Returns whether a post or void that leaves `field` open, or not, would have stored `stored`.
template <class T>
bool is_same(const T& field, const T& stored, const T& of_pending) {
  return (field == T{} ? of_pending : field) == stored;
}

/// Compares a movement with what its id did store.
transfer_outcome check_same_movement(const transfer& request, const transfer& stored) {
  if (request.debit_account_id != stored.debit_account_id)
    return exists_with_different_debit_account_id;
  if (request.credit_account_id != stored.credit_account_id)
    return exists_with_different_credit_account_id;
  if (!is_same_amount(request, stored))
    return exists_with_different_amount;
  if (request.user_data_128 != stored.user_data_128)
    return exists_with_different_user_data_128;
  if (request.user_data_64 != stored.user_data_64)
    return exists_with_different_user_data_64;
  if (request.user_data_32 != stored.user_data_32)
    return exists_with_different_user_data_32;
  if (request.ledger != stored.ledger)
    return exists_with_different_ledger;
  if (request.code != stored.code)
    return exists_with_different_code;
  return exists;
}

/// Compares a post or void with what its id did store; `pending` is what both resolve.
transfer_outcome check_same_resolution(const transfer& request, const transfer& stored,
                                       const transfer& pending) {
  if (!is_same(request.debit_account_id, stored.debit_account_id, pending.debit_account_id))
    return exists_with_different_debit_account_id;
  if (!is_same(request.credit_account_id, stored.credit_account_id, pending.credit_account_id))
    return exists_with_different_credit_account_id;
  if (resolved_amount(request, pending) != stored.amount)
    return exists_with_different_amount;
  if (!is_same(request.user_data_128, stored.user_data_128, pending.user_data_128))
    return exists_with_different_user_data_128;
  if (!is_same(request.user_data_64, stored.user_data_64, pending.user_data_64))
    return exists_with_different_user_data_64;
  if (!is_same(request.user_data_32, stored.user_data_32, pending.user_data_32))
    return exists_with_different_user_data_32;
  if (!is_same(request.ledger, stored.ledger, pending.ledger))
    return exists_with_different_ledger;
  if (!is_same(request.code, stored.code, pending.code))
    return exists_with_different_code;
  return exists;
}

} // namespace

transfer_outcome book::check(const transfer& request, const event_context& context,
                             movement& m) const {
  if (const auto outcome =
          check_timestamp<transfer_outcome>(request, context.imported, context.batch);
      outcome != ok)
    return outcome;
  if (const auto outcome = check_form(request); outcome != ok)
    return outcome;
  if (const auto outcome = check_known(request); outcome != ok)
    return outcome;
  if (resolves(request))
    return check_resolution(request, m);
  if (const auto outcome = check_movement(request, m); outcome != ok)
    return outcome;
  return check_bounds(m);
}

transfer_outcome book::check_known(const transfer& request) const {
  const auto known = find_known(request.id);
  if (!known)
    return ok;
  return known->is_burnt ? id_already_failed : check_same(request, known->body);
}

/// Flags, pending id and timeout come first because they decide what the rest means.
transfer_outcome book::check_same(const transfer& request, const transfer& stored) const {
  if (request.flags != stored.flags)
    return exists_with_different_flags;
  if (request.pending_id != stored.pending_id)
    return exists_with_different_pending_id;
  if (request.timeout != stored.timeout)
    return exists_with_different_timeout;
  return resolves(request) ? check_same_resolution(request, stored, *find(request.pending_id))
                           : check_same_movement(request, stored);
}

transfer_outcome book::check_movement(const transfer& request, movement& m) const {
  if (const auto outcome = check_movement_form(request); outcome != ok)
    return outcome;
  m.debit = accounts_.row_of(request.debit_account_id);
  if (m.debit == no_row)
    return debit_account_not_found;
  m.credit = accounts_.row_of(request.credit_account_id);
  if (m.credit == no_row)
    return credit_account_not_found;
  const account& debit = accounts_[m.debit].body;
  const account& credit = accounts_[m.credit].body;
  if (debit.ledger != credit.ledger)
    return accounts_must_have_the_same_ledger;
  if (request.ledger != debit.ledger)
    return transfer_must_have_the_same_ledger_as_accounts;
  if (const auto outcome = check_import(request, m); outcome != ok)
    return outcome;
  if (const auto outcome = check_closed(request, debit, credit); outcome != ok)
    return outcome;
  m.amount = movable(request, debit, credit);
  if (const auto outcome = check_overflow(request, m.amount, debit, credit); outcome != ok)
    return outcome;
  return timeout_overflows(request, m.stamp) ? overflows_timeout : ok;
}

transfer_outcome book::check_bounds(const movement& m) const {
  if (exceeds_bound_of_debits(accounts_[m.debit].body, m.amount))
    return exceeds_credits;
  if (exceeds_bound_of_credits(accounts_[m.credit].body, m.amount))
    return exceeds_debits;
  return ok;
}

transfer_outcome book::check_resolution(const transfer& request, movement& m) const {
  if (const auto outcome = check_resolution_form(request); outcome != ok)
    return outcome;
  const auto found = open_.find(request.pending_id);
  if (found == open_.end())
    return check_resolved(request);
  const transfer& pending = found->second;
  if (const auto outcome = check_against(request, pending); outcome != ok)
    return outcome;
  if (pending.timeout != 0 && expires_at(pending) <= m.stamp)
    return pending_transfer_expired;
  if (is_imported(request))
    if (const auto outcome = check_regress(m.stamp); outcome != ok)
      return outcome;
  m.pending = &pending;
  m.debit = accounts_.row_of(pending.debit_account_id);
  m.credit = accounts_.row_of(pending.credit_account_id);
  m.amount = resolved_amount(request, pending);
  return check_closed(request, accounts_[m.debit].body, accounts_[m.credit].body);
}

/// Says what is wrong with resolving a transfer that is not open.
transfer_outcome book::check_resolved(const transfer& request) const {
  const auto known = find_known(request.pending_id);
  if (!known || known->is_burnt)
    return pending_transfer_not_found;
  if (const auto outcome = check_against(request, known->body); outcome != ok)
    return outcome;
  return outcome_of(known->status);
}

transfer_outcome book::check_import(const transfer& request, const movement& m) const {
  if (!is_imported(request))
    return ok;
  if (const auto outcome = check_regress(m.stamp); outcome != ok)
    return outcome;
  if (m.stamp <= accounts_[m.debit].body.timestamp)
    return imported_event_timestamp_must_postdate_debit_account;
  if (m.stamp <= accounts_[m.credit].body.timestamp)
    return imported_event_timestamp_must_postdate_credit_account;
  if (request.timeout != 0)
    return imported_event_timeout_must_be_zero;
  return ok;
}

/// Timestamps are unique, and those of transfers only grow.
transfer_outcome book::check_regress(log_time imported) const {
  if (imported <= newest_transfer_ || accounts_.has_timestamp(imported))
    return imported_event_timestamp_must_not_regress;
  return ok;
}

} // namespace ducat::ledger
