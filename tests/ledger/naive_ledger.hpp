/// A second, naive ledger, written from the rules alone. An account is the list of all that it ever
/// was, one version per change; a chain that fails cuts the lists to what they were. It shares
/// neither data structure nor code with the book, only the records and their names.
#pragma once

#include <ducat/ledger/outcome.hpp>
#include <ducat/ledger/query.hpp>
#include <ducat/ledger/types.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace ducat::ledger::test {

class naive_ledger {
public:
  /// What an account was after one change. The first version is its creation.
  struct version {
    account body; ///< Its timestamp is that of the creation in every version.
    log_time at;
    transfer_id cause; ///< Zero for the creation and for the end of a timeout.
  };

  struct entry {
    transfer body;
    pending_status status = pending_status::pending; ///< Of a pending transfer.
  };

  /// A pending transfer with a timeout that is still pending, in order of expiry.
  struct deadline {
    std::uint64_t expires_at = 0;
    std::uint64_t created = 0;
    transfer_id id;

    friend auto operator<=>(const deadline&, const deadline&) = default;
  };

  std::map<account_id, std::vector<version>> accounts;
  std::map<transfer_id, entry> transfers;
  std::vector<account_id> account_order; ///< By creation, which is by timestamp.
  std::vector<transfer_id> transfer_order;
  std::set<transfer_id> burnt;
  std::set<deadline> deadlines;
  std::uint64_t clock = 0;

  const account* account_of(account_id id) const {
    const auto found = accounts.find(id);
    return found == accounts.end() ? nullptr : &found->second.back().body;
  }

  const entry* entry_of(transfer_id id) const {
    const auto found = transfers.find(id);
    return found == transfers.end() ? nullptr : &found->second;
  }

  std::size_t advance(log_time to) {
    clock = std::max(clock, to.nanoseconds);
    std::size_t expired = 0;
    for (; !deadlines.empty() && deadlines.begin()->expires_at <= clock; ++expired)
      expire(deadlines.begin()->id);
    return expired;
  }

  std::vector<account_outcome> create(log_time at, const std::vector<account>& batch) {
    return run_batch<account_outcome>(at, batch);
  }

  std::vector<transfer_outcome> create(log_time at, const std::vector<transfer>& batch) {
    return run_batch<transfer_outcome>(at, batch);
  }

  std::vector<transfer> account_transfers(const account_filter& filter) const {
    std::vector<transfer> found;
    if (!valid(filter))
      return found;
    for (const transfer_id id : transfer_order) {
      const transfer& t = transfers.at(id).body;
      const bool debit = filter.debits && t.debit_account_id == filter.account;
      const bool credit = filter.credits && t.credit_account_id == filter.account;
      if ((debit || credit) && matches(t, filter.common))
        found.push_back(t);
    }
    return cut(found, filter.common);
  }

  std::vector<account_balance> account_balances(const account_filter& filter) const {
    std::vector<account_balance> found;
    const account* a = account_of(filter.account);
    if (a == nullptr || !is(*a, account_flags::history))
      return found;
    for (const transfer& t : account_transfers(filter))
      for (const version& v : accounts.at(filter.account))
        if (v.cause == t.id)
          found.push_back(balance_of(v));
    return found;
  }

  std::optional<account_balance> balance_at(account_id id, log_time at) const {
    const account* a = account_of(id);
    std::optional<account_balance> found;
    if (a == nullptr || !is(*a, account_flags::history))
      return found;
    for (const version& v : accounts.at(id))
      if (v.at <= at)
        found = balance_of(v);
    return found;
  }

  std::vector<account> query_accounts(const query_filter& filter) const {
    std::vector<account> found;
    for (const account_id id : account_order)
      if (matches(*account_of(id), filter) && selects_ledger(filter, account_of(id)->ledger))
        found.push_back(*account_of(id));
    return valid(filter) ? cut(found, filter) : std::vector<account>{};
  }

  std::vector<transfer> query_transfers(const query_filter& filter) const {
    std::vector<transfer> found;
    for (const transfer_id id : transfer_order)
      if (matches(entry_of(id)->body, filter) && selects_ledger(filter, entry_of(id)->body.ledger))
        found.push_back(entry_of(id)->body);
    return valid(filter) ? cut(found, filter) : std::vector<transfer>{};
  }

private:
  template <class Event, class Flag>
  static bool is(const Event& event, Flag flag) {
    return (event.flags & flag) == flag;
  }

