#include "batch.hpp"
#include "transfer_kind.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/book.hpp>
#include <ducat/planted.hpp>

#include <algorithm>
#include <functional>
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

void close(account& a) {
  a.flags = a.flags | account_flags::closed;
}

void reopen(account& a) {
  a.flags = a.flags & ~account_flags::closed;
}

void move(const transfer& what, account& debit, account& credit) {
  add(is_pending(what) ? debit.debits_pending : debit.debits_posted, what.amount);
  add(is_pending(what) ? credit.credits_pending : credit.credits_posted, what.amount);
  if (has(what.flags, transfer_flags::closing_debit))
    close(debit);
  if (has(what.flags, transfer_flags::closing_credit))
    close(credit);
}

/// Gives back what `pending` reserved, and reopens what it closed: a closing transfer that holds no
/// longer closes nothing. (It cannot be posted: its account is closed.)
void release(const transfer& pending, account& debit, account& credit) {
  subtract(debit.debits_pending, pending.amount);
  subtract(credit.credits_pending, pending.amount);
  if (has(pending.flags, transfer_flags::closing_debit))
    reopen(debit);
  if (has(pending.flags, transfer_flags::closing_credit))
    reopen(credit);
}

/// Returns `request` with everything that a post or void may leave open taken from its pending.
transfer completed(const transfer& request, const transfer& pending) {
  transfer full = request;
  full.debit_account_id = pending.debit_account_id;
  full.credit_account_id = pending.credit_account_id;
  inherit(full.user_data_128, pending.user_data_128);
  inherit(full.user_data_64, pending.user_data_64);
  inherit(full.user_data_32, pending.user_data_32);
  full.ledger = pending.ledger;
  full.code = pending.code;
  return full;
}

/// Returns what `check` says of each event of a batch, chains included, if all are known to the
/// book: then none of them takes effect. Nothing if one is not known.
template <class Outcome, class Event, class Known, class Check>
std::vector<Outcome> answer_if_all(std::span<const Event> batch, Known is_known, Check check) {
  if (!std::ranges::all_of(batch, is_known))
    return {};
  std::vector<Outcome> outcomes(batch.size());
  run_batch(
      batch, std::span(outcomes), [&](const Event& event, std::size_t) { return check(event); },
      [] { DUCAT_CHECK(false && "an event that is known took effect"); });
  return outcomes;
}

} // namespace

std::size_t book::advance(log_time to) {
  std::size_t expired = 0;
  now_ = std::max(now_, to);
  while (!expiries_.empty() && expiries_.front().at <= now_) {
    const expiry what = expiries_.front();
    std::ranges::pop_heap(expiries_, std::greater{});
    expiries_.pop_back();
    const auto found = open_.find(what.id);
    if (found == open_.end() || found->second.timestamp != what.created)
      continue;
    if (found->second.timeout == 0) // An import may have the id and the stamp of one undone.
      continue;
    expire(transfer{found->second});
    ++expired;
  }
  return expired;
}

std::vector<account_outcome> book::create_accounts(log_time at, std::span<const account> batch) {
  const log_time first = start_batch(at, batch.size());
  std::vector<account_outcome> outcomes(batch.size());
  run_batch(
      batch, std::span(outcomes),
      [&](const account& request, std::size_t i) {
        return create(request, {later(first, i), now_, is_imported(batch.front())});
      },
      [&] { accounts_.remove_newest(); });
  return outcomes;
}

std::vector<transfer_outcome> book::create_transfers(log_time at, std::span<const transfer> batch) {
  const log_time first = start_batch(at, batch.size());
  std::vector<transfer_outcome> outcomes(batch.size());
  run_batch(
      batch, std::span(outcomes),
      [&](const transfer& request, std::size_t i) {
        return create(request, {later(first, i), now_, is_imported(batch.front())});
      },
      [&] { undo(); });
  return outcomes;
}

std::vector<account_outcome> book::answer_known(std::span<const account> batch) const {
  const auto is_known = [&](const account& a) { return accounts_.row_of(a.id) != no_row; };
  return answer_if_all<account_outcome>(batch, is_known, [&](const account& request) {
    return check(request, {now_, timestamp_max, is_imported(batch.front())});
  });
}

std::vector<transfer_outcome> book::answer_known(std::span<const transfer> batch) const {
  const auto is_known = [&](const transfer& t) { return find_known(t.id).has_value(); };
  return answer_if_all<transfer_outcome>(batch, is_known, [&](const transfer& request) {
    movement unused;
    return check(request, {now_, timestamp_max, is_imported(batch.front())}, unused);
  });
}

const account* book::find(account_id id) const {
  const account_row* found = accounts_.find(id);
  return found == nullptr ? nullptr : &found->body;
}

/// Expires what is due and returns the stamp of the first event; now_ is that of the last.
log_time book::start_batch(log_time at, std::size_t batch_size) {
  if (batch_size == 0) {
    advance(at);
    return now_;
  }
  const log_time first = std::max(at, later(now_, 1));
  DUCAT_CHECK(first <= timestamp_max);
  DUCAT_CHECK(batch_size <= timestamp_max.nanoseconds - first.nanoseconds);
  advance(first);
  now_ = later(first, batch_size - 1);
  return first;
}

