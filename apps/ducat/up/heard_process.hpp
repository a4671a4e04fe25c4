/// A program that is listened to while it runs.
#pragma once

#include "up/watched_process.hpp"

#include <ducat/time.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace ducat::cli {

/// Reads on a thread of its own what the program says, until its output ends. What is noted of it
/// is its owner's: it is told and looked at under one lock. Kills the program at the end if it
/// still runs.
class heard_process {
public:
  struct listener {
    std::function<void(const std::string& line)> on_line; ///< Under the lock.
    std::function<void()> on_end{};                       ///< The same, once.
  };

  /// What `told` writes to must outlive it: it is the owner's last member.
  heard_process(watched_process process, listener told);
  ~heard_process();

  heard_process(const heard_process&) = delete;
  heard_process& operator=(const heard_process&) = delete;

  void signal(int number) const noexcept { process_.signal(number); }

  /// Returns what `look` returns, which it is called for under the lock.
  template <class Look>
  auto look(Look look) const {
    const std::lock_guard lock{guard_};
    return look();
  }

  /// Waits until `is_so`, which is called under the lock; or until the output has ended, or the
  /// time is over. Returns whether it is so.
  bool wait_until(const std::function<bool()>& is_so, duration limit) const;

  /// Waits until the output has ended; returns whether it has before the time is over.
  bool wait_until_ended(duration limit) const;

private:
  void read_until_end();

  watched_process process_;
  listener told_;
  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  bool has_ended_ = false;
  std::thread reader_;
};

} // namespace ducat::cli
