/// The totals that the log has with an acquirer, beside those of its journal. Pure.
#pragma once

#include <ducat/settlement/acquirer_journal.hpp>
#include <ducat/v1/acquirer.pb.h>

#include <cstdint>
#include <string_view>

namespace ducat::settlement {

/// In the order in which they are checked.
enum class totals_verdict : std::uint8_t {
  agree = 1,        ///< In each count and amount.
  reversals_differ, ///< What stands is the same; a payment that was reversed without an answer is
                    ///< on both sides of one, and on none of the other.
  differ,
};

std::string_view to_string(totals_verdict value) noexcept;

/// Returns what the journal has of the currency since the last reconciliation in balance, of all
/// terminals. `currency`: its number, three digits.
journal_totals period_of(const journal_contents& journal, std::string_view currency);

/// Returns both together, as of two journals.
journal_totals sum(const journal_totals& a, const journal_totals& b);

/// `ours`: as it is told in a reconciliation (0500).
totals_verdict compare(const v1::AcquirerTotals& ours, const journal_totals& theirs);

} // namespace ducat::settlement
