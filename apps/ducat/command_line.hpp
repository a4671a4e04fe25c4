/// The command line of the program `ducat`.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace ducat::cli {

/// `ducat node`, as given on the command line.
struct node_arguments {
  std::string config; ///< Path of the configuration file; empty for the defaults.
};

/// What surrounds the program. Without `run_node` there is no `ducat node`.
struct program_environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<int(const node_arguments&)> run_node;
};

/// Runs the command in `arguments` (without the program's name) and returns the exit code, see
/// exit_code.hpp. Reads DUCAT_ENDPOINT and NO_COLOR from the environment.
int run(std::vector<std::string> arguments, const program_environment& environment);

} // namespace ducat::cli
