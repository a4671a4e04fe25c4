/// `ducat ledger verify`: whether the state of a ledger is what its log says.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <filesystem>

namespace ducat::cli {

struct ledger_verify_arguments {
  std::filesystem::path data;
  bool replay = false; ///< Also builds the state again from the first entry of the log.
};

/// Reads every file of the state of the ledger in `data` and compares it with its checksum, finds
/// the entry that it ends with in the log and, if asked to, compares it with a replay. Writes
/// nothing. While a node has the ledger, files may go away: then it fails with io or corrupt; try
/// again. Returns done; failed, and why on io.err.
exit_code verify_ledger(const ledger_verify_arguments& arguments, const console& io);

} // namespace ducat::cli
