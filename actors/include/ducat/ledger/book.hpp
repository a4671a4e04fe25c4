/// The book: accounts, transfers and the rules by which money moves between them.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/ledger/outcome.hpp>
#include <ducat/ledger/query.hpp>
#include <ducat/ledger/segment.hpp>
#include <ducat/ledger/tables.hpp>
#include <ducat/ledger/types.hpp>
#include <ducat/time.hpp>
#include <ducat/u128.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
/// Memory: accounts and open pending transfers stay; the rest goes from the newest segment into
/// sealed ones, and from there to the history, whose owner says when. It is the same book wherever
/// its past is.
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

  /// Moves back what a transfer moved, by a transfer of its own from credit to debit account, once.
  /// Both carry each other's id in their metadata: ducat.reverted_by and ducat.reverts. Retries and
  /// transient failures are as for create_transfers().
  transfer_outcome revert(log_time at, const reversal& request);

  /// Changes metadata.
  metadata_outcome change(log_time at, const set_metadata& change);

  /// Returns the metadata of an account or transfer; empty if it has none, or does not exist.
  metadata metadata_of(const subject& about) const;

  /// Returns the outcomes of a batch that create_*() would answer without any change, because each
  /// of its ids has been used before, or is burnt; empty for every other batch.
  std::vector<account_outcome> answer_known(std::span<const account> batch) const;
  std::vector<transfer_outcome> answer_known(std::span<const transfer> batch) const;

  /// Returns the account, or nullptr if there is none.
  const account* find(account_id id) const;

  /// Returns the transfer as it took effect (amount, accounts, ledger, code, timestamp filled in);
  /// nothing if it never did.
  std::optional<transfer> find(transfer_id id) const;

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
  /// every record between the filter's times; at transfers in the history only if they have the
  /// filter's user data.
  std::vector<account> query_accounts(const query_filter& filter) const;
  std::vector<transfer> query_transfers(const query_filter& filter) const;

  /// Returns the sums of every ledger that has an account, by ledger. Adds up all accounts: O(n).
  std::map<std::uint32_t, ledger_totals> totals() const;

  /// Returns a digest of the whole state, equal on equal books, wherever their past is. Reads all.
  digest state_digest() const;

  /// Returns how many records the newest segment has, of every kind that takes memory, and how many
  /// accounts it touches.
  std::size_t newest_size() const noexcept { return newest_.size() + touched_.size(); }

  /// Seals the newest segment, which the book goes on reading until let_go(), and begins another.
  std::shared_ptr<const segment> seal();

  /// Drops the oldest sealed segment: the history has it from now on.
  void let_go();

  std::size_t sealed_size() const noexcept { return sealed_.size(); }

  /// Makes an empty book one with a past: the accounts by row, the open pending transfers, the
  /// clock and the newest timestamp of a transfer as the last segment in `past` left them.
  void restore(std::shared_ptr<const history> past, std::span<const account> accounts,
               std::span<const transfer> open, log_time now, log_time newest_transfer);

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
    const transfer* pending = nullptr; ///< What it posts or voids, in open_.
    u128 amount = 0;                   ///< What it moves, which a request may leave open.
    log_time stamp;
  };

  /// What one transfer of a chain changed, as it was before.
  struct undo_step {
    row debit;
    row credit;
    account_row debit_before;
    account_row credit_before;
    std::size_t balances; ///< How many there were.
    log_time newest_transfer;
    std::optional<transfer> pending; ///< What it resolved.
  };

  /// When a pending transfer expires. One that has been undone or resolved since is passed over.
  struct expiry {
    log_time at;
    log_time created; ///< Of equals the older expires first.
    transfer_id id;

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
  transfer_outcome check_bounds(const movement& m) const;
  transfer_outcome check_resolution(const transfer& request, movement& m) const;
  transfer_outcome check_resolved(const transfer& request) const;
  transfer_outcome check_import(const transfer& request, const movement& m) const;
  transfer_outcome check_regress(log_time imported) const;

  // revert.cpp
  transfer_outcome check(const reversal& request, movement& m) const;
  transfer_outcome check_same(const reversal& request) const;
  void note(const subject& about, const std::string& key, transfer_id id);

  // metadata.cpp
  bool exists(const subject& about) const;

  // query.cpp
  void visit_account(const account_filter& filter, const account_event_visitor& visit) const;
  bool visit_transfers(const std::optional<user_data>& with, log_time from, log_time to,
                       bool newest_first, const transfer_visitor& visit) const;

  // book.cpp: effects.
  transfer_outcome create(const transfer& request, const event_context& context);
  void apply(const transfer& request, const movement& m);
  void hold(const transfer& pending);
  void resolve(const transfer& resolution, const movement& m);
  void set_status(const transfer& pending, pending_status status);
  void remember_balances(const movement& m, row transfer);
  void remember_balance(row account, row transfer, log_time at);
  void remember_for_undo(const transfer& request, const movement& m);
  void undo();
  void expire(const transfer& pending);
  account_row& touch(row account);
  log_time start_batch(log_time at, std::size_t batch_size);

  // past.cpp: where the past is.
  std::optional<known_transfer> find_known(transfer_id id) const;
  std::vector<transfer_id> burnt_ids() const;
  std::map<subject, metadata> all_metadata() const;

  table<account_row, account_id> accounts_;
  boost::unordered_flat_map<transfer_id, transfer, std::hash<transfer_id>> open_; ///< Pending.
  std::vector<expiry> expiries_; ///< Of open_ and what was; a heap, the earliest on top.
  log_time now_;                 ///< Invariant: no stored timestamp is greater.
  log_time newest_transfer_;     ///< The timestamp of the newest transfer.
  segment newest_;               ///< What happened last.
  std::vector<row> touched_;     ///< Rows of accounts that are touched, and perhaps others.
  std::vector<std::shared_ptr<segment>> sealed_; ///< Older, in order of age; they do not change.
  std::shared_ptr<segment> spare_;               ///< An empty one, for its memory; may be none.
  std::shared_ptr<const history> past_;          ///< Still older; may be none.
  std::vector<undo_step> undo_; ///< Of the chain in hand, its last member excepted.
};

} // namespace ducat::ledger
