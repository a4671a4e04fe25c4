/// Finding handlers that do not return.
#pragma once

#include <ducat/time.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace ducat::supervision {

/// When an actor began the handler it is in. The actor writes, the watchdog reads.
class handler_watch {
public:
  using report = std::function<void(std::chrono::milliseconds busy_for)>;

  /// `on_hung` is called once, on the watchdog's thread, with how long the handler has taken by
  /// then; more than `budget`.
  handler_watch(std::chrono::milliseconds budget, bool holds_a_thread, report on_hung)
      : budget_{budget}, holds_a_thread_{holds_a_thread}, on_hung_{std::move(on_hung)} {}

  void enter(time_point now) noexcept {
    since_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  }

  void leave() noexcept { since_.store(idle, std::memory_order_relaxed); }

private:
  friend class watchdog;
  static constexpr duration::rep idle = 0;

  const std::chrono::milliseconds budget_;
  const bool holds_a_thread_; ///< Of the scheduler; a detached actor has its own.
  const report on_hung_;
  std::atomic<duration::rep> since_{idle};
  bool reported_ = false; // Only the watchdog's thread.
};

/// Looks at all watches a few times within the shortest budget. Its thread begins with the first
/// watch and ends with the watchdog. Members are safe from any thread.
class watchdog {
public:
  /// `threads` is how many the scheduler has; `on_exhausted` is called when hung handlers hold all
  /// of them, so that nothing else can move. Once, on the watchdog's thread.
  watchdog(std::size_t threads, std::function<void()> on_exhausted);
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog();

  /// Watches it for as long as somebody else holds it.
  void add(const std::shared_ptr<handler_watch>& watch);

  /// Looks once, as of `now`. Only for tests; otherwise the watchdog's thread does.
  void look(time_point now);

private:
  struct state;

  std::shared_ptr<state> state_;
  std::jthread thread_;
};

} // namespace ducat::supervision
