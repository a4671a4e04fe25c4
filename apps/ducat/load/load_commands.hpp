/// `ducat generate` and `ducat import`.
#pragma once

#include "exit_code.hpp"
#include "load/generate.hpp"
#include "load/import.hpp"

#include <iosfwd>
#include <string>

namespace ducat::cli {

struct import_arguments {
  std::string file; ///< A path, or - for standard input.
  import_options options;
  bool json = false;
  bool progress_bar = false; ///< Redraw one line; otherwise one line every five seconds.
};

/// Prints the payments.
exit_code generate_command(const generator_options& options, std::ostream& out);

/// Shows progress on `err` and the summary on `out`. Returns done if everything was answered and
/// nothing refused, unknown if something is in doubt, failed if something was refused, unreachable
/// if nothing is in doubt but not all was done, usage if the file or the record is malformed.
exit_code import_command(const import_arguments& arguments, std::istream& in, std::ostream& out,
                         std::ostream& err);

} // namespace ducat::cli
