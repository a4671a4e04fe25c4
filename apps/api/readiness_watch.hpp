/// Carries service::is_ready() to whoever needs to be told.
#pragma once

#include "api/service.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ducat::api {

/// Calls `tell` with service::is_ready(): once in the constructor, and from a thread of its own
/// within 100 ms of each change, until it is destroyed.
class readiness_watch {
public:
  readiness_watch(const service& watched, std::function<void(bool)> tell);
  ~readiness_watch();
  readiness_watch(const readiness_watch&) = delete;
  readiness_watch& operator=(const readiness_watch&) = delete;

private:
  void run();
  void look();
  bool wait_for_end();

  const service& watched_;
  std::function<void(bool)> tell_;
  bool told_;
  bool ending_ = false;
  std::mutex mutex_;
  std::condition_variable end_;
  std::thread thread_;
};

} // namespace ducat::api
