/// `ducat bench ledger`: how fast the ledger is on this machine, and how fast it could be.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

struct ledger_bench_arguments {
  std::vector<std::uint32_t> batches{1, 100, 1'000, 8'190};
  std::vector<std::uint32_t> clients{1, 64, 1'024};
  std::string distribution = "all"; ///< uniform, zipf, hot or all of them.
  std::uint64_t accounts = 10'000;
  double seconds = 2;                       ///< Of each case, until no more is sent.
  std::optional<std::uint64_t> transfers{}; ///< Of each case, instead of `seconds`.
  std::uint64_t seed = 1;
  std::string directory; ///< Where it writes, in a folder that it removes; empty: a temporary one.
  bool peers = false;
  std::string peer_program; ///< Empty: the one beside this program.
  bool json = false;        ///< One document on `out` instead of a table.
};

/// Measures every case, then the peers if asked for, and says which goals were reached; missing a
/// goal is no failure. Returns done; failed if something that is measured did not do what it
/// should.
exit_code bench_ledger(const ledger_bench_arguments& arguments, std::ostream& out,
                       std::ostream& err);

} // namespace ducat::cli
