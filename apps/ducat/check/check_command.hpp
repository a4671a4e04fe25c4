/// `ducat check`.
#pragma once

#include "check/checker.hpp"
#include "exit_code.hpp"

#include <string>

namespace ducat::cli {

struct check_arguments {
  std::string data;
  std::string record;
  std::string said{}; ///< A file of what nodes have said of settlement, a list a line; or empty.
  check_options options;
  bool json = false;
};

/// Prints the verdict; only a green one is `done`.
exit_code check_command(const check_arguments& arguments, std::ostream& out, std::ostream& err);

} // namespace ducat::cli
