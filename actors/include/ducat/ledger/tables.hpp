/// The rows of a book and of its segments, each in order of time.
#pragma once

#include <ducat/ledger/query.hpp>
#include <ducat/ledger/types.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace ducat::ledger {

/// The place of a record in its table; stable as long as the record is there.
using row = std::uint32_t;

constexpr row no_row = std::numeric_limits<row>::max();

struct account_row {
  account body;
  row newest_transfer = no_row; ///< Heads of its lists in the newest segment: each record there
  row newest_balance = no_row;  ///< names the one before.
  bool is_touched = false;      ///< Whether the newest segment has changed it.
};

/// Invariant: `status` leaves `pending` at most once; it means nothing without flags::pending.
struct transfer_row {
  transfer body;
  row previous_of_debit = no_row; ///< The transfer before this one of the debit account.
  row previous_of_credit = no_row;
  pending_status status = pending_status::pending;
};

/// What an account of flags::history had after a movement.
struct balance_row {
  account_balance body;
  row transfer = no_row; ///< The movement; no_row if it was the end of a timeout.
  row previous = no_row; ///< The balance before this one of the same account.
};

/// Records by id, and in order of their timestamps, which is the order of their creation. Adding
/// one allocates only when the table grows.
template <class Row, class Id>
class table {
public:
  /// Returns the record with `id`, or nullptr; it lives until the next add() or remove_newest().
  const Row* find(Id id) const {
    const row found = row_of(id);
    return found == no_row ? nullptr : &rows_[found];
  }

  row row_of(Id id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? no_row : found->second;
  }

  const Row& operator[](row at) const { return rows_[at]; }

  Row& operator[](row at) { return rows_[at]; }

  const Row& newest() const { return rows_.back(); }

  row size() const noexcept { return static_cast<row>(rows_.size()); }

  std::span<const Row> all() const noexcept { return rows_; }

  /// Adds a record with a new id and a timestamp after all others; returns its row.
  row add(const Row& record) {
    const row added = size();
    by_id_.emplace(record.body.id, added);
    rows_.push_back(record);
    return added;
  }

  void clear() {
    rows_.clear();
    by_id_.clear();
  }

  void remove_newest() {
    by_id_.erase(rows_.back().body.id);
    rows_.pop_back();
  }

  /// Returns the first row whose timestamp is not before `from`; size() if there is none.
  row first_since(log_time from) const {
    row low = 0;
    for (row high = size(); low < high;) {
      const row middle = low + (high - low) / 2;
      if (rows_[middle].body.timestamp < from)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

  log_time newest_timestamp() const {
    return rows_.empty() ? log_time{} : rows_.back().body.timestamp;
  }

  /// Returns whether a record has this timestamp.
  bool has_timestamp(log_time at) const {
    const row found = first_since(at);
    return found < size() && rows_[found].body.timestamp == at;
  }

private:
  std::vector<Row> rows_;
  boost::unordered_flat_map<Id, row, std::hash<Id>> by_id_;
};

} // namespace ducat::ledger
