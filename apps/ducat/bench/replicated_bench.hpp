/// `ducat bench replicated`: how fast the ledger is when every transfer is on several machines.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

struct replicated_bench_arguments {
  std::vector<std::uint32_t> batches{1, 500, 1'000, 8'000};
  std::vector<std::uint32_t> clients{8, 64};
  std::uint64_t accounts = 10'000;
  double seconds = 3;                       ///< Of each case, until no more is sent.
  std::optional<std::uint64_t> transfers{}; ///< Of each case, instead of `seconds`.
  std::uint64_t seed = 1;
  std::string directory; ///< Where it writes, in a folder that it removes; empty: a temporary one.
  bool peers = false;
  std::string peer_program;  ///< Empty: the one beside `ducat`.
  bool json = false;         ///< One document on `out` instead of a table.
  std::uint32_t rejoins = 0; ///< Instead: how often a node is killed, and another time wiped.
  std::string node; ///< Is that node of the cluster in `directory`; empty: is the bench itself.
};

/// Measures every case on a cluster of its own, then PostgreSQL with a synchronous standby if asked
/// for, and says which goals were reached; missing a goal is no failure. `program` is the program
/// `ducat`. Returns done; failed if something that is measured did not do what it should. Call it
/// from the main thread.
exit_code bench_replicated(const replicated_bench_arguments& arguments,
                           const std::filesystem::path& program, std::ostream& out,
                           std::ostream& err);

} // namespace ducat::cli