  static bool is_imported(const account& a) { return is(a, account_flags::imported); }

  static bool is_imported(const transfer& t) { return is(t, transfer_flags::imported); }

  static bool is_linked(const account& a) { return is(a, account_flags::linked); }

  static bool is_linked(const transfer& t) { return is(t, transfer_flags::linked); }

  static std::uint64_t expiry_of(const transfer& t) {
    return t.timestamp.nanoseconds + std::uint64_t{t.timeout} * 1'000'000'000;
  }

  // Queries.

  static bool valid(const query_filter& f) {
    const std::uint64_t last = (std::uint64_t{1} << 63) - 1;
    const bool in_order = f.timestamp_max.nanoseconds == 0 || f.timestamp_min <= f.timestamp_max;
    return f.limit > 0 && f.timestamp_min.nanoseconds <= last &&
           f.timestamp_max.nanoseconds <= last && in_order;
  }

  static bool valid(const account_filter& f) {
    return valid(f.common) && f.account.value != 0 && f.account.value != u128_max &&
           (f.debits || f.credits);
  }

  template <class Record>
  static bool matches(const Record& r, const query_filter& f) {
    const auto wanted = [](auto field, auto filter) { return filter == 0 || field == filter; };
    return wanted(r.user_data_128, f.user_data_128) && wanted(r.user_data_64, f.user_data_64) &&
           wanted(r.user_data_32, f.user_data_32) && wanted(r.code, f.code) &&
           r.timestamp >= f.timestamp_min &&
           (f.timestamp_max == log_time{} || r.timestamp <= f.timestamp_max);
  }

  static bool selects_ledger(const query_filter& f, std::uint32_t ledger) {
    return f.ledger == 0 || f.ledger == ledger;
  }

  template <class Record>
  static std::vector<Record> cut(std::vector<Record> all, const query_filter& f) {
    if (f.reversed)
      std::ranges::reverse(all);
    if (all.size() > f.limit)
      all.resize(f.limit);
    return all;
  }

  static account_balance balance_of(const version& v) {
    return {v.body.debits_pending, v.body.debits_posted, v.body.credits_pending,
            v.body.credits_posted, v.at};
  }

  // Batches and chains.

  /// Where the lists ended before a chain.
  struct mark {
    std::size_t accounts;
    std::size_t transfers;
    std::vector<std::pair<account_id, std::size_t>> versions;
  };

  template <class Outcome, class Event>
  std::vector<Outcome> run_batch(log_time at, const std::vector<Event>& batch) {
    std::vector<Outcome> outcomes;
    if (batch.empty())
      return advance(at), outcomes;
    const std::uint64_t first = std::max(at.nanoseconds, clock + 1);
    advance({first});
    for (std::size_t start = 0; start < batch.size(); start = outcomes.size()) {
      std::size_t end = start;
      while (end + 1 < batch.size() && is_linked(batch[end]))
        ++end;
      run_chain(batch, start, end + 1, first, outcomes);
    }
    clock = first + batch.size() - 1;
    return outcomes;
  }

  /// Runs the events [start, end): with one member there is nothing to undo.
  template <class Outcome, class Event>
  void run_chain(const std::vector<Event>& batch, std::size_t start, std::size_t end,
                 std::uint64_t first, std::vector<Outcome>& outcomes) {
    const bool open = is_linked(batch[end - 1]);
    const mark before = end - start > 1 ? mark_here() : mark{};
    outcomes.resize(end, Outcome::linked_event_failed);
    std::size_t i = start;
    for (; i < end; ++i) {
      outcomes[i] = open && i + 1 == end ? Outcome::linked_event_chain_open
                                         : run_event<Outcome>(batch, i, first);
      if (outcomes[i] != Outcome::ok)
        break;
    }
    if (i == end)
      return;
    std::fill(outcomes.begin() + static_cast<std::ptrdiff_t>(start),
              outcomes.begin() + static_cast<std::ptrdiff_t>(i), Outcome::linked_event_failed);
    if (open)
      outcomes[end - 1] = Outcome::linked_event_chain_open;
    if (i > start)
      cut_to(before);
  }