account_outcome book::create(const account& request, const event_context& context) {
  const account_outcome outcome = check(request, context);
  if (outcome != account_outcome::ok)
    return outcome;
  const row added = accounts_.add({request});
  touch(added);
  if (!context.imported)
    accounts_[added].body.timestamp = context.stamp;
  return outcome;
}

transfer_outcome book::create(const transfer& request, const event_context& context) {
  movement m{.stamp = context.imported ? request.timestamp : context.stamp};
  const transfer_outcome outcome = check(request, context, m);
  if (is_transient(outcome))
    newest_.burn(request.id);
  if (outcome == transfer_outcome::ok)
    apply(request, m);
  return outcome;
}

/// The one place where money moves.
void book::apply(const transfer& request, const movement& m) {
  remember_for_undo(request, m);
  transfer stored = m.pending == nullptr ? request : completed(request, *m.pending);
  stored.amount = m.amount;
  stored.timestamp = m.stamp;
  account_row& debit = touch(m.debit);
  account_row& credit = touch(m.credit);
  if (m.pending == nullptr)
    move(stored, debit.body, credit.body);
  else
    resolve(stored, m);
  const row added = newest_.add({.body = stored,
                                 .previous_of_debit = debit.newest_transfer,
                                 .previous_of_credit = credit.newest_transfer});
  debit.newest_transfer = added;
  credit.newest_transfer = added;
  newest_transfer_ = m.stamp;
  remember_balances(m, added);
  if (is_pending(stored))
    hold(stored);
}

/// Returns the account, which is about to change.
account_row& book::touch(row account) {
  account_row& touched = accounts_[account];
  if (!std::exchange(touched.is_touched, true))
    touched_.push_back(account);
  return touched;
}

void book::hold(const transfer& pending) {
  open_.emplace(pending.id, pending);
  if (pending.timeout == 0)
    return;
  expiries_.push_back({expires_at(pending), pending.timestamp, pending.id});
  std::ranges::push_heap(expiries_, std::greater{});
}

void book::resolve(const transfer& resolution, const movement& m) {
  const transfer pending = *m.pending;
  account& debit = accounts_[m.debit].body;
  account& credit = accounts_[m.credit].body;
  transfer freed = pending;
  if (is_post(resolution) && planted::is_on(planted::bug::remainder_kept_at_capture))
    freed.amount = resolution.amount;
  release(freed, debit, credit);
  set_status(pending, is_post(resolution) ? pending_status::posted : pending_status::voided);
  if (!is_post(resolution))
    return;
  add(debit.debits_posted, resolution.amount);
  add(credit.credits_posted, resolution.amount);
}

void book::set_status(const transfer& pending, pending_status status) {
  open_.erase(pending.id);
  const row at = newest_.transfers.row_of(pending.id);
  if (at == no_row)
    newest_.resolved.emplace(pending.id, status);
  else
    newest_.transfers[at].status = status;
}

void book::expire(const transfer& pending) {
  const movement m{.debit = accounts_.row_of(pending.debit_account_id),
                   .credit = accounts_.row_of(pending.credit_account_id),
                   .stamp = now_};
  release(pending, touch(m.debit).body, touch(m.credit).body);
  set_status(pending, pending_status::expired);
  remember_balances(m, no_row);
}

void book::remember_balances(const movement& m, row transfer) {
  remember_balance(m.debit, transfer, m.stamp);
  remember_balance(m.credit, transfer, m.stamp);
}

void book::remember_balance(row account, row transfer, log_time at) {
  account_row& owner = accounts_[account];
  const auto& body = owner.body;
  if (!has(body.flags, account_flags::history))
    return;
  newest_.balances.push_back({.body = {.debits_pending = body.debits_pending,
                                       .debits_posted = body.debits_posted,
                                       .credits_pending = body.credits_pending,
                                       .credits_posted = body.credits_posted,
                                       .timestamp = at},
                              .transfer = transfer,
                              .previous = owner.newest_balance});
  owner.newest_balance = static_cast<row>(newest_.balances.size() - 1);
}

/// Only members of a chain may have to be undone. (The last one has nobody after it to fail.)
void book::remember_for_undo(const transfer& request, const movement& m) {
  if (!is_linked(request))
    return undo_.clear();
  undo_.push_back({.debit = m.debit,
                   .credit = m.credit,
                   .debit_before = accounts_[m.debit],
                   .credit_before = accounts_[m.credit],
                   .balances = newest_.balances.size(),
                   .newest_transfer = newest_transfer_,
                   .pending = m.pending == nullptr ? std::nullopt : std::optional{*m.pending}});
}

void book::undo() {
  DUCAT_CHECK(!undo_.empty());
  const undo_step step = undo_.back();
  undo_.pop_back();
  open_.erase(newest_.transfers.newest().body.id);
  newest_.transfers.remove_newest();
  newest_.balances.resize(step.balances);
  newest_transfer_ = step.newest_transfer;
  accounts_[step.debit] = step.debit_before;
  accounts_[step.credit] = step.credit_before;
  if (!step.pending)
    return;
  open_.emplace(step.pending->id, *step.pending);
  const row at = newest_.transfers.row_of(step.pending->id);
  if (at == no_row)
    newest_.resolved.erase(step.pending->id);
  else
    newest_.transfers[at].status = pending_status::pending;
}

} // namespace ducat::ledger
