/// The book: accounts, transfers and the rules by which money moves between them.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/ledger/outcome.hpp>
#include <ducat/ledger/types.hpp>
#include <ducat/time.hpp>
#include <ducat/u128.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ducat::ledger {

/// Sums over all accounts of one ledger, in minor units.
/// Invariant: debits_pending == credits_pending, debits_posted == credits_posted.
struct ledger_totals {
  u128 debits_pending = 0;
  u128 debits_posted = 0;
  u128 credits_pending = 0;
  u128 credits_posted = 0;
  bool exact = true; ///< False if a sum passed u128_max: sums are then modulo 2^128.

  friend bool operator==(const ledger_totals&, const ledger_totals&) = default;
};

/// A double-entry book with TigerBeetle's documented semantics: a pure value, no clock, no I/O.
/// Equal batches at equal times on equal books give equal outcomes and equal books.
/// Not thread-safe. Pointers from find() live until the next non-const call.
///
/// Batches: events are handled in order, each seeing the effects of those before. A chain is a run
/// of `linked` events and the one after it; it takes effect as a whole or not at all. The member
/// that failed first carries its own outcome, the others linked_event_failed; a chain that the
/// batch cuts off fails with linked_event_chain_open on the batch's last event.
///
/// Timestamps: event i of a batch is stamped `at + i` ns, or later if the stamps of earlier
/// batches reach beyond `at`, so that stamps are unique and only grow.
class book {
public:
  /// Creates accounts; returns one outcome per event, in order.
  std::vector<account_outcome> create_accounts(log_time at, std::span<const account> batch);

  /// Moves money; returns one outcome per event, in order. A rejected event changes nothing, except
  /// that a transient failure burns the id (id_already_failed from then on).
  std::vector<transfer_outcome> create_transfers(log_time at, std::span<const transfer> batch);

  /// Returns the account, or nullptr if there is none.
  const account* find(account_id id) const;

  /// Returns the transfer as it took effect (amount, accounts, ledger, code, timestamp filled in),
  /// or nullptr if it never did.
  const transfer* find(transfer_id id) const;

  /// Returns what became of a pending transfer; nothing if `id` is no pending transfer.
  std::optional<pending_status> status_of(transfer_id id) const;

  /// Returns whether a transient failure burnt `id`.
  bool is_burnt(transfer_id id) const;

  /// Returns the sums of every ledger that has an account, by ledger. Adds up all accounts: O(n).
  std::map<std::uint32_t, ledger_totals> totals() const;

  /// Returns a digest of the whole state, equal on equal books. Sorts all records: O(n log n).
  digest state_digest() const;

private:
  /// Invariant: `status` leaves `pending` at most once; it means nothing without flags::pending.
  struct record {
    transfer body;
    pending_status status = pending_status::pending;
  };

  /// How a balance changes: `add` or `subtract`, or the reverse of it on undo.
  using change = void (*)(u128& balance, u128 amount);

  account_outcome check(const account& request) const;
  account_outcome create(const account& request, log_time stamp);
  void undo(const account& request);

  transfer_outcome check(const transfer& request) const;
  transfer_outcome check_known(const transfer& request) const;
  transfer_outcome check_same(const transfer& request, const transfer& stored) const;
  transfer_outcome check_movement(const transfer& request) const;
  transfer_outcome check_resolution(const transfer& request) const;
  transfer_outcome create(const transfer& request, log_time stamp);
  void undo(const transfer& request);

  transfer completed(const transfer& request) const;
  void move_balances(const transfer& stored, change plus, change minus);
  void move_resolved(const transfer& stored, change plus, change minus);
  record& pending_of(const transfer& resolution);
  const record& pending_of(const transfer& resolution) const;

  log_time first_stamp(log_time at, std::size_t batch_size) const;

  std::unordered_map<account_id, account> accounts_;
  std::unordered_map<transfer_id, record> transfers_;
  std::unordered_set<transfer_id> burnt_; ///< Invariant: disjoint from the keys of transfers_.
  log_time last_stamp_;                   ///< Invariant: no stored timestamp is greater.
};

} // namespace ducat::ledger