  mark mark_here() const {
    mark here{account_order.size(), transfer_order.size(), {}};
    for (const auto& [id, versions] : accounts)
      here.versions.emplace_back(id, versions.size());
    return here;
  }

  void cut_to(const mark& before) {
    for (; transfer_order.size() > before.transfers; transfer_order.pop_back())
      forget(transfers.at(transfer_order.back()).body);
    for (; account_order.size() > before.accounts; account_order.pop_back())
      accounts.erase(account_order.back());
    for (const auto& [id, size] : before.versions)
      accounts.at(id).erase(accounts.at(id).begin() + static_cast<std::ptrdiff_t>(size),
                            accounts.at(id).end());
  }

  void forget(const transfer& t) {
    if (t.timeout > 0)
      deadlines.erase({expiry_of(t), t.timestamp.nanoseconds, t.id});
    if (t.pending_id.value != 0)
      set_status(t.pending_id, pending_status::pending);
    transfers.erase(t.id);
  }

  void set_status(transfer_id id, pending_status status) {
    entry& e = transfers.at(id);
    e.status = status;
    const deadline due{expiry_of(e.body), e.body.timestamp.nanoseconds, id};
    if (status != pending_status::pending)
      deadlines.erase(due);
    else if (e.body.timeout > 0)
      deadlines.insert(due);
  }

  template <class Outcome, class Event>
  Outcome run_event(const std::vector<Event>& batch, std::size_t i, std::uint64_t first) {
    Event e = batch[i];
    const bool import = is_imported(batch[0]);
    if (import && !is_imported(e))
      return Outcome::imported_event_expected;
    if (!import && is_imported(e))
      return Outcome::imported_event_not_expected;
    if (!import && e.timestamp != log_time{})
      return Outcome::timestamp_must_be_zero;
    if (import && (e.timestamp == log_time{} || e.timestamp.nanoseconds >> 63 != 0))
      return Outcome::imported_event_timestamp_out_of_range;
    if (import && e.timestamp.nanoseconds >= first + batch.size() - 1)
      return Outcome::imported_event_timestamp_must_not_advance;
    if (!import)
      e.timestamp.nanoseconds = first + i;
    return judge_and_apply(e);
  }

  // Accounts.

  account_outcome judge_and_apply(const account& a) {
    const auto outcome = judge(a);
    if (outcome == account_outcome::ok) {
      accounts[a.id].push_back({a, a.timestamp, {}});
      account_order.push_back(a.id);
    }
    return outcome;
  }

  account_outcome judge(const account& a) const {
    using enum account_outcome;
    if (static_cast<unsigned>(a.flags) > 63)
      return reserved_flag;
    if (a.id.value == 0)
      return id_must_not_be_zero;
    if (a.id.value == u128_max)
      return id_must_not_be_int_max;
    if (const account* e = account_of(a.id))
      return compare(a, *e);
    if (is(a, account_flags::debits_must_not_exceed_credits) &&
        is(a, account_flags::credits_must_not_exceed_debits))
      return flags_are_mutually_exclusive;
    if (a.debits_pending > 0)
      return debits_pending_must_be_zero;
    if (a.debits_posted > 0)
      return debits_posted_must_be_zero;
    if (a.credits_pending > 0)
      return credits_pending_must_be_zero;
    if (a.credits_posted > 0)
      return credits_posted_must_be_zero;
    if (a.ledger == 0)
      return ledger_must_not_be_zero;
    if (a.code == 0)
      return code_must_not_be_zero;
    if (is_imported(a) && (a.timestamp <= newest_account() || a_transfer_is_of(a.timestamp)))
      return imported_event_timestamp_must_not_regress;
    return ok;
  }

  static account_outcome compare(const account& a, const account& e) {
    using enum account_outcome;
    if (a.flags != e.flags)
      return exists_with_different_flags;
    if (a.user_data_128 != e.user_data_128)
      return exists_with_different_user_data_128;
    if (a.user_data_64 != e.user_data_64)
      return exists_with_different_user_data_64;
    if (a.user_data_32 != e.user_data_32)
      return exists_with_different_user_data_32;
    if (a.ledger != e.ledger)
      return exists_with_different_ledger;
    if (a.code != e.code)
      return exists_with_different_code;
    return exists;
  }

