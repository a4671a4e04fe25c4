/// A program on a host, whose output is read while it runs.
#pragma once

#include "up/heard_process.hpp"

#include <ducat/time.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace ducat::cli {

/// Kills it at the end if it still runs. For the main thread.
class hosted_process {
public:
  /// Appends what it says to `log`. Throws if it cannot be started.
  hosted_process(const std::vector<std::string>& words, const std::filesystem::path& log);

  /// Signals it, or, of a guardian, the runtime that it has started. SIGCONT goes to both: when it
  /// was stopped its runtime may not have been known.
  void signal(int number) const;

  /// SIGKILL to itself, and so to all that it has started.
  void kill() const noexcept;

  /// Waits until it has said `count` times that it is ready, or has ended, or the time is over.
  bool wait_until_ready(std::uint64_t count, duration limit) const;

  /// Waits until it has ended; returns whether it has before the time is over.
  bool wait_until_ended(duration limit) const;

  /// Returns whether it has ended of a signal that came before there was a runtime to take it.
  bool was_ended_early() const;

  /// Returns how often it has said that it is ready.
  std::uint64_t readies() const;

private:
  void note(const std::string& line);

  std::ofstream log_;
  pid_t runtime_ = 0; ///< 0: there is none, or it is not known.
  std::uint64_t readies_ = 0;
  mutable bool is_hit_ = false; ///< A signal went to itself.
  bool has_ended_ = false;
  heard_process process_; ///< Its lock is that of all above.
};

} // namespace ducat::cli
