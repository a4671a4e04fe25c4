/// `ducat chaos`: schedules of faults on all stages, from the simulator to a real cluster.
#pragma once

#include "chaos/record_command.hpp"
#include "client/console.hpp"
#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace ducat::cli {

/// `ducat chaos run`, as given on the command line.
struct chaos_run_arguments {
  std::string file{}; ///< The schedule.
  std::string stage = "cluster";
  std::optional<std::uint64_t> seed{};    ///< Default: that of the file.
  std::optional<std::uint32_t> seconds{}; ///< How long clients pay; default: the schedule's length.
  std::uint64_t payments = 0;             ///< At most; 0: as many as get through, 200 if simulated.
  std::uint32_t nodes = 3;                ///< Of a cluster.
  std::uint64_t in_flight = 64;
  std::string directory{}; ///< Where everything is kept; empty: a temporary one.
  std::string json{};      ///< The file that gets the measurements; empty: none.
  std::string report{};    ///< The file that gets a page of them; empty: none.
};

/// `ducat chaos soak`.
struct chaos_soak_arguments {
  double minutes = 10;
  std::uint64_t seed = 1;
  std::uint32_t nodes = 3;
  std::uint64_t in_flight = 256; ///< Many: a batch for etcd is what waits while another is written.
  double acknowledged_per_second_min = 500; ///< On average, or it is a miss.
  std::string directory{};                  ///< As of a run.
  std::string json{};
  std::string report{};
};

struct chaos_arguments {
  chaos_run_arguments run{};
  chaos_soak_arguments soak{};
  chaos_record_arguments record{};
  bool show_progress = false; ///< Redraw a line on the error output while it runs.
};

/// What the commands need of the program.
struct chaos_surroundings {
  std::filesystem::path program; ///< The program `ducat`.
  const console& io;
};

/// Carries out a schedule and prints the plan and the verdict. Returns done if every measure is
/// met, failed if not, usage if the file is none or the stage cannot carry it out, unreachable if
/// the processes cannot be started. Call it on the main thread, before there is another.
exit_code run_chaos(const chaos_arguments& arguments, const chaos_surroundings& around);

/// Kills a process every two seconds while clients pay, and breaks what else the machine lets it;
/// see soak_plan.hpp. Prints what it leaves out, and a line for each measure. Returns as
/// run_chaos().
exit_code run_soak(const chaos_arguments& arguments, const chaos_surroundings& around);

/// Adds `ducat chaos`; `chosen` gets what is to be done.
using chaos_action = std::function<exit_code(const chaos_surroundings&)>;
void add_chaos_command(CLI::App& app, chaos_arguments& arguments,
                       const std::function<void(chaos_action)>& chosen);

} // namespace ducat::cli