  log_time newest_account() const {
    return account_order.empty() ? log_time{} : account_of(account_order.back())->timestamp;
  }

  log_time newest_transfer() const {
    return transfer_order.empty() ? log_time{} : entry_of(transfer_order.back())->body.timestamp;
  }

  bool a_transfer_is_of(log_time at) const {
    const auto time_of = [&](transfer_id id) { return entry_of(id)->body.timestamp; };
    return std::ranges::binary_search(transfer_order, at, {}, time_of);
  }

  bool an_account_is_of(log_time at) const {
    const auto time_of = [&](account_id id) { return account_of(id)->timestamp; };
    return std::ranges::binary_search(account_order, at, {}, time_of);
  }

  // Transfers.

  transfer_outcome judge_and_apply(const transfer& t) {
    using enum transfer_outcome;
    transfer effect = t;
    const auto outcome = judge(t, effect);
    if (outcome == ok)
      apply(effect);
    for (const auto transient : {debit_account_not_found, credit_account_not_found,
                                 pending_transfer_not_found, debit_account_already_closed,
                                 credit_account_already_closed, exceeds_credits, exceeds_debits})
      if (outcome == transient)
        burnt.insert(t.id);
    return outcome;
  }

  static bool resolves(const transfer& t) {
    return is(t, transfer_flags::post_pending) || is(t, transfer_flags::void_pending);
  }

  transfer_outcome judge(const transfer& t, transfer& effect) const {
    using enum transfer_outcome;
    if (static_cast<unsigned>(t.flags) > 511)
      return reserved_flag;
    if (t.id.value == 0)
      return id_must_not_be_zero;
    if (t.id.value == u128_max)
      return id_must_not_be_int_max;
    if (const entry* e = entry_of(t.id))
      return compare(t, e->body);
    if (burnt.contains(t.id))
      return id_already_failed;
    return resolves(t) ? judge_resolution(t, effect) : judge_movement(t, effect);
  }

  transfer_outcome compare(const transfer& t, const transfer& e) const {
    using enum transfer_outcome;
    if (t.flags != e.flags)
      return exists_with_different_flags;
    if (t.pending_id != e.pending_id)
      return exists_with_different_pending_id;
    if (t.timeout != e.timeout)
      return exists_with_different_timeout;
    const transfer wanted = resolves(t) ? completed(t, entry_of(t.pending_id)->body) : t;
    if (wanted.debit_account_id != e.debit_account_id)
      return exists_with_different_debit_account_id;
    if (wanted.credit_account_id != e.credit_account_id)
      return exists_with_different_credit_account_id;
    const bool balancing =
        is(t, transfer_flags::balancing_debit) || is(t, transfer_flags::balancing_credit);
    if (balancing ? wanted.amount < e.amount : wanted.amount != e.amount)
      return exists_with_different_amount;
    if (wanted.user_data_128 != e.user_data_128)
      return exists_with_different_user_data_128;
    if (wanted.user_data_64 != e.user_data_64)
      return exists_with_different_user_data_64;
    if (wanted.user_data_32 != e.user_data_32)
      return exists_with_different_user_data_32;
    if (wanted.ledger != e.ledger)
      return exists_with_different_ledger;
    if (wanted.code != e.code)
      return exists_with_different_code;
    return exists;
  }

  /// Returns the resolution with what it leaves open taken from its pending transfer.
  static transfer completed(transfer t, const transfer& p) {
    const auto take = [](auto& field, const auto& pendings) {
      if (field == std::decay_t<decltype(field)>{})
        field = pendings;
    };
    take(t.debit_account_id, p.debit_account_id);
    take(t.credit_account_id, p.credit_account_id);
    take(t.user_data_128, p.user_data_128);
    take(t.user_data_64, p.user_data_64);
    take(t.user_data_32, p.user_data_32);
    take(t.ledger, p.ledger);
    take(t.code, p.code);
    if (t.amount == (is(t, transfer_flags::void_pending) ? u128{0} : u128_max))
      t.amount = p.amount;
    return t;
  }

