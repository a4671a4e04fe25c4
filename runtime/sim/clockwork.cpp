#include "sim/clockwork.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <tuple>

namespace ducat::sim {

bool clockwork::is_later(const due& one, const due& other) {
  return std::tie(one.when, one.call) > std::tie(other.when, other.call);
}

void clockwork::after(duration delay, std::function<void()> what) {
  due_.push_back({now() + delay, ++calls_, std::move(what)});
  std::ranges::push_heap(due_, is_later);
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

// Handlers ---------------------------------------------------------------------------------------

std::unique_ptr<clockwork::handler> clockwork::make_handler(const process& of) {
  if (idle_.empty())
    idle_.push_back(std::make_unique<handler>());
  auto made = std::move(idle_.back());
  idle_.pop_back();
  made->of = of;
  return made;
}

/// Of the actors that were made since the last call.
void clockwork::note_owner(const process& of) {
  const std::uint64_t newest = system_.newest_actor();
  if (owners_.empty() || owners_.back().newest < newest)
    owners_.push_back({newest, of});
}

/// Actors are numbered in the order in which they are made, so that each row of numbers has an
/// owner: whatever is made while a handler runs is of its process.
void clockwork::run(std::unique_ptr<handler> which, std::function<void()> what) {
  DUCAT_CHECK(running_ == nullptr);
  note_owner({});
  running_ = which.get();
  what ? which->on.begin(std::move(what)) : which->on.go_on();
  running_ = nullptr;
  note_owner(which->of);
  (which->on.is_idle() ? idle_ : standing_).push_back(std::move(which));
}

void clockwork::start(const std::string& place, std::function<void()> what) {
  run(make_handler({place, life_of(place)}), std::move(what));
}

bool clockwork::wait_through(const std::function<bool()>& done) {
  if (running_ == nullptr)
    return false;
  handler& me = *running_;
  if (done())
    return true;
  me.minds_the_end = false;
  me.done = &done;
  me.on.stand_still();
  me.minds_the_end = true;
  return true;
}

void clockwork::wait_until(const std::function<bool()>& done) {
  DUCAT_CHECK(running_ != nullptr);
  handler& me = *running_;
  if (!is_over(me) && !done()) {
    me.done = &done;
    me.on.stand_still();
  }
  if (is_over(me))
    throw place_ended{};
}

void clockwork::wait_for(duration time) {
  const time_point end = now() + time;
  after(time, [] {}); // So that the clock comes by.
  wait_until([this, end] { return now() >= end; });
}

const std::string& clockwork::running() const noexcept {
  static const std::string nowhere;
  return running_ == nullptr ? nowhere : running_->of.place;
}

const clockwork::process& clockwork::process_of(std::uint64_t actor) const {
  static const process nobody;
  const auto found = std::ranges::lower_bound(owners_, actor, {}, &row::newest);
  return found == owners_.end() ? nobody : found->owner;
}

// Places -----------------------------------------------------------------------------------------

std::uint64_t clockwork::life_of(const std::string& place) const {
  const auto found = ended_.find(place);
  return found == ended_.end() ? 0 : found->second;
}

bool clockwork::is_over(const handler& which) const {
  return which.minds_the_end && which.of.life != life_of(which.of.place);
}

std::uint64_t clockwork::stop(const std::string& place) {
  stopped_[place].insert(++stops_);
  return stops_;
}

void clockwork::go_on(const std::string& place, std::uint64_t stop) {
  const auto found = stopped_.find(place);
  if (found == stopped_.end())
    return;
  found->second.erase(stop);
  if (found->second.empty())
    stopped_.erase(found);
}

void clockwork::end(const std::string& place) {
  stopped_.erase(place);
  ++ended_[place];
}

// Who is next ------------------------------------------------------------------------------------

bool clockwork::is_free(std::size_t at) const {
  return stopped_.empty() || !stopped_.contains(process_of(system_.ready_actor(at)).place);
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

std::optional<std::size_t> clockwork::next_standing() const {
  for (std::size_t at = 0; at < standing_.size(); ++at) {
    const handler& each = *standing_[at];
    if (!stopped_.contains(each.of.place) && (is_over(each) || (*each.done)()))
      return at;
  }
  return std::nullopt;
}

void clockwork::go_on_with(std::size_t standing) {
  auto which = std::move(standing_[standing]);
  standing_.erase(standing_.begin() + static_cast<std::ptrdiff_t>(standing));
  run(std::move(which), {});
}

void clockwork::finish() {
  while (const auto next = next_standing())
    go_on_with(*next);
}

bool clockwork::let_next_happen(time_point end) {
  const auto timer = system_.next_timer();
  if (due_.empty() && !timer)
    return false;
  time_point next = due_.empty() ? *timer : due_.front().when;
  if (timer)
    next = std::min(next, *timer);
  if (next > end)
    return false;
  system_.move_clock_to(next);
  if (due_.empty() || due_.front().when > now())
    return true;
  std::ranges::pop_heap(due_, is_later);
  const auto what = std::move(due_.back().what);
  due_.pop_back();
  what();
  return true;
}

bool clockwork::step(time_point end) {
  if (strike())
    return true;
  if (const auto standing = next_standing()) {
    go_on_with(*standing);
    return true;
  }
  const auto next = choose();
  if (!next)
    return let_next_happen(end);
  const std::uint64_t actor = system_.ready_actor(*next);
  if (busy_actors_.size() <= actor)
    busy_actors_.resize(actor + 1);
  busy_actors_[actor] = true;
  ++messages_;
  run(make_handler(process_of(actor)), [this, at = *next] { system_.run_ready(at); });
  return true;
}

std::set<std::uint64_t> clockwork::take_busy_actors() {
  std::set<std::uint64_t> taken;
  for (std::size_t actor = 0; actor < busy_actors_.size(); ++actor)
    if (busy_actors_[actor])
      taken.insert(actor);
  busy_actors_.clear();
  return taken;
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
