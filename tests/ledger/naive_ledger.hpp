/// A second, naive ledger: no balances, no indexes. Everything is a sum or a search over the list
/// of transfers that took effect, so that it shares neither data structure nor code with the book.
#pragma once

#include <ducat/ledger/outcome.hpp>
#include <ducat/ledger/types.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace ducat::ledger::test {

class naive_ledger {
public:
  std::vector<account> accounts;   ///< As requested; the balances stay zero.
  std::vector<transfer> transfers; ///< As they took effect, without timestamp.
  std::set<transfer_id> burnt;

  const account* account_of(account_id id) const {
    const auto it = std::ranges::find(accounts, id, &account::id);
    return it == accounts.end() ? nullptr : &*it;
  }

  const transfer* transfer_of(transfer_id id) const {
    const auto it = std::ranges::find(transfers, id, &transfer::id);
    return it == transfers.end() ? nullptr : &*it;
  }

  /// Returns the post or void of a pending transfer, or nullptr.
  const transfer* resolution_of(transfer_id id) const {
    const auto it = std::ranges::find(transfers, id, &transfer::pending_id);
    return it == transfers.end() ? nullptr : &*it;
  }

  u128 posted(account_id transfer::* side, account_id id) const {
    u128 sum = 0;
    for (const transfer& t : transfers)
      if (t.*side == id && !is(t, transfer_flags::pending) && !is(t, transfer_flags::void_pending))
        sum += t.amount;
    return sum;
  }

  u128 pending(account_id transfer::* side, account_id id) const {
    u128 sum = 0;
    for (const transfer& t : transfers)
      if (t.*side == id && is(t, transfer_flags::pending) && resolution_of(t.id) == nullptr)
        sum += t.amount;
    return sum;
  }

  /// Runs a batch: a chain that fails is cut off the lists again.
  std::vector<transfer_outcome> run(const std::vector<transfer>& batch) {
    std::vector<transfer_outcome> outcomes;
    for (std::size_t i = 0; i < batch.size();) {
      std::vector<transfer> chain{batch[i++]};
      while (i < batch.size() && is(chain.back(), transfer_flags::linked))
        chain.push_back(batch[i++]);
      std::ranges::copy(run_chain(chain), std::back_inserter(outcomes));
    }
    return outcomes;
  }

private:
  static bool is(const transfer& t, transfer_flags flag) { return (t.flags & flag) == flag; }

  std::vector<transfer_outcome> run_chain(const std::vector<transfer>& chain) {
    using enum transfer_outcome;
    const bool open = is(chain.back(), transfer_flags::linked);
    const std::size_t before = transfers.size();
    std::vector<transfer_outcome> outcomes(chain.size(), linked_event_failed);
    std::size_t done = 0;
    for (; done < chain.size(); ++done) {
      if (open && done + 1 == chain.size())
        break;
      const auto outcome = run_one(chain[done]);
      outcomes[done] = outcome;
      if (outcome != ok)
        break;
    }
    if (done == chain.size())
      return outcomes;
    std::fill_n(outcomes.begin(), done, linked_event_failed);
    transfers.resize(before);
    if (open)
      outcomes.back() = linked_event_chain_open;
    return outcomes;
  }

  transfer_outcome run_one(const transfer& t) {
    using enum transfer_outcome;
    transfer effect = t;
    const auto outcome = judge(t, effect);
    if (outcome == ok)
      transfers.push_back(effect);
    for (const auto transient : {debit_account_not_found, credit_account_not_found,
                                 pending_transfer_not_found, exceeds_credits, exceeds_debits})
      if (outcome == transient)
        burnt.insert(t.id);
    return outcome;
  }

  transfer_outcome judge(const transfer& t, transfer& effect) const {
    using enum transfer_outcome;
    const bool post = is(t, transfer_flags::post_pending);
    const bool voids = is(t, transfer_flags::void_pending);
    if (t.timestamp.nanoseconds > 0)
      return timestamp_must_be_zero;
    if (static_cast<int>(t.flags) > 15)
      return reserved_flag;
    if (t.id.value == 0)
      return id_must_not_be_zero;
    if (t.id.value == u128_max)
      return id_must_not_be_int_max;
    if (const transfer* e = transfer_of(t.id))
      return compare(t, *e);
    if (burnt.contains(t.id))
      return id_already_failed;
    return post || voids ? judge_resolution(t, effect) : judge_movement(t);
  }

