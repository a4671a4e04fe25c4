/// How many requests are let in at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace ducat::api {

/// Any thread. What was let in may outlive it.
class admission {
public:
  explicit admission(std::size_t most) : inside_{std::make_shared<counter>()}, most_{most} {}

  /// Returns what has to be kept for as long as the request is inside; null: there is no room.
  std::shared_ptr<void> enter() {
    if (inside_->fetch_add(1, std::memory_order_relaxed) >= most_) {
      inside_->fetch_sub(1, std::memory_order_relaxed);
      return nullptr;
    }
    return {inside_.get(),
            [inside = inside_](void*) { inside->fetch_sub(1, std::memory_order_relaxed); }};
  }

private:
  using counter = std::atomic<std::size_t>;

  std::shared_ptr<counter> inside_;
  std::size_t most_;
};

} // namespace ducat::api
