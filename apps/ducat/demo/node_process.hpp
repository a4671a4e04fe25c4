/// A node in a process of its own, that can be killed.
#pragma once

#include <ducat/error.hpp>

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace ducat::cli {

struct node_process_options {
  std::filesystem::path program; ///< The program `ducat`.
  std::filesystem::path data;
  std::filesystem::path log_file; ///< Where its standard error is appended.
  std::string grpc = "127.0.0.1:0";
  std::vector<std::string> more{}; ///< Further arguments of `ducat node`.
};

/// Runs `ducat node --unguarded` with faults allowed. Ends with its parent: a killed demo leaves
/// none behind. Start it from the main thread, which must outlive it. Not thread-safe.
class node_process {
public:
  node_process() = default;
  node_process(const node_process&) = delete;
  node_process& operator=(const node_process&) = delete;
  ~node_process();

  /// Starts the process and returns when it is ready, with the address that it really has.
  /// Errors: in_use (another node has the data directory or the port), unavailable (it ended for
  /// another reason; see its log file), io.
  result<std::string> start(const node_process_options& options);

  /// Sends SIGKILL and waits for the end.
  void kill();

  /// Sends SIGTERM and waits for the end; returns whether it exited with 0.
  bool stop();

  /// Waits until it has ended by itself and returns its exit code; -1 if a signal ended it.
  int wait_for_end();

  /// Returns the address of its HTTP port. Requires that it has started.
  const std::string& http() const noexcept { return http_; }

  /// Returns its process id; 0 if there is none.
  pid_t pid() const noexcept { return pid_; }

  /// Returns whether the process has not ended.
  bool is_running();

private:
  result<std::string> read_ready_line(int from);
  int wait();

  pid_t pid_ = 0; ///< 0: there is none.
  std::string http_;
};

} // namespace ducat::cli
