/// The time of a simulation: actors and what happens around them, on one thread.
#pragma once

#include "core/dice.hpp"
#include "sim/fiber.hpp"

#include <ducat/testing/virtual_system.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat::sim {

/// Thrown in a handler that waits when the process that it belongs to ends.
class place_ended : public std::runtime_error {
public:
  place_ended() : std::runtime_error("the process has ended") {}
};

/// Actors handle their messages while the clock stands still, one message at a time, of an actor
/// that is drawn among those that have one; when nobody has any, the clock goes to whatever is due
/// next. A handler may wait in the middle of a message, and others go on meanwhile. So a run is a
/// function of the seed. An actor belongs to a place, that of whoever made it. One thread.
class clockwork {
public:
  explicit clockwork(dice& chance) : chance_{chance} {}

  /// Requires finish() if anybody waits.
  ~clockwork() = default;
  clockwork(const clockwork&) = delete;
  clockwork& operator=(const clockwork&) = delete;

  testing::virtual_system& system() noexcept { return system_; }

  time_point now() const { return system_.now(); }

  /// `what` happens after `delay`. What is due at one time happens in the order of the calls.
  void after(duration delay, std::function<void()> what);

  /// `what` happens when `messages` more have been handled, between two of them.
  void between_messages(std::uint64_t messages, std::function<void()> what);

  // Handlers --------------------------------------------------------------------------------------

  /// Runs `what` as a handler of that place: it may make actors of it, and wait. Not from another
  /// handler.
  void start(const std::string& place, std::function<void()> what);

  /// The handler that calls this stands still until `done` returns true, which is asked often.
  /// Throws place_ended.
  void wait_until(const std::function<bool()>& done);

  /// The same for so long.
  void wait_for(duration time);

  /// The same, also when the place has ended. Returns false at once if no handler calls it.
  bool wait_through(const std::function<bool()>& done);

  /// Returns the place whose handler runs now; empty: none.
  const std::string& running() const noexcept;

  /// Returns whether a handler runs now whose process has ended.
  bool is_running_over() const { return running_ != nullptr && is_over(*running_); }

  // Places ----------------------------------------------------------------------------------------

  /// Handlers of that place stand still, and none begins, until go_on(). Returns the number of this
  /// stop.
  std::uint64_t stop(const std::string& place);

  /// That stop is over; the place goes on if no other one holds.
  void go_on(const std::string& place, std::uint64_t stop);

  /// However often it was stopped.
  void go_on(const std::string& place) { stopped_.erase(place); }

  bool is_stopped(const std::string& place) const { return stopped_.contains(place); }

  bool is_any_stopped() const noexcept { return !stopped_.empty(); }

  /// The process there has ended: it is stopped no more, and its handlers wait no more.
  void end(const std::string& place);

  // Time ------------------------------------------------------------------------------------------

  /// Has one message handled, or lets the next thing happen that is due by `end`. Returns false if
  /// there is none.
  bool step(time_point end);

  /// Goes on until `done` returns true, for `limit` at most; then the clock has moved by that much.
  /// Returns whether it did.
  bool run_until(const std::function<bool()>& done, duration limit);

  /// Returns whether nobody has a message to handle now.
  bool is_idle() const { return !choose_first() && !next_standing(); }

  /// Has every handler that waits go on, whose places have ended.
  void finish();

  /// Returns how many messages have been handled.
  std::uint64_t messages() const noexcept { return messages_; }

  /// Returns who has handled messages since the last call.
  std::set<std::uint64_t> take_busy_actors();

private:
  /// A life of a place.
  struct process {
    std::string place;
    std::uint64_t life = 0;
  };

  struct due {
    time_point when;
    std::uint64_t call = 0;
    std::function<void()> what;
  };

  /// Of actors that were made one after the other.
  struct row {
    std::uint64_t newest = 0;
    process owner;
  };

  struct handler {
    process of;
    fiber on;
    const std::function<bool()>* done = nullptr; ///< What it waits for; its own.
    bool minds_the_end = true;
  };

  static bool is_later(const due& one, const due& other);
  bool strike();
  bool is_free(std::size_t at) const;
  bool is_over(const handler& which) const;
  std::optional<std::size_t> choose_first() const;
  std::optional<std::size_t> choose();
  std::optional<std::size_t> next_standing() const;
  void go_on_with(std::size_t standing);
  void run(std::unique_ptr<handler> which, std::function<void()> what);
  std::unique_ptr<handler> make_handler(const process& of);
  void note_owner(const process& of);
  std::uint64_t life_of(const std::string& place) const;
  const process& process_of(std::uint64_t actor) const;
  bool let_next_happen(time_point end);

  dice& chance_;
  testing::virtual_system system_;
  std::vector<due> due_;                                        ///< A heap, the next one first.
  std::multimap<std::uint64_t, std::function<void()>> strikes_; ///< By the count of messages.
  std::vector<row> owners_;                                ///< In the order of their newest actors.
  std::map<std::string, std::set<std::uint64_t>> stopped_; ///< By which stops, by place.
  std::map<std::string, std::uint64_t> ended_;             ///< How often, by place.
  handler* running_ = nullptr;
  std::vector<std::unique_ptr<handler>> standing_; ///< In the order in which they began to wait.
  std::vector<std::unique_ptr<handler>> idle_;
  std::vector<bool> busy_actors_; ///< By their number.
  std::uint64_t calls_ = 0;
  std::uint64_t stops_ = 0;
  std::uint64_t messages_ = 0;
};

} // namespace ducat::sim
