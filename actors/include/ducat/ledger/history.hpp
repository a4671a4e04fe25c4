/// What a book no longer holds in memory.
#pragma once

#include <ducat/ledger/segment.hpp>

#include <optional>

namespace ducat::ledger {

/// What is known of an id that was used.
struct known_transfer {
  transfer body;                                   ///< Only its id means something if it is burnt.
  pending_status status = pending_status::pending; ///< As for transfer_row.
  bool is_burnt = false;
};

/// The segments that a book has let go. Answers what the book would answer if it had them still.
/// Used by the one thread of the book. A read that fails ends the process: a ledger that cannot see
/// its past must not go on.
class history {
public:
  history() = default;
  history(const history&) = delete;
  history& operator=(const history&) = delete;
  virtual ~history() = default;

  /// Returns what is known of `id`.
  virtual std::optional<known_transfer> find(transfer_id id) const = 0;

  /// Visits the events of an account between two times, inclusive, in order of the log or the
  /// reverse. Returns false if the visitor had enough.
  virtual bool visit_account(row account, log_time from, log_time to, bool newest_first,
                             const account_event_visitor& visit) const = 0;

  /// Visits the transfers between two times, inclusive, by timestamp or the reverse. Likewise.
  virtual bool visit_transfers(log_time from, log_time to, bool newest_first,
                               const transfer_visitor& visit) const = 0;

  /// Visits every burnt id, in any order.
  virtual void visit_burnt(const std::function<void(transfer_id)>& visit) const = 0;
};

} // namespace ducat::ledger
