/// Numbered runs in several processes, of which any may end in the middle of one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace ducat::cli {

struct crowd_work {
  unsigned jobs = 1;      ///< Processes.
  std::uint64_t runs = 0; ///< Their numbers are 0 to one less.

  /// Called in one of the processes: makes that run, and returns what came of it. No line breaks.
  std::function<std::string(std::uint64_t number)> run;

  /// Called in this process, in any order: what came of a run. False: no more is to be run.
  std::function<bool(std::uint64_t number, const std::string& line)> take;

  /// The same of a run that has ended its process, with how: "signal 11", "exit code 70". Its
  /// process' other runs are made by another one.
  std::function<void(std::uint64_t number, const std::string& how)> take_end;
};

/// Makes all runs. Each process makes every `jobs`th. Call it while the process has one thread: it
/// forks. Throws std::runtime_error if no process can be made.
void run_in_processes(const crowd_work& work);

} // namespace ducat::cli
