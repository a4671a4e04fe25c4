/// The runtime as a child process of its guardian.
#pragma once

#include "guardian/guarded_start.hpp"
#include "guardian/process_end.hpp"

#include <ducat/error.hpp>

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace ducat::guardian {

struct runtime_options {
  std::vector<std::string> words; ///< Its command line, with the program's name.
  guarded_start start;            ///< What it is told, but for the pipe, which is made for it.
  sigset_t signals;               ///< Those that are blocked in it when it begins.
};

/// Runs this program again. The child ends when this process does. One thread only: that of main().
/// Kills the process at the end if it still runs.
class runtime_process {
public:
  /// Errors: io (no process or no pipe can be had).
  static result<runtime_process> start(runtime_options options);

  runtime_process(runtime_process&& other) noexcept;
  runtime_process& operator=(runtime_process&& other) = delete;
  ~runtime_process();

  pid_t pid() const noexcept { return pid_; }

  /// Returns the descriptor that is readable when read_lines() has something, or is closed.
  int reports() const noexcept { return reports_; }

  /// Returns the whole lines that it has written to its guardian since the last call. Never waits.
  std::vector<std::string> read_lines();

  /// Returns how it ended, once; nothing while it runs. Never waits.
  std::optional<exit_status> reap();

  void signal(int number) const;

private:
  runtime_process(pid_t pid, int reports) noexcept : pid_{pid}, reports_{reports} {}

  void close_reports() noexcept;

  pid_t pid_;         ///< 0: it has ended.
  int reports_;       ///< -1: it has closed its end.
  std::string begun_; ///< Of a line whose end has not come.
};

} // namespace ducat::guardian
