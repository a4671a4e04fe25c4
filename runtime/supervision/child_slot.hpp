/// What stands behind a handle: which actor a path means right now.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace ducat {

/// One path of a tree, for as long as anybody names it. The supervisor of the path writes, whoever
/// holds a handle reads, on any thread. It does not keep the actor alive.
class child_slot {
public:
  explicit child_slot(std::string path) : path_{std::move(path)} {}

  const std::string& path() const noexcept { return path_; }

  /// Returns the number of the life that begins now. It grows over all supervisors of the path.
  std::uint64_t next_incarnation() noexcept { return ++lives_; }

  /// From now on the path means `life`.
  void publish(const caf::actor_addr& life, std::uint64_t incarnation);

  /// The path means nobody; does nothing if it means another life than `incarnation` by now.
  void clear(std::uint64_t incarnation);

  /// Returns the number of the life that runs, 0 if none does.
  std::uint64_t incarnation() const noexcept { return running_.load(std::memory_order_acquire); }

  /// Returns the actor that runs, or a null actor.
  caf::actor current() const;

  /// Requests to this path are meant for `front`, its router, or for itself if that is null. Set
  /// before the path runs.
  void set_front(std::shared_ptr<child_slot> front);

  /// Returns the slot that requests are meant for; nullptr for itself.
  std::shared_ptr<child_slot> front() const;

private:
  const std::string path_;
  std::atomic<std::uint64_t> lives_{0};
  std::atomic<std::uint64_t> running_{0};
  mutable std::mutex guard_;
  caf::actor_addr life_;              // Needs the guard.
  std::shared_ptr<child_slot> front_; // Needs the guard.
};

} // namespace ducat
