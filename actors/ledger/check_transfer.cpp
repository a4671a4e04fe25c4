#include "transfer_kind.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/book.hpp>

namespace ducat::ledger {

namespace {

using enum transfer_outcome;

constexpr transfer_flags known = transfer_flags::linked | transfer_flags::pending |
                                 transfer_flags::post_pending | transfer_flags::void_pending;

bool overflows(u128 a, u128 b) {
  u128 sum = 0;
  return __builtin_add_overflow(a, b, &sum);
}

/// Returns whether `amount` more debits would exceed the account's posted credits. Pending credits
/// do not count: they may be voided.
bool exceeds_bound_of_debits(const account& a, u128 amount) {
  if (!has(a.flags, account_flags::debits_must_not_exceed_credits))
    return false;
  return a.debits_pending + a.debits_posted + amount > a.credits_posted;
}

bool exceeds_bound_of_credits(const account& a, u128 amount) {
  if (!has(a.flags, account_flags::credits_must_not_exceed_debits))
    return false;
  return a.credits_pending + a.credits_posted + amount > a.debits_posted;
}

transfer_outcome check_form(const transfer& t) {
  if (t.timestamp != log_time{})
    return timestamp_must_be_zero;
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
  if (t.ledger == 0)
    return ledger_must_not_be_zero;
  if (t.code == 0)
    return code_must_not_be_zero;
  return ok;
}

transfer_outcome check_resolution_form(const transfer& t) {
  if (is_post(t) && is_void(t))
    return flags_are_mutually_exclusive;
  if (is_pending(t))
    return flags_are_mutually_exclusive;
  if (t.pending_id.value == 0)
    return pending_id_must_not_be_zero;
  if (t.pending_id.value == u128_max)
    return pending_id_must_not_be_int_max;
  if (t.pending_id == t.id)
    return pending_id_must_be_different;
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

transfer_outcome check_unresolved(pending_status status) {
  if (status == pending_status::posted)
    return pending_transfer_already_posted;
  if (status == pending_status::voided)
    return pending_transfer_already_voided;
  return ok;
}

transfer_outcome check_overflow(const transfer& t, const account& debit, const account& credit) {
  if (is_pending(t) && overflows(t.amount, debit.debits_pending))
    return overflows_debits_pending;
  if (is_pending(t) && overflows(t.amount, credit.credits_pending))
    return overflows_credits_pending;
  if (overflows(t.amount, debit.debits_posted))
    return overflows_debits_posted;
  if (overflows(t.amount, credit.credits_posted))
    return overflows_credits_posted;
  if (overflows(t.amount, debit.debits_pending + debit.debits_posted))
    return overflows_debits;
  if (overflows(t.amount, credit.credits_pending + credit.credits_posted))
    return overflows_credits;
  return ok;
}

transfer_outcome check_bounds(const transfer& t, const account& debit, const account& credit) {
  if (exceeds_bound_of_debits(debit, t.amount))
    return exceeds_credits;
  if (exceeds_bound_of_credits(credit, t.amount))
    return exceeds_debits;
  return ok;
}

} // namespace

transfer_outcome book::check(const transfer& request) const {
  if (const auto outcome = check_form(request); outcome != ok)
    return outcome;
  if (const auto outcome = check_known(request); outcome != ok)
    return outcome;
  return resolves(request) ? check_resolution(request) : check_movement(request);
}

transfer_outcome book::check_known(const transfer& request) const {
  if (const transfer* stored = find(request.id); stored != nullptr)
    return check_same(request, *stored);
  if (is_burnt(request.id))
    return id_already_failed;
  return ok;
}

/// Compares what `request` would have stored with what its id did store. Flags and pending id come
/// first because they decide how the rest is completed.
transfer_outcome book::check_same(const transfer& request, const transfer& stored) const {
  if (request.flags != stored.flags)
    return exists_with_different_flags;
  if (request.pending_id != stored.pending_id)
    return exists_with_different_pending_id;
  const transfer full = completed(request);
  if (full.debit_account_id != stored.debit_account_id)
    return exists_with_different_debit_account_id;
  if (full.credit_account_id != stored.credit_account_id)
    return exists_with_different_credit_account_id;
  if (full.amount != stored.amount)
    return exists_with_different_amount;
  if (full.user_data_128 != stored.user_data_128)
    return exists_with_different_user_data_128;
  if (full.user_data_64 != stored.user_data_64)
    return exists_with_different_user_data_64;
  if (full.user_data_32 != stored.user_data_32)
    return exists_with_different_user_data_32;
  if (full.ledger != stored.ledger)
    return exists_with_different_ledger;
  if (full.code != stored.code)
    return exists_with_different_code;
  return exists;
}

transfer_outcome book::check_movement(const transfer& request) const {
  if (const auto outcome = check_movement_form(request); outcome != ok)
    return outcome;
  const account* debit = find(request.debit_account_id);
  if (debit == nullptr)
    return debit_account_not_found;
  const account* credit = find(request.credit_account_id);
  if (credit == nullptr)
    return credit_account_not_found;
  if (debit->ledger != credit->ledger)
    return accounts_must_have_the_same_ledger;
  if (request.ledger != debit->ledger)
    return transfer_must_have_the_same_ledger_as_accounts;
  if (const auto outcome = check_overflow(request, *debit, *credit); outcome != ok)
    return outcome;
  return check_bounds(request, *debit, *credit);
}

transfer_outcome book::check_resolution(const transfer& request) const {
  if (const auto outcome = check_resolution_form(request); outcome != ok)
    return outcome;
  const auto found = transfers_.find(request.pending_id);
  if (found == transfers_.end())
    return pending_transfer_not_found;
  if (const auto outcome = check_against(request, found->second.body); outcome != ok)
    return outcome;
  return check_unresolved(found->second.status);
}

} // namespace ducat::ledger