  transfer_outcome compare(const transfer& t, const transfer& e) const {
    using enum transfer_outcome;
    if (t.flags != e.flags)
      return exists_with_different_flags;
    if (t.pending_id != e.pending_id)
      return exists_with_different_pending_id;
    const bool post = is(t, transfer_flags::post_pending);
    const bool resolves = post || is(t, transfer_flags::void_pending);
    const transfer p = resolves ? *transfer_of(t.pending_id) : transfer{};
    const auto differs = [&](const auto& mine, const auto& done, const auto& pendings) {
      return (resolves && mine == std::decay_t<decltype(mine)>{} ? pendings : mine) != done;
    };
    if (differs(t.debit_account_id, e.debit_account_id, p.debit_account_id))
      return exists_with_different_debit_account_id;
    if (differs(t.credit_account_id, e.credit_account_id, p.credit_account_id))
      return exists_with_different_credit_account_id;
    const bool whole = post ? t.amount == u128_max : resolves && t.amount == 0;
    if ((whole ? p.amount : t.amount) != e.amount)
      return exists_with_different_amount;
    if (differs(t.user_data_128, e.user_data_128, p.user_data_128))
      return exists_with_different_user_data_128;
    if (differs(t.user_data_64, e.user_data_64, p.user_data_64))
      return exists_with_different_user_data_64;
    if (differs(t.user_data_32, e.user_data_32, p.user_data_32))
      return exists_with_different_user_data_32;
    if (differs(t.ledger, e.ledger, p.ledger))
      return exists_with_different_ledger;
    if (differs(t.code, e.code, p.code))
      return exists_with_different_code;
    return exists;
  }

  transfer_outcome judge_resolution(const transfer& t, transfer& effect) const {
    using enum transfer_outcome;
    const bool voids = is(t, transfer_flags::void_pending);
    const bool post = is(t, transfer_flags::post_pending);
    if (post + voids + is(t, transfer_flags::pending) > 1)
      return flags_are_mutually_exclusive;
    if (t.pending_id.value == 0)
      return pending_id_must_not_be_zero;
    if (t.pending_id.value == u128_max)
      return pending_id_must_not_be_int_max;
    if (t.pending_id == t.id)
      return pending_id_must_be_different;
    const transfer* p = transfer_of(t.pending_id);
    if (p == nullptr)
      return pending_transfer_not_found;
    if (!is(*p, transfer_flags::pending))
      return pending_transfer_not_pending;
    effect.debit_account_id = p->debit_account_id;
    effect.credit_account_id = p->credit_account_id;
    effect.ledger = p->ledger;
    effect.code = p->code;
    if (voids ? t.amount == 0 : t.amount == u128_max)
      effect.amount = p->amount;
    if (t.user_data_128 == 0)
      effect.user_data_128 = p->user_data_128;
    if (t.user_data_64 == 0)
      effect.user_data_64 = p->user_data_64;
    if (t.user_data_32 == 0)
      effect.user_data_32 = p->user_data_32;
    if (t.debit_account_id.value != 0 && t.debit_account_id != p->debit_account_id)
      return pending_transfer_has_different_debit_account_id;
    if (t.credit_account_id.value != 0 && t.credit_account_id != p->credit_account_id)
      return pending_transfer_has_different_credit_account_id;
    if (t.ledger != 0 && t.ledger != p->ledger)
      return pending_transfer_has_different_ledger;
    if (t.code != 0 && t.code != p->code)
      return pending_transfer_has_different_code;
    if (effect.amount > p->amount)
      return exceeds_pending_transfer_amount;
    if (voids && effect.amount < p->amount)
      return pending_transfer_has_different_amount;
    const transfer* before = resolution_of(t.pending_id);
    if (before == nullptr)
      return ok;
    return is(*before, transfer_flags::post_pending) ? pending_transfer_already_posted
                                                     : pending_transfer_already_voided;
  }

  transfer_outcome judge_movement(const transfer& t) const {
    using enum transfer_outcome;
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
    return judge_amount(t, *debit, *credit);
  }

  transfer_outcome judge_amount(const transfer& t, const account& debit,
                                const account& credit) const {
    using enum transfer_outcome;
    const u128 dp = pending(&transfer::debit_account_id, debit.id);
    const u128 cp = pending(&transfer::credit_account_id, credit.id);
    const u128 dd = posted(&transfer::debit_account_id, debit.id);
    const u128 cc = posted(&transfer::credit_account_id, credit.id);
    const bool pends = is(t, transfer_flags::pending);
    if (pends && t.amount > u128_max - dp)
      return overflows_debits_pending;
    if (pends && t.amount > u128_max - cp)
      return overflows_credits_pending;
    if (t.amount > u128_max - dd)
      return overflows_debits_posted;
    if (t.amount > u128_max - cc)
      return overflows_credits_posted;
    if (t.amount > u128_max - dd - dp)
      return overflows_debits;
    if (t.amount > u128_max - cc - cp)
      return overflows_credits;
    if (debit.flags == account_flags::debits_must_not_exceed_credits &&
        dp + dd + t.amount > posted(&transfer::credit_account_id, debit.id))
      return exceeds_credits;
    if (credit.flags == account_flags::credits_must_not_exceed_debits &&
        cp + cc + t.amount > posted(&transfer::debit_account_id, credit.id))
      return exceeds_debits;
    return ok;
  }
};

} // namespace ducat::ledger::test
