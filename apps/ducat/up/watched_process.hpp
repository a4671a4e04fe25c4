/// A program whose output is read line by line.
#pragma once

#include <ducat/error.hpp>

#include <sys/types.h>

#include <string>
#include <vector>

namespace ducat::cli {

/// Its standard output and error are one pipe. It is in a process group of its own, so that a
/// terminal's Ctrl-C does not reach it, and ends with its parent. Start it from the main thread.
/// Kills it at the end if it still runs.
class watched_process {
public:
  /// Errors: io (it cannot be started: its name is not found, or no pipe can be had).
  static result<watched_process> start(const std::vector<std::string>& words);

  watched_process(watched_process&& other) noexcept;
  watched_process& operator=(watched_process&& other) noexcept;
  ~watched_process();

  pid_t pid() const noexcept { return pid_; }

  /// Returns the descriptor that is readable when there is output; -1 when there will be none.
  int output() const noexcept { return output_; }

  /// Returns the whole lines that came since the last call; at the end of the output also one that
  /// has no end. Never waits.
  std::vector<std::string> read_lines();

  void signal(int number) const noexcept;

  /// Returns whether it has not ended. Never waits.
  bool is_running() noexcept;

  /// Returns how it ended, for people: "exit 1", "killed by signal 9".
  const std::string& end() const noexcept { return end_; }

private:
  watched_process(pid_t pid, int output) noexcept : pid_{pid}, output_{output} {}

  void note_end(int status);

  pid_t pid_ = 0; ///< 0: it has ended.
  int output_ = -1;
  std::string begun_;
  std::string end_;
};

} // namespace ducat::cli
