/// `ducat bench failover`: how long a client of a cluster waits when something fails.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace ducat::cli {

struct failover_arguments {
  std::vector<std::string> cases; ///< Names of failover_cases(); empty: all.
  std::uint32_t rounds = 10;      ///< Of each case.
  std::uint32_t nodes = 3;
  std::string payments = "own"; ///< As of `ducat up`.
  std::string directory; ///< Where the cluster is kept, in a folder that is removed; empty: a
                         ///< temporary one.
  bool json = false;
};

/// Returns the names of the cases: what fails, and how.
std::vector<std::string> failover_cases();

/// Breaks a cluster of its own again and again while a client pays at nodes that are not broken,
/// and prints how long it took from each blow to the next acknowledged payment. At the end what was
/// acknowledged is compared with the balance. Returns done only if nothing is lost or doubled.
/// `program` is the program `ducat`. Call it from the main thread.
exit_code bench_failover(const failover_arguments& arguments, const std::filesystem::path& program,
                         std::ostream& out, std::ostream& err);

} // namespace ducat::cli
