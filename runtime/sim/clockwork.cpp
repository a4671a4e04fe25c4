#include "sim/clockwork.hpp"

#include <algorithm>

namespace ducat::sim {

void clockwork::after(duration delay, std::function<void()> what) {
  due_.emplace(std::pair{now() + delay, ++calls_}, std::move(what));
}

void clockwork::between_messages(std::uint64_t messages, std::function<void()> what) {
  strikes_.emplace(messages_ + messages, std::move(what));
}

bool clockwork::strike() {
  if (strikes_.empty() || strikes_.begin()->first > messages_)
    return false;
  const auto what = std::move(strikes_.begin()->second);
  strikes_.erase(strikes_.begin());
  what();
  return true;
}

// Whose actors they are --------------------------------------------------------------------------

void clockwork::as(const std::string& place, const std::function<void()>& what) {
  const std::string before = std::exchange(running_, place);
  places_.emplace(system_.newest_actor(), before);
  what();
  places_.emplace(system_.newest_actor(), place);
  running_ = before;
}

/// Actors are numbered in the order in which they are made, so that each row of numbers has a
/// place.
const std::string& clockwork::place_of(std::uint64_t actor) const {
  static const std::string nowhere;
  const auto found = places_.lower_bound(actor);
  return found == places_.end() ? nowhere : found->second;
}

void clockwork::stop_running_actor(duration time) {
  const std::uint64_t actor = running_actor_;
  stopped_actors_.insert(actor);
  after(time, [this, actor] { stopped_actors_.erase(actor); });
}

// Who is next ------------------------------------------------------------------------------------

bool clockwork::is_free(std::size_t at) const {
  if (stopped_.empty() && stopped_actors_.empty())
    return true;
  const std::uint64_t actor = system_.ready_actor(at);
  return !stopped_actors_.contains(actor) && !stopped_.contains(place_of(actor));
}

std::optional<std::size_t> clockwork::choose_first() const {
  for (std::size_t at = 0; at < system_.ready(); ++at)
    if (is_free(at))
      return at;
  return std::nullopt;
}

std::optional<std::size_t> clockwork::choose() {
  const std::size_t ready = system_.ready();
  if (ready == 0)
    return std::nullopt;
  const std::size_t at = chance_.below(ready);
  return is_free(at) ? at : choose_first();
}

void clockwork::run(std::size_t at) {
  running_actor_ = system_.ready_actor(at);
  busy_actors_.insert(running_actor_);
  as(place_of(running_actor_), [&] { system_.run_ready(at); });
  running_actor_ = 0;
  ++messages_;
}

bool clockwork::let_next_happen(time_point end) {
  const auto timer = system_.next_timer();
  if (due_.empty() && !timer)
    return false;
  time_point next = due_.empty() ? *timer : due_.begin()->first.first;
  if (timer)
    next = std::min(next, *timer);
  if (next > end)
    return false;
  system_.move_clock_to(next);
  if (due_.empty() || due_.begin()->first.first > now())
    return true;
  const auto what = std::move(due_.begin()->second);
  due_.erase(due_.begin());
  what();
  return true;
}

bool clockwork::step(time_point end) {
  if (strike())
    return true;
  const auto next = choose();
  if (!next)
    return let_next_happen(end);
  run(*next);
  return true;
}

bool clockwork::run_until(const std::function<bool()>& done, duration limit) {
  const time_point end = now() + limit;
  while (!done()) {
    if (step(end))
      continue;
    system_.move_clock_to(std::max(end, now()));
    return done();
  }
  return true;
}

} // namespace ducat::sim