  transfer_outcome judge_resolution(const transfer& t, transfer& effect) const {
    using enum transfer_outcome;
    const unsigned others = static_cast<unsigned>(t.flags) & 0b011111110;
    if (others != 4 && others != 8)
      return flags_are_mutually_exclusive;
    if (t.pending_id.value == 0)
      return pending_id_must_not_be_zero;
    if (t.pending_id.value == u128_max)
      return pending_id_must_not_be_int_max;
    if (t.pending_id == t.id)
      return pending_id_must_be_different;
    if (t.timeout > 0)
      return timeout_reserved_for_pending_transfer;
    const entry* e = entry_of(t.pending_id);
    if (e == nullptr)
      return pending_transfer_not_found;
    const transfer& p = e->body;
    if (!is(p, transfer_flags::pending))
      return pending_transfer_not_pending;
    effect = completed(t, p);
    if (effect.debit_account_id != p.debit_account_id)
      return pending_transfer_has_different_debit_account_id;
    if (effect.credit_account_id != p.credit_account_id)
      return pending_transfer_has_different_credit_account_id;
    if (effect.ledger != p.ledger)
      return pending_transfer_has_different_ledger;
    if (effect.code != p.code)
      return pending_transfer_has_different_code;
    if (effect.amount > p.amount)
      return exceeds_pending_transfer_amount;
    if (is(t, transfer_flags::void_pending) && effect.amount != p.amount)
      return pending_transfer_has_different_amount;
    return judge_state(effect, *e);
  }

  transfer_outcome judge_state(const transfer& effect, const entry& pending) const {
    using enum transfer_outcome;
    if (pending.status == pending_status::posted)
      return pending_transfer_already_posted;
    if (pending.status == pending_status::voided)
      return pending_transfer_already_voided;
    if (pending.status == pending_status::expired)
      return pending_transfer_expired;
    if (pending.body.timeout > 0 && expiry_of(pending.body) <= effect.timestamp.nanoseconds)
      return pending_transfer_expired;
    if (regresses(effect))
      return imported_event_timestamp_must_not_regress;
    return is(effect, transfer_flags::void_pending) ? ok : judge_closed(effect);
  }

  bool regresses(const transfer& t) const {
    return is_imported(t) && (t.timestamp <= newest_transfer() || an_account_is_of(t.timestamp));
  }

  transfer_outcome judge_closed(const transfer& t) const {
    using enum transfer_outcome;
    if (is(*account_of(t.debit_account_id), account_flags::closed))
      return debit_account_already_closed;
    if (is(*account_of(t.credit_account_id), account_flags::closed))
      return credit_account_already_closed;
    return ok;
  }

  transfer_outcome judge_movement(const transfer& t, transfer& effect) const {
    using enum transfer_outcome;
    const bool pends = is(t, transfer_flags::pending);
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
    if (t.pending_id.value > 0)
      return pending_id_must_be_zero;
    if (!pends && t.timeout > 0)
      return timeout_reserved_for_pending_transfer;
    if (!pends && (is(t, transfer_flags::closing_debit) || is(t, transfer_flags::closing_credit)))
      return closing_transfer_must_be_pending;
    if (t.ledger == 0)
      return ledger_must_not_be_zero;
    if (t.code == 0)
      return code_must_not_be_zero;
    const account* debit = account_of(t.debit_account_id);
    const account* credit = account_of(t.credit_account_id);
    if (debit == nullptr)
      return debit_account_not_found;
    if (credit == nullptr)
      return credit_account_not_found;
    if (debit->ledger != credit->ledger)
      return accounts_must_have_the_same_ledger;
    if (debit->ledger != t.ledger)
      return transfer_must_have_the_same_ledger_as_accounts;
    if (const auto imported = judge_import(t, *debit, *credit); imported != ok)
      return imported;
    if (const auto closed = judge_closed(t); closed != ok)
      return closed;
    effect.amount = clipped(t, *debit, *credit);
    return judge_amount(effect, *debit, *credit);
  }

  transfer_outcome judge_import(const transfer& t, const account& debit,
                                const account& credit) const {
    using enum transfer_outcome;
    if (!is_imported(t))
      return ok;
    if (regresses(t))
      return imported_event_timestamp_must_not_regress;
    if (t.timestamp <= debit.timestamp)
      return imported_event_timestamp_must_postdate_debit_account;
    if (t.timestamp <= credit.timestamp)
      return imported_event_timestamp_must_postdate_credit_account;
    return t.timeout > 0 ? imported_event_timeout_must_be_zero : ok;
  }

