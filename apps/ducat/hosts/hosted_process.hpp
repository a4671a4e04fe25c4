/// A program on a host, whose output is read while it runs.
#pragma once

#include "up/watched_process.hpp"

#include <ducat/time.hpp>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ducat::cli {

/// Kills it at the end if it still runs. For the main thread.
class hosted_process {
public:
  /// Appends what it says to `log`. Throws if it cannot be started.
  hosted_process(const std::vector<std::string>& words, const std::filesystem::path& log);
  ~hosted_process();

  hosted_process(const hosted_process&) = delete;
  hosted_process& operator=(const hosted_process&) = delete;

  /// Signals it, or, of a guardian, the runtime that it has started.
  void signal(int number) const;

  /// SIGKILL to itself, and so to all that it has started.
  void kill() const noexcept;

  /// Waits until it has said `count` times that it is ready, or has ended, or the time is over.
  bool wait_until_ready(std::uint64_t count, duration limit) const;

  /// Waits until it has ended; returns whether it has before the time is over.
  bool wait_until_ended(duration limit) const;

  /// Returns how often it has said that it is ready.
  std::uint64_t readies() const;

private:
  void read_until_end();
  void note(const std::string& line);

  watched_process process_;
  std::ofstream log_;
  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  pid_t runtime_ = 0;
  std::uint64_t readies_ = 0;
  bool has_ended_ = false;
  std::thread reader_;
};

} // namespace ducat::cli
