/// `ducat bench settle`: a big window is cut, settled and paid out while payments go on.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace ducat::cli {

struct settle_arguments {
  std::uint64_t captures = 10'000'000; ///< Of the first window, presented in batches.
  std::uint32_t merchants = 10'000;
  std::uint32_t payers = 1'000;
  std::uint32_t batch = 4'096;      ///< Captures of an entry.
  std::uint32_t windows = 10;       ///< In all; those after the first have two for each merchant.
  std::uint32_t clients = 32;       ///< Of payments, each with one on its way.
  std::uint32_t per_second = 1'000; ///< Payments of all clients; 0: as fast as can be.
  double seconds = 10;        ///< How long payments go on alone, before the cut and at the end.
  std::uint32_t page = 1'000; ///< Members of a page, when they are read back.
  std::uint64_t seed = 1;
  std::string directory; ///< Where it writes, in a folder that it removes; empty: a temporary one.
  bool peers = false;
  std::string peer_program{}; ///< Empty: the one beside this program.
  bool json = false;          ///< One document on `out` instead of lines.
};

/// Fills a window, settles it and pays it out, and reads every member back. Returns done; failed if
/// a sum is not what was presented. Missing a goal is no failure.
exit_code bench_settle(const settle_arguments& arguments, std::ostream& out, std::ostream& err);

} // namespace ducat::cli
