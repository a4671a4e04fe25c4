/// `ducat sim`: payments through a simulated cluster that breaks, seed after seed.
#pragma once

#include "client/console.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ducat::cli {

struct sim_arguments {
  std::string seeds = "1..100";
  std::string schedule{}; ///< A file; empty: drawn for each seed.
  std::uint32_t nodes = 3;
  std::uint64_t payments = 200;
  unsigned jobs = 0; ///< 0: one for each core.
  std::uint64_t repeat = 10;
  bool hashes = false;
  bool trace = false;
  bool on_disk = false;       ///< One machine on a real disk instead of a cluster.
  std::string json{};         ///< The file that gets what was found; empty: none.
  std::string report{};       ///< The file that gets a page of it; empty: none.
  std::string plant{};        ///< The name of a bug; in a build that has them.
  bool planted = false;       ///< Look for all bugs; likewise.
  bool show_progress = false; ///< On io.err.
};

/// Runs them and prints what was found. Returns done only if nothing was violated, every run that
/// was repeated was the same, and something was acknowledged; usage for a schedule or seeds that
/// are none, or a file that cannot be written.
exit_code run_sim(const sim_arguments& arguments, const console& io);

/// Adds the command to `app`. It fills `arguments`, which must outlive it, and calls `chosen`.
void add_sim_command(CLI::App& app, sim_arguments& arguments, std::function<void()> chosen);

} // namespace ducat::cli
