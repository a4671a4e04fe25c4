#include "api/readiness_watch.hpp"

namespace ducat::api {

readiness_watch::readiness_watch(const service& watched, std::function<void(bool)> tell)
    : watched_(watched), tell_(std::move(tell)), told_(watched.is_ready()) {
  tell_(told_);
  thread_ = std::thread([this] { run(); });
}

readiness_watch::~readiness_watch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  end_.notify_one();
  thread_.join();
}

void readiness_watch::run() {
  while (!wait_for_end())
    look();
}

bool readiness_watch::wait_for_end() {
  std::unique_lock lock(mutex_);
  return end_.wait_for(lock, std::chrono::milliseconds(100), [this] { return ending_; });
}

void readiness_watch::look() {
  const bool ready = watched_.is_ready();
  if (ready == told_)
    return;
  told_ = ready;
  tell_(ready);
}

} // namespace ducat::api
