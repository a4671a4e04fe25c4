/// A thread for what may take long and is asked for from threads that must not wait.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace ducat::cluster {

/// Runs tasks one after the other. Those that have not begun when it ends are dropped.
class task_thread {
public:
  task_thread() : thread_{[this] { run(); }} {}

  ~task_thread() {
    {
      const std::lock_guard lock{guard_};
      ending_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  task_thread(const task_thread&) = delete;
  task_thread& operator=(const task_thread&) = delete;

  void add(std::function<void()> task) {
    const std::lock_guard lock{guard_};
    tasks_.push_back(std::move(task));
    changed_.notify_all();
  }

private:
  void run() {
    std::unique_lock lock{guard_};
    for (;;) {
      changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (ending_)
        return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool ending_ = false;
  std::thread thread_; ///< Last: it uses the others.
};

} // namespace ducat::cluster
