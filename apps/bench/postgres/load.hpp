/// Clients of PostgreSQL: connections that each keep one call in flight, driven by one thread.
#pragma once

#include "bench/account_picker.hpp"
#include "bench/latencies.hpp"
#include "postgres/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ducat::bench {

struct load_options {
  std::string address; ///< Of the server, which has the schema of double_entry.hpp.
  std::uint64_t accounts = 10'000;
  std::uint32_t clients = 1;
  std::uint32_t batch = 1; ///< 1: one call for each transfer.
  double seconds = 2;
  std::optional<std::uint64_t> transfers{}; ///< Instead: about so many, one call of each client at
                                            ///< least.
  std::uint64_t seed = 1;
};

struct load_result {
  latencies calls;
  std::uint64_t transfers = 0;
  double seconds = 0;
  std::uint64_t all_transfers = 0; ///< With those before the clock ran, as all_amount is.
  std::uint64_t all_amount = 0;
};

/// Accounts are drawn evenly. Calls are made ready while others are waited for. Some calls are made
/// before the clock runs, for a session's first ones are slow.
/// Throws postgres_failed, also if an answer does not say that all was done.
load_result run_load(const load_options& options);

} // namespace ducat::bench
