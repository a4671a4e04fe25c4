/// Which actors of a tree have been given up while they still exist.
#pragma once

#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_set>

namespace ducat::supervision {

/// Nothing that a fenced actor sends is taken by an actor of the tree any more. Asking costs one
/// relaxed load as long as nobody is fenced. Zombies are rare, so that they are never forgotten:
/// what they sent may wait in a mailbox after they have ended. Safe from any thread.
class fence {
public:
  void put(caf::actor_id who) {
    const std::lock_guard lock{guard_};
    fenced_.insert(who);
    size_.store(fenced_.size(), std::memory_order_release);
  }

  bool is_empty() const noexcept { return size_.load(std::memory_order_relaxed) == 0; }

  bool holds(caf::actor_id who) const {
    if (is_empty())
      return false;
    const std::lock_guard lock{guard_};
    return fenced_.contains(who);
  }

private:
  mutable std::mutex guard_;
  std::unordered_set<caf::actor_id> fenced_; // Needs the guard.
  std::atomic<std::size_t> size_{0};
};

} // namespace ducat::supervision
