/// The book: accounts, transfers and the rules by which money moves between them.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/ledger/outcome.hpp>
#include <ducat/ledger/query.hpp>
#include <ducat/ledger/tables.hpp>
#include <ducat/ledger/types.hpp>
#include <ducat/time.hpp>
#include <ducat/u128.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
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
/// batches reach beyond `at`, so that stamps are unique and only grow. Imported events bring their
/// own, from before the batch.
///
/// Expiry: a pending transfer with a timeout expires exactly `timeout` seconds after its timestamp:
/// from then on it cannot be posted or voided. What it reserved is released when the book is next
/// told a time, in order of expiry.
class book {
public:
  /// Moves the clock of the book to `to`, if that is later, and releases what has expired. Returns
  /// how many pending transfers expired. create_*() do this with `at` first.
  std::size_t advance(log_time to);

  /// Returns the book's clock: no event is later.
  log_time now() const noexcept { return now_; }

  /// Creates accounts; returns one outcome per event, in order.
  std::vector<account_outcome> create_accounts(log_time at, std::span<const account> batch);

  /// Moves money; returns one outcome per event, in order. A rejected event changes nothing, except
  /// that a transient failure burns the id (id_already_failed from then on).
  std::vector<transfer_outcome> create_transfers(log_time at, std::span<const transfer> batch);

  /// Returns the outcomes of a batch that create_*() would answer without any change, because each
  /// of its ids has been used before, or is burnt; empty for every other batch.
  std::vector<account_outcome> answer_known(std::span<const account> batch) const;
  std::vector<transfer_outcome> answer_known(std::span<const transfer> batch) const;

  /// Returns the account, or nullptr if there is none.
  const account* find(account_id id) const;

  /// Returns the transfer as it took effect (amount, accounts, ledger, code, timestamp filled in),
  /// or nullptr if it never did.
  const transfer* find(transfer_id id) const;

  /// Returns what became of a pending transfer; nothing if `id` is no pending transfer.
  std::optional<pending_status> status_of(transfer_id id) const;

  /// Returns whether a transient failure burnt `id`.
  bool is_burnt(transfer_id id) const;

  /// Returns the transfers of an account, by timestamp; none if the filter is not valid or the
  /// account not known. Walks the account's transfers from the newest back to timestamp_min.
  std::vector<transfer> account_transfers(const account_filter& filter) const;

  /// Returns the balances of an account of flags::history after each of the transfers that
  /// account_transfers() returns; none of another account.
  std::vector<account_balance> account_balances(const account_filter& filter) const;

  /// Returns what the account had at the time `at`, the end of timeouts included; its timestamp is
  /// that of the last change until then. Nothing if the account does not exist then, or if its
  /// history is not kept.
  std::optional<account_balance> balance_at(account_id id, log_time at) const;

  /// Returns the records that the filter selects, by timestamp; none if it is not valid. Looks at
  /// every record between the filter's times.
  std::vector<account> query_accounts(const query_filter& filter) const;
  std::vector<transfer> query_transfers(const query_filter& filter) const;

  /// Returns the sums of every ledger that has an account, by ledger. Adds up all accounts: O(n).
  std::map<std::uint32_t, ledger_totals> totals() const;

  /// Returns a digest of the whole state, equal on equal books. Sorts burnt ids: O(n log n).
  digest state_digest() const;

private:
  /// What the batch says about one of its events.
  struct event_context {
    log_time stamp; ///< The event's, unless it is imported.
    log_time batch; ///< The time of the batch: an imported event is older.
    bool imported;  ///< Whether the batch is one of imported events.
  };

  /// What the checks of a transfer found, for its effect.
  struct movement {
    row debit = no_row;
    row credit = no_row;
    row pending = no_row; ///< What it posts or voids.
    u128 amount = 0;      ///< What it moves, which a request may leave open.
    log_time stamp;
  };

  /// What one transfer of a chain changed, as it was before.
  struct undo_step {
    movement what;
    account_row debit;
    account_row credit;
    std::size_t balances; ///< How many there were.
  };

  /// When a pending transfer expires. One that has been undone or resolved since is passed over.
  struct expiry {
    log_time at;
    log_time created; ///< Of equals the older expires first; and it tells who has the row now.
    row pending;

    friend auto operator<=>(const expiry&, const expiry&) = default;
  };

  // check_account.cpp
  account_outcome check(const account& request, const event_context& context) const;
  account_outcome create(const account& request, const event_context& context);

  // check_transfer.cpp: decides, changes nothing.
  transfer_outcome check(const transfer& request, const event_context& context, movement& m) const;
  transfer_outcome check_known(const transfer& request) const;
  transfer_outcome check_same(const transfer& request, const transfer& stored) const;
  transfer_outcome check_movement(const transfer& request, movement& m) const;
  transfer_outcome check_resolution(const transfer& request, movement& m) const;
  transfer_outcome check_import(const transfer& request, const movement& m) const;
  transfer_outcome check_regress(log_time imported) const;

  // query.cpp
  std::vector<row> select(const account_filter& filter) const;

  // book.cpp: effects.
  transfer_outcome create(const transfer& request, const event_context& context);
  void apply(const transfer& request, const movement& m);
  void release(const transfer_row& pending, account& debit, account& credit);
  void resolve(const transfer& resolution, const movement& m);
  void move(const transfer& what, account& debit, account& credit);
  void remember_balances(const movement& m, row transfer);
  void remember_balance(row account, row transfer, log_time at);
  void remember_for_undo(const transfer& request, const movement& m);
  void undo();
  void expire(const expiry& what);
  log_time start_batch(log_time at, std::size_t batch_size);

  table<account_row, account_id> accounts_;
  table<transfer_row, transfer_id> transfers_;
  std::vector<balance_row> balances_;
  boost::unordered_flat_set<transfer_id, std::hash<transfer_id>>
      burnt_;                    ///< Invariant: disjoint from transfers_.
  std::vector<expiry> expiries_; ///< A heap, the earliest on top.
  std::vector<undo_step> undo_;  ///< Of the chain in hand, its last member excepted.
  log_time now_;                 ///< Invariant: no stored timestamp is greater.
};

} // namespace ducat::ledger
