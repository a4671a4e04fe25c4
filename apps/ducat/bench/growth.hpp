/// `ducat bench growth`: what becomes of a ledger's speed and size as its past grows.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace ducat::cli {

struct growth_arguments {
  std::uint64_t transfers = 20'000'000; ///< In all.
  std::uint32_t stages = 10;            ///< Each of as many; a line is printed after each.
  std::uint32_t batch = 8'190;
  std::uint32_t clients = 4; ///< Each with one batch in flight.
  std::uint64_t accounts = 10'000;
  bool random_ids = false; ///< Ids in no order; otherwise growing, as those that begin with a time.
  std::uint64_t seed = 1;
  std::string directory; ///< Where it writes, in a folder that it removes; empty: a temporary one.
  bool json = false;     ///< One document on `out` instead of a table.
};

/// Fills a ledger stage by stage, then stops its node and starts it again. Returns done; failed if
/// the ledger did not do what it should.
exit_code bench_growth(const growth_arguments& arguments, std::ostream& out, std::ostream& err);

} // namespace ducat::cli
