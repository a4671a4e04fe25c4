#include "command_line.hpp"

#include <unistd.h>

#include <iostream>

int main(int argc, char** argv) {
  return ducat::cli::run({argv + 1, argv + argc}, {.in = std::cin,
                                                   .out = std::cout,
                                                   .err = std::cerr,
                                                   .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                                                   .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                                                   .run_node = nullptr});
}
