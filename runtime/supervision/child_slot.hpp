/// What stands behind a handle: which actor a path means right now.
#pragma once

#include "supervision/child_probe.hpp"

#include <ducat/child_figures.hpp>
#include <ducat/exit_reason.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ducat {

class handle;

/// What watchers of a path are sent, with high priority and by nobody: each life begins once and is
/// over once, in this order. It is over when its supervisor says so; a hung one still runs then.
struct life_began {
  std::uint64_t watch; ///< What the watcher calls the path.
  std::uint64_t incarnation;
  caf::actor_addr life;
};

struct life_over {
  std::uint64_t watch;
  std::uint64_t incarnation;
  exit_reason why;
  bool answers = false; ///< It goes on with what it has in hand; another one is sent at its end.
};

/// A mutex of one byte, held for a few instructions.
class small_lock {
public:
  void lock() noexcept {
    while (held_.test_and_set(std::memory_order_acquire))
      held_.wait(true, std::memory_order_relaxed);
  }

  void unlock() noexcept {
    held_.clear(std::memory_order_release);
    held_.notify_one();
  }

private:
  std::atomic_flag held_;
};

/// One path of a tree, for as long as anybody names it. The supervisor of the path writes, whoever
/// holds a handle reads, on any thread. It does not keep the actor alive.
class child_slot {
public:
  explicit child_slot(std::string path) : path_{std::move(path)} {}

  const std::string& path() const noexcept { return path_; }

  /// Returns the number of the life that begins now. It grows over all supervisors of the path.
  std::uint64_t next_incarnation() noexcept { return ++lives_; }

  /// From now on the path means `life`, which `began` then, if that is known.
  void publish(const caf::actor_addr& life, std::uint64_t incarnation, time_point began = {});

  /// The path means nobody; does nothing if it means another life than `incarnation` by now. `why`
  /// is for watchers.
  void clear(std::uint64_t incarnation, const exit_reason& why = {exit_kind::killed, ""});

  /// The same, but the life answers what it has in hand. When it has, or will not, call end().
  void rest(std::uint64_t incarnation);

  /// Tells watchers that a life which rested is over.
  void end(std::uint64_t incarnation, const exit_reason& why);

  /// Tells `who` of each life from the current one on, until `who` has ended. `watch` is
  /// handed back in each message.
  void watch(const caf::actor_addr& who, std::uint64_t watch);

  /// Returns the number of the life that runs, 0 if none does.
  std::uint64_t incarnation() const noexcept { return running_.load(std::memory_order_acquire); }

  /// Returns the actor that runs, or a null actor.
  caf::actor current() const;

  /// From now on messages to this path go to `mailbox`, whether or not it runs; a null one: to its
  /// life.
  void set_mailbox(const caf::actor_addr& mailbox);

  /// Returns the actor that messages to this path go to, or a null actor.
  caf::actor inbox() const;

  /// Requests to this path are meant for `front`, its router, or for itself if that is null. Set
  /// before the path runs.
  void set_front(std::shared_ptr<child_slot> front);

  /// Returns the slot that requests are meant for; nullptr for itself.
  std::shared_ptr<child_slot> front() const;

  /// What follows is for figures(). Messages to the life that begins now are counted in what is
  /// returned, by whoever sends and by that life.
  std::shared_ptr<mailbox_count> count_messages();

  /// Returns where the router of this path counts; always the same.
  std::shared_ptr<ducat::router_probe> router_probe();

  void set_kept(std::uint64_t messages);
  void set_restarts(std::vector<time_point> in_window);

  /// A life that a supervisor at this path has given up exists still, or exists no more.
  void add_zombie();
  void remove_zombie();

  child_figures figures() const;

private:
  struct watcher {
    caf::actor_addr who;
    std::uint64_t watch;
  };

  /// What few paths have; there may be a million paths.
  struct extras {
    caf::actor_addr mailbox;
    std::shared_ptr<child_slot> front;
    std::vector<watcher> watchers; ///< The guard keeps what they are sent in order.
    std::shared_ptr<mailbox_count> messages;
    std::shared_ptr<ducat::router_probe> router;
    std::optional<std::uint64_t> kept;
    std::vector<time_point> restarts;
    std::uint32_t zombies = 0;
  };

  extras& make_extras();

  bool withdraw(std::uint64_t incarnation);

  template <class Message>
  void tell_watchers(Message what);

  const std::string path_;
  std::atomic<std::uint64_t> lives_{0};
  std::atomic<std::uint64_t> running_{0};
  caf::actor_addr life_;           // Needs the guard.
  time_point began_{};             // Needs the guard. Of that life, if it is known.
  std::unique_ptr<extras> extras_; // Needs the guard. Null if there is none of it.
  mutable small_lock guard_;
};

/// Returns what stands behind `name`; nullptr if it names nothing.
std::shared_ptr<child_slot> slot_of(const handle& name);

} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::life_began)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::life_over)
