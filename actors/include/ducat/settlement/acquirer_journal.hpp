/// The journal of the acquirer simulator, as a source of a reconciliation.
#pragma once

#include <ducat/error.hpp>
#include <ducat/settlement/difference.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <utility>

namespace ducat::settlement {

/// Count and sum in minor units, as of fields 74 to 77 and 86 to 89 of a reconciliation (0500).
struct journal_tally {
  std::uint64_t count = 0;
  std::int64_t amount = 0;

  friend bool operator==(const journal_tally&, const journal_tally&) = default;
};

/// What was reversed counts on both sides.
struct journal_totals {
  journal_tally debits{};
  journal_tally debit_reversals{};
  journal_tally credits{};
  journal_tally credit_reversals{};

  friend bool operator==(const journal_totals&, const journal_totals&) = default;
};

/// Returns debits - reversals - credits + reversals: what the acquirer owes, without fees.
std::int64_t net_of(const journal_totals& of);

std::ostream& operator<<(std::ostream& out, const journal_totals& what);

struct journal_options {
  std::string acquirer = "acquirer"; ///< Batches are ACQUIRER-DATE-CURRENCY, "north-20261129-978".

  /// Returns the acquirer's business date, yyyymmdd, of a time in milliseconds since the epoch.
  std::function<std::uint32_t(std::int64_t at_ms)> business_date;
};

/// Returns the date in UTC.
std::uint32_t utc_date(std::int64_t at_ms);

/// A terminal (field 41) and a currency (its number, three digits).
using journal_account = std::pair<std::string, std::string>;

struct journal_contents {
  std::uint64_t items = 0;
  std::map<journal_account, journal_totals> totals{};

  /// The same, but only since the last reconciliation in balance of that account: what the next one
  /// is to say.
  std::map<journal_account, journal_totals> totals_of_period{};
};

/// Takes an item; what it fails with ends the reading.
using item_sink = std::function<result<void>(const reconciliation_item&)>;

/// Reads the journal twice and gives each movement of money away that was not reversed: captures
/// with their amount, refunds with its negative. An item has a fee if its line has the member
/// "fee". Memory: a byte for each line, and some more for each reversal. Errors: corrupt, with the
/// number of the line (damaged, its sequence is not that of the line before and 1, an amount that
/// is negative or a sum that is no int64), io (it cannot be read twice), and those of the sink. A
/// last line that has no end is dropped: the acquirer has told nobody of it.
result<journal_contents> read_journal(std::istream& from, const journal_options& with,
                                      const item_sink& sink);

} // namespace ducat::settlement
