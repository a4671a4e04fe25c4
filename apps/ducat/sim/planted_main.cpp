/// `ducat sim` alone, with bugs that can be planted.

#include "sim/sim_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv) {
  CLI::App app{"ducat sim with planted bugs"};
  app.require_subcommand(1);
  ducat::cli::sim_arguments arguments;
  arguments.show_progress = true;
  auto code = ducat::cli::exit_code::usage;
  ducat::cli::add_sim_command(app, arguments, [&] {
    code = ducat::cli::run_sim(arguments, {.out = std::cout, .err = std::cerr});
  });
  CLI11_PARSE(app, argc, argv);
  return static_cast<int>(code);
}
