#include "supervision/watchdog.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace ducat::supervision {

/// What the watchdog and its thread share: the thread may be the one that ends the watchdog.
struct watchdog::state {
  state(std::size_t t, std::function<void()> e) : threads{t}, on_exhausted{std::move(e)} {}

  void run(const std::stop_token& stop);
  void look(time_point now);
  std::vector<std::shared_ptr<handler_watch>> alive();

  const std::size_t threads;
  std::function<void()> on_exhausted; // Empty once it was called.
  std::mutex guard;
  std::condition_variable_any wake;
  std::vector<std::weak_ptr<handler_watch>> watches; // Needs the guard.
  std::chrono::milliseconds pause{1'000};            // Needs the guard.
};

watchdog::watchdog(std::size_t threads, std::function<void()> on_exhausted)
    : state_{std::make_shared<state>(threads, std::move(on_exhausted))} {}

watchdog::~watchdog() {
  thread_.request_stop();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
}

void watchdog::add(const std::shared_ptr<handler_watch>& watch) {
  const std::lock_guard lock{state_->guard};
  state_->watches.push_back(watch);
  state_->pause = std::clamp(watch->budget_ / 4, std::chrono::milliseconds{1}, state_->pause);
  if (!thread_.joinable())
    thread_ = std::jthread{[s = state_](const std::stop_token& stop) { s->run(stop); }};
}

void watchdog::look(time_point now) {
  state_->look(now);
}

void watchdog::state::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    look(std::chrono::steady_clock::now());
    std::unique_lock lock{guard};
    wake.wait_for(lock, stop, pause, [] { return false; });
  }
}

std::vector<std::shared_ptr<handler_watch>> watchdog::state::alive() {
  const std::lock_guard lock{guard};
  std::erase_if(watches, [](const auto& watch) { return watch.expired(); });
  std::vector<std::shared_ptr<handler_watch>> held;
  for (const auto& watch : watches)
    if (auto one = watch.lock())
      held.push_back(std::move(one));
  return held;
}

void watchdog::state::look(time_point now) {
  std::size_t threads_held = 0;
  for (const auto& watch : alive()) {
    const duration::rep since = watch->since_.load(std::memory_order_relaxed);
    const duration busy = now - time_point{duration{since}};
    if (since == handler_watch::idle || busy <= watch->budget_)
      continue;
    threads_held += watch->holds_a_thread_ ? 1 : 0;
    if (!std::exchange(watch->reported_, true))
      watch->on_hung_(std::chrono::duration_cast<std::chrono::milliseconds>(busy));
  }
  if (threads_held >= threads && on_exhausted)
    std::exchange(on_exhausted, {})();
}

} // namespace ducat::supervision
