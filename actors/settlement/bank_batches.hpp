/// What a bank has booked of an acquirer's batches.
#pragma once

#include <ducat/error.hpp>
#include <ducat/iso20022/bank_statement.hpp>
#include <ducat/settlement/acquirer_journal.hpp>
#include <ducat/settlement/window_reconciliation.hpp>

#include <optional>
#include <string_view>

namespace ducat::settlement {

/// The name of a batch, "north-20261129-978".
struct batch_name {
  std::string text{};
  std::uint32_t date = 0;     ///< yyyymmdd
  std::uint32_t currency = 0; ///< Its number in ISO 4217.

  friend bool operator==(const batch_name&, const batch_name&) = default;
};

/// Returns the first name of a batch of the acquirer that stands in `text` as a word: what stands
/// before and after it is no letter, digit, '-' or '_'.
std::optional<batch_name> batch_in(std::string_view text, std::string_view acquirer);

/// Takes an entry, or one of its transactions; `batch` is nothing if it is of no batch.
using booking_sink = std::function<result<void>(const std::optional<batch_name>& batch,
                                                std::int64_t amount, std::string_view currency)>;

/// Gives each booked entry away: as one, or by its transactions if these have batches of their own.
/// What was debited is negative. Errors: corrupt, see window_reconciliation::add_bank(); those of
/// the sink. Returns the notes that are no errors.
result<std::vector<iso20022::note>> read_bookings(const iso20022::byte_source& bytes,
                                                  std::string_view acquirer,
                                                  const booking_sink& sink);

} // namespace ducat::settlement
