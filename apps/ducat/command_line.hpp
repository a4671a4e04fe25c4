/// The command line of the program `ducat`.
#pragma once

#include "bench/cards/cards_bench.hpp"
#include "bench/failover.hpp"
#include "bench/replicated_bench.hpp"
#include "up/up_command.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// `ducat node`, as given on the command line. What is not given comes from the configuration file.
struct node_arguments {
  std::string config; ///< Path of the configuration file; empty for the defaults.
  std::optional<std::string> data;
  std::optional<std::string> grpc;
  std::optional<std::string> http;
  std::optional<std::string> metrics;
  std::optional<std::string> log_level;
  std::optional<std::uint32_t> workers;
  bool allow_faults = false;
  unsigned stop_seconds_max = 20; ///< From SIGTERM to an end that is not in order.
  bool die_with_parent = false;   ///< Ends when the process that started it does.
  bool unguarded = false;         ///< Is the runtime itself, without a guardian.
  std::optional<std::uint32_t> hang_after_s;
};

/// `ducat demo`, as given on the command line.
struct demo_arguments {
  std::uint32_t nodes = 1;
  std::uint64_t payments = 20'000;
  std::uint64_t seed = 1;
  std::uint32_t kills = 3; ///< Of the node's process.
  std::string directory;   ///< Empty for a temporary one.
};

/// What surrounds the program. Without `run_node`, `run_demo` and `run_up` these commands cannot be
/// given.
struct program_environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int out_descriptor = -1; ///< The one behind `out`, if there is one.
  std::function<int(const node_arguments&)> run_node{};
  std::function<int(const demo_arguments&)> run_demo{};
  std::function<int(const up_arguments&)> run_up{};
  std::filesystem::path program{}; ///< The program `ducat`, for processes of `ducat chaos`.
  std::function<int(const failover_arguments&)> run_failover_bench{};
  std::function<int(const replicated_bench_arguments&)> run_replicated_bench{};
  std::function<int(const cards_arguments&)> run_cards_bench{};
};

/// Runs the command in `arguments` (without the program's name) and returns the exit code, see
/// exit_code.hpp. Reads DUCAT_ENDPOINT and NO_COLOR from the environment.
int run(std::vector<std::string> arguments, const program_environment& environment);

} // namespace ducat::cli
