/// `ducat ledger exec`: a script of ledger commands, run deterministically.
#pragma once

#include "exit_code.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace ducat::cli {

struct exec_arguments {
  std::string file; ///< The script; "-" for standard input.
  std::optional<std::filesystem::path> data{};
};

/// Runs the commands in the script, one JSON object a line (docs/ledger.md has the forms), and
/// prints one JSON line of outcomes for each. The clock of the ledger moves only by the script: by
/// one ns for each event, and by `tick`.
///
/// Without a data directory on a fresh machine in memory. With one on the ledger in it,
/// which is made if it is missing: each command that has an effect is a synced entry of its log.
///
/// Returns done; usage at the first line that is wrong (the error is printed as its outcome, the
/// lines before have taken effect, it and the lines after have not); failed or in_use if the data
/// directory cannot be used.
exit_code exec_ledger(const exec_arguments& arguments, std::istream& in, std::ostream& out,
                      std::ostream& err);

} // namespace ducat::cli
