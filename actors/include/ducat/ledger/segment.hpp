/// A run of a book's past: what happened between two points of the log.
#pragma once

#include <ducat/ledger/metadata.hpp>
#include <ducat/ledger/tables.hpp>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <functional>
#include <vector>

namespace ducat::ledger {

/// One movement over an account, as a query sees it. A timeout that ended has no transfer; an
/// account without flags::history has no balance.
struct account_event {
  const transfer* moved = nullptr;
  const account_balance* balance = nullptr;

  log_time at() const noexcept { return moved != nullptr ? moved->timestamp : balance->timestamp; }
};

/// Returns false to see no more.
using account_event_visitor = std::function<bool(const account_event&)>;
using transfer_visitor = std::function<bool(const transfer&)>;

/// An account that took part in a segment.
struct touched_account {
  row at = no_row;
  account_row as_left; ///< What the segment left of it.
};

/// What happened since the segment before. While it is the newest the book adds to it; once it is
/// sealed it never changes.
struct segment {
  table<transfer_row, transfer_id> transfers; ///< Their status is that of the segment's end.
  std::vector<balance_row> balances;
  boost::unordered_flat_set<transfer_id, std::hash<transfer_id>> burnt;
  transfer_id greatest; ///< No id of a transfer here, or burnt here, is greater.

  /// What became of pending transfers of earlier segments.
  boost::unordered_flat_map<transfer_id, pending_status, std::hash<transfer_id>> resolved;

  /// All the metadata of those whose metadata changed: see put().
  boost::unordered_flat_map<subject, metadata, std::hash<subject>> metadata_of;
  std::size_t metadata_bytes = 0; ///< Of all that was put, what has been replaced included.

  // Filled when it is sealed.
  std::vector<touched_account> accounts; ///< By row, each once.
  log_time now;                          ///< The book's clock.
  log_time newest_transfer;              ///< Of all segments so far.

  row add(const transfer_row& moved) {
    greatest = std::max(greatest, moved.body.id);
    return transfers.add(moved);
  }

  void burn(transfer_id id) {
    greatest = std::max(greatest, id);
    burnt.insert(id);
  }

  void put(const subject& about, metadata texts) {
    for (const auto& [key, value] : texts)
      metadata_bytes += key.size() + value.size();
    metadata_of.insert_or_assign(about, std::move(texts));
  }

  /// Returns how many records it has, by the memory that they take: metadata as often as a record's
  /// bytes go into it. (A balance belongs to a transfer, or to one resolved.)
  std::size_t size() const noexcept {
    return transfers.size() + burnt.size() + resolved.size() + metadata_of.size() +
           metadata_bytes / sizeof(transfer_row);
  }

  /// Returns the account's rows as the segment left them, or nullptr. Only of a sealed one.
  const account_row* find(row account) const;

  /// Makes it as new, keeping its memory.
  void clear();
};

/// Visits what an account has in `from`, where `heads` names the newest: in order of the log, or
/// the reverse. Returns false if the visitor had enough.
bool visit_events(const segment& from, const account_row& heads, bool newest_first,
                  const account_event_visitor& visit);

} // namespace ducat::ledger
