/// Questions to the book about its past.
#pragma once

#include <ducat/ledger/types.hpp>

#include <cstdint>
#include <iosfwd>

namespace ducat::ledger {

/// What selects records; a zero field selects all. Times are inclusive.
struct query_filter {
  u128 user_data_128 = 0;
  std::uint64_t user_data_64 = 0;
  std::uint32_t user_data_32 = 0;
  std::uint32_t ledger = 0;
  std::uint16_t code = 0;
  log_time timestamp_min;
  log_time timestamp_max;
  std::uint32_t limit = 0; ///< At most this many records; not 0.
  bool reversed = false;   ///< Newest first.
};

/// Selects the transfers of one account. The ledger of `common` is not looked at.
struct account_filter {
  account_id account;
  query_filter common;
  bool debits = true; ///< Transfers that debit the account.
  bool credits = true;
};

/// The balances of an account right after the event at `timestamp`.
struct account_balance {
  u128 debits_pending = 0;
  u128 debits_posted = 0;
  u128 credits_pending = 0;
  u128 credits_posted = 0;
  log_time timestamp;

  friend bool operator==(const account_balance&, const account_balance&) = default;
};

/// Returns whether the filter makes sense, as TigerBeetle's does: a limit, times in range and in
/// order, and for an account a possible id and at least one side.
bool is_valid(const query_filter& filter) noexcept;
bool is_valid(const account_filter& filter) noexcept;

std::ostream& operator<<(std::ostream& out, const account_balance& balance);

} // namespace ducat::ledger
