/// The time of a simulation: actors and what happens around them, on one thread.
#pragma once

#include "core/dice.hpp"

#include <ducat/testing/virtual_system.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::sim {

/// Actors handle their messages while the clock stands still, one message at a time, of an actor
/// that is drawn among those that have one; when nobody has any, the clock goes to whatever is due
/// next. So a run is a function of the seed. An actor belongs to a place, that of whoever made it.
/// One thread.
class clockwork {
public:
  explicit clockwork(dice& chance) : chance_{chance} {}

  testing::virtual_system& system() noexcept { return system_; }

  time_point now() const { return system_.now(); }

  /// `what` happens after `delay`. What is due at one time happens in the order of the calls.
  void after(duration delay, std::function<void()> what);

  /// `what` happens when `messages` more have been handled, between two of them.
  void between_messages(std::uint64_t messages, std::function<void()> what);

  /// Runs `what`, which makes actors of that place.
  void as(const std::string& place, const std::function<void()>& what);

  /// Returns the place whose actor handles a message now; empty: none.
  const std::string& running() const noexcept { return running_; }

  /// Actors of that place, or the one that handles a message now, handle none until further notice.
  void stop(const std::string& place) { stopped_.insert(place); }

  void go_on(const std::string& place) { stopped_.erase(place); }

  bool is_stopped(const std::string& place) const { return stopped_.contains(place); }

  void stop_running_actor(duration time);

  /// Has one message handled, or lets the next thing happen that is due by `end`. Returns false if
  /// there is none.
  bool step(time_point end);

  /// Goes on until `done` returns true, for `limit` at most; then the clock has moved by that much.
  /// Returns whether it did.
  bool run_until(const std::function<bool()>& done, duration limit);

  /// Returns whether nobody has a message to handle now.
  bool is_idle() const { return !choose_first(); }

  /// Returns how many messages have been handled.
  std::uint64_t messages() const noexcept { return messages_; }

  /// Returns who has handled messages since the last call.
  std::set<std::uint64_t> take_busy_actors() { return std::exchange(busy_actors_, {}); }

private:
  bool strike();
  bool is_free(std::size_t at) const;
  std::optional<std::size_t> choose_first() const;
  std::optional<std::size_t> choose();
  void run(std::size_t at);
  const std::string& place_of(std::uint64_t actor) const;
  bool let_next_happen(time_point end);

  dice& chance_;
  testing::virtual_system system_;
  std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> due_;
  std::multimap<std::uint64_t, std::function<void()>> strikes_; ///< By the count of messages.
  std::map<std::uint64_t, std::string> places_; ///< By the newest actor of a row of actors.
  std::string running_;
  std::uint64_t running_actor_ = 0;
  std::set<std::string> stopped_;
  std::set<std::uint64_t> stopped_actors_;
  std::set<std::uint64_t> busy_actors_;
  std::uint64_t calls_ = 0;
  std::uint64_t messages_ = 0;
};

} // namespace ducat::sim
