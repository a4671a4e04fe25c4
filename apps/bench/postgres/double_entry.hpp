/// The double entry in SQL: the schema, and its two ways to make transfers.
#pragma once

#include "postgres/connection.hpp"

#include <cstdint>
#include <string>

namespace ducat::bench {

/// Makes everything anew, with accounts 1 to `accounts`, and leaves the server without old work.
void make_schema(connection& with, std::uint64_t accounts);

/// Prepares the statements `transfer` and `transfers`:
///   transfer(id, debit, credit, amount)      makes one; answers 1, or 0 if the id was used before
///   transfers(ids, debits, credits, amounts) makes all or none; answers how many
/// Both refuse unknown accounts, and an account that pays itself.
void prepare_statements(connection& with);

struct entry_totals {
  std::uint64_t transfers = 0;
  std::uint64_t amount = 0; ///< Of the transfers.
  std::uint64_t debits = 0; ///< Of the accounts, as credits are.
  std::uint64_t credits = 0;

  friend bool operator==(const entry_totals&, const entry_totals&) = default;
};

entry_totals totals_of(connection& with);

} // namespace ducat::bench
