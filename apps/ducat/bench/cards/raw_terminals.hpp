/// How fast terminals pay at an acquirer with no node between: what a node could be at most.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>

namespace ducat::cli {

struct raw_options {
  std::filesystem::path acquirer;  ///< `ducat-acquirer`.
  std::filesystem::path terminals; ///< `ducat-terminals`.
  std::filesystem::path directory;
  std::uint32_t clients = 64; ///< Terminals, over one connection, as a node's link is.
  std::uint64_t payments = 10'000;
};

/// Returns payments/s. Errors: those of the processes; unavailable (not all were approved).
result<double> measure_raw(const raw_options& options);

} // namespace ducat::cli
