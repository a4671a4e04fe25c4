/// The commands of `ducat settle` that take or make a file. Repeating any of them has no second
/// effect.
#pragma once

#include "client/session.hpp"

#include <cstdint>
#include <string>

namespace ducat::cli {

struct resolve_options {
  std::string path{};               ///< A pain.002, pacs.002, camt.052, .053 or .054, or a CSV.
  bool is_dry = false;              ///< Nothing is resolved; what would be is said.
  bool despite_differences = false; ///< Also if the file's sums are not those that it says.
};

/// Resolves payouts by what a bank says of them. Nothing of a file is done that is not complete, or
/// whose counts, sums or balances are not those that it says. The exit code is failed if somebody
/// must look at something, and usage if nothing of the file was done.
exit_code resolve_from(const session& with, const resolve_options& options);

/// Presents the captures of the CSV at `path`: all, or none if a line of it is wrong.
exit_code present_from(const session& with, const std::string& path);

struct statement_options {
  std::string merchant{};
  std::string currency{};
  std::uint64_t window = 0;
  std::string out{}; ///< Empty: standard output.
};

/// Writes what a merchant is told of a window, as a page of HTML. Members are streamed. A file is
/// put in its place when it is complete.
exit_code write_statement(const session& with, const statement_options& options);

} // namespace ducat::cli