  static u128 clipped(const transfer& t, const account& debit, const account& credit) {
    const u128 used = debit.debits_pending + debit.debits_posted;
    const u128 earned = credit.credits_pending + credit.credits_posted;
    u128 amount = t.amount;
    if (is(t, transfer_flags::balancing_debit))
      amount = std::min(amount, std::max(debit.credits_posted, used) - used);
    if (is(t, transfer_flags::balancing_credit))
      amount = std::min(amount, std::max(credit.debits_posted, earned) - earned);
    return amount;
  }

  static transfer_outcome judge_amount(const transfer& t, const account& debit,
                                       const account& credit) {
    using enum transfer_outcome;
    const bool pends = is(t, transfer_flags::pending);
    const u128 left = u128_max - t.amount; // what may be there already
    if (pends && debit.debits_pending > left)
      return overflows_debits_pending;
    if (pends && credit.credits_pending > left)
      return overflows_credits_pending;
    if (debit.debits_posted > left)
      return overflows_debits_posted;
    if (credit.credits_posted > left)
      return overflows_credits_posted;
    if (debit.debits_pending + debit.debits_posted > left)
      return overflows_debits;
    if (credit.credits_pending + credit.credits_posted > left)
      return overflows_credits;
    if (expiry_of(t) >> 63 != 0) // the sum fits in 64 bits: it is less than 2^63 + 2^62
      return overflows_timeout;
    if (is(debit, account_flags::debits_must_not_exceed_credits) &&
        debit.debits_pending + debit.debits_posted + t.amount > debit.credits_posted)
      return exceeds_credits;
    if (is(credit, account_flags::credits_must_not_exceed_debits) &&
        credit.credits_pending + credit.credits_posted + t.amount > credit.debits_posted)
      return exceeds_debits;
    return ok;
  }

  // Effects.

  void apply(const transfer& t) {
    transfers[t.id] = {t, pending_status::pending};
    transfer_order.push_back(t.id);
    version debit{*account_of(t.debit_account_id), t.timestamp, t.id};
    version credit{*account_of(t.credit_account_id), t.timestamp, t.id};
    if (resolves(t))
      apply_resolution(t, debit.body, credit.body);
    else if (is(t, transfer_flags::pending))
      apply_pending(t, debit.body, credit.body);
    if (!is(t, transfer_flags::pending) && !is(t, transfer_flags::void_pending)) {
      debit.body.debits_posted += t.amount;
      credit.body.credits_posted += t.amount;
    }
    accounts[t.debit_account_id].push_back(debit);
    accounts[t.credit_account_id].push_back(credit);
  }

  void apply_pending(const transfer& t, account& debit, account& credit) {
    debit.debits_pending += t.amount;
    credit.credits_pending += t.amount;
    if (is(t, transfer_flags::closing_debit))
      debit.flags = debit.flags | account_flags::closed;
    if (is(t, transfer_flags::closing_credit))
      credit.flags = credit.flags | account_flags::closed;
    set_status(t.id, pending_status::pending);
  }

  void apply_resolution(const transfer& t, account& debit, account& credit) {
    const bool posts = is(t, transfer_flags::post_pending);
    set_status(t.pending_id, posts ? pending_status::posted : pending_status::voided);
    release(entry_of(t.pending_id)->body, !posts, debit, credit);
  }

  static void release(const transfer& p, bool reopens, account& debit, account& credit) {
    debit.debits_pending -= p.amount;
    credit.credits_pending -= p.amount;
    if (reopens && is(p, transfer_flags::closing_debit))
      debit.flags = debit.flags & ~account_flags::closed;
    if (reopens && is(p, transfer_flags::closing_credit))
      credit.flags = credit.flags & ~account_flags::closed;
  }

  void expire(transfer_id id) {
    const transfer& p = entry_of(id)->body;
    version debit{*account_of(p.debit_account_id), {clock}, {}};
    version credit{*account_of(p.credit_account_id), {clock}, {}};
    release(p, true, debit.body, credit.body);
    accounts[p.debit_account_id].push_back(debit);
    accounts[p.credit_account_id].push_back(credit);
    set_status(id, pending_status::expired);
  }
};

} // namespace ducat::ledger::test
