/// How many requests are let in at a time.
#pragma once

#include "access/fair_shares.hpp"

#include <cstddef>
#include <memory>
#include <mutex>

namespace ducat::api {

/// Any thread. What was let in may outlive it.
class admission {
public:
  explicit admission(std::size_t most) : inside_{std::make_shared<guarded_shares>(most)} {}

  /// Returns what has to be kept for as long as the request is inside; null: there is no room for
  /// one more of `who`, see fair_shares. Whom nobody knows is one for all.
  std::shared_ptr<void> enter(const access::principal& who, time_point now) {
    {
      const std::lock_guard lock{inside_->mutex};
      if (!inside_->shares.take(who, now))
        return nullptr;
    }
    return {inside_.get(), [inside = inside_, who](void*) {
              const std::lock_guard lock{inside->mutex};
              inside->shares.give_back(who);
            }};
  }

private:
  struct guarded_shares {
    explicit guarded_shares(std::size_t most) : shares{most} {}

    std::mutex mutex;
    access::fair_shares shares;
  };

  std::shared_ptr<guarded_shares> inside_;
};

} // namespace ducat::api
