/// One case of the ledger's bench: so many clients, each with one batch of such a size in flight.
#pragma once

#include "bench/account_picker.hpp"

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace ducat::bench {

struct case_spec {
  distribution shape = distribution::uniform;
  std::uint32_t batch = 1; ///< Transfers of each request.
  std::uint32_t clients = 1;
};

/// What all cases have in common.
struct case_options {
  std::filesystem::path directory; ///< Where each case makes its own, and removes it.
  std::uint64_t accounts = 10'000;
  double seconds = 2;                       ///< Until no more requests are sent.
  std::optional<std::uint64_t> transfers{}; ///< Instead of `seconds`: about so many, at least one
                                            ///< batch for each client.
  std::uint64_t seed = 1;
};

struct case_result {
  case_spec what;
  std::uint64_t transfers = 0; ///< Taken by the ledger, and found in its book.
  double seconds = 0;          ///< From the first request to the last answer.
  double p50_us = 0;           ///< Of the requests.
  double p99_us = 0;
  double disk_bytes_per_transfer = 0; ///< See bytes_to_disk().
  double syncs_per_transfer = 0;      ///< Entries of the log: each is one synced write.
  double entry_bytes = 0;             ///< The mean of them.
  double raw_sync_p50_us = 0;         ///< Of a write of `entry_bytes` and its sync.
  double raw_transfers_per_s = 0;     ///< If such a write were all there is.

  double transfers_per_s() const { return static_cast<double>(transfers) / seconds; }

  double of_raw() const { return transfers_per_s() / raw_transfers_per_s; }
};

/// Returns the memory that the commands in flight take.
std::uint64_t bytes_in_flight(const case_spec& what);

class benched_ledger;

/// Runs the case on a ledger that nobody used before; what is said of the disk is of this process.
/// The raw limit is not measured. Errors: as of run_case().
result<case_result> measure_case(const benched_ledger& ledger, const case_spec& what,
                                 const case_options& options);

/// Runs the case on a fresh node and then the raw limit with the same bytes.
/// Errors: io; what the node or the ledger answers; corrupt if the book does not hold exactly what
/// the ledger said it took.
result<case_result> run_case(const case_spec& what, const case_options& options);

} // namespace ducat::bench
