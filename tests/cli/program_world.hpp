/// Runs the program in the test's process.
#pragma once

#include "command_line.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace ducat::testing {

struct program_result {
  int code;
  std::string out;
  std::string err;
};

/// Runs `ducat ARGUMENTS` and returns what came of it.
inline program_result run_program(std::vector<std::string> arguments,
                                  const std::string& input = {}) {
  std::istringstream in{input};
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run(std::move(arguments), {.in = in, .out = out, .err = err});
  return {.code = code, .out = out.str(), .err = err.str()};
}

} // namespace ducat::testing
