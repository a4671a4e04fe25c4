/// How many requests are let in at a time.
#pragma once

#include "access/fair_shares.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace ducat::api {

/// What a door has seen.
struct admission_figures {
  std::size_t places = 0;
  std::size_t taken = 0;
  std::uint64_t refused = 0; ///< So far.
};

/// Any thread. What was let in may outlive it.
class admission {
public:
  explicit admission(std::size_t most) : inside_{std::make_shared<guarded_shares>(most)} {}

  /// Returns what has to be kept for as long as the request is inside; null: there is no room for
  /// one more of `who`, see fair_shares. Whom nobody knows is one for all.
  std::shared_ptr<void> enter(const access::principal& who, time_point now) {
    {
      const std::lock_guard lock{inside_->mutex};
      if (!inside_->shares.take(who, now)) {
        ++inside_->refused;
        return nullptr;
      }
    }
    return {inside_.get(), [inside = inside_, who](void*) {
              const std::lock_guard lock{inside->mutex};
              inside->shares.give_back(who);
            }};
  }

  /// Returns whether there is room for one more of `who` now. Who is told that there is none was
  /// refused.
  bool has_room_for(const access::principal& who, time_point now) {
    const std::lock_guard lock{inside_->mutex};
    const bool has_room = inside_->shares.has_room_for(who, now);
    inside_->refused += has_room ? 0 : 1;
    return has_room;
  }

  admission_figures figures() const {
    const std::lock_guard lock{inside_->mutex};
    return {inside_->shares.most(), inside_->shares.taken(), inside_->refused};
  }

private:
  struct guarded_shares {
    explicit guarded_shares(std::size_t most) : shares{most} {}

    std::mutex mutex;
    access::fair_shares shares;
    std::uint64_t refused = 0;
  };

  std::shared_ptr<guarded_shares> inside_;
};

} // namespace ducat::api
