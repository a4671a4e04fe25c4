#include "routing/router_core.hpp"

#include <limits>

namespace ducat::routing {

namespace {

std::size_t bound(std::uint32_t max) {
  return max == 0 ? std::numeric_limits<std::size_t>::max() : max;
}

} // namespace

router_core::router_core(const pool_spec& pool, time_point now)
    : breaker_spec_{pool.breaker}, in_flight_max_{bound(pool.in_flight_max)},
      pending_max_{bound(pool.pending_max)}, retries_max_{pool.retries_max},
      is_health_aware_{pool.health_aware}, policy_{make_policy(pool)},
      members_(pool.size, member{.its_breaker = breaker{pool.breaker}}),
      roster_{std::vector<candidate>(pool.size, {.eligible = false})}, health_{pool.size, now} {}

result<router_core::sent> router_core::admit(time_point deadline, std::uint64_t key,
                                             time_point now) {
  if (deadline <= now)
    return fail(errc::deadline_exceeded, "the deadline has passed");
  refresh_breakers(now);
  if (able_count_ == 0)
    return fail(errc::unavailable, "no worker is running with its breaker closed");
  if (table_.size() >= pending_max_ || table_.is_full())
    return fail(errc::overloaded, "the pool is at its bound");
  const auto worker = policy_->choose(roster_, key);
  if (!worker)
    return fail(errc::overloaded, "each worker is at its bound");
  const request_id id = table_.add({.deadline = deadline, .key = key});
  deadlines_.push(deadline, id, table_.size(), [this](request_id each) { return is_live(each); });
  return send(id, *worker, now);
}

bool router_core::answered(request_id id, bool failed, time_point now) {
  const request* const found = table_.find(id);
  if (found == nullptr || found->life == 0)
    return false;
  take_back(*found, failed, now);
  table_.remove(id);
  judge(now);
  give_on_waiting(now);
  return true;
}

void router_core::bounced(request_id id, time_point now) {
  const request* const found = table_.find(id);
  if (found == nullptr || found->life == 0)
    return;
  life_over(found->worker, found->life, now);
  take_back(*found, true, now);
  if (retries_max_ == 0)
    end(id, effect::kind::lose);
  else
    give_on(id, now);
}

void router_core::life_began(std::size_t worker, std::uint64_t life, time_point now) {
  members_[worker].life = life;
  refresh(worker, now);
  give_on_waiting(now);
}

void router_core::life_over(std::size_t worker, std::uint64_t life, time_point now) {
  if (members_[worker].life != life)
    return;
  members_[worker].life = 0;
  roster_.set_in_flight(worker, 0);
  refresh(worker, now);
}

bool router_core::is_settling(request_id id) const {
  const request* const found = table_.find(id);
  return found != nullptr && found->life != 0 && members_[found->worker].life != found->life;
}

void router_core::settle(std::size_t worker, std::uint64_t life, time_point now) {
  const auto in_hand = table_.ids_where(
      [&](const request& each) { return each.worker == worker && each.life == life; });
  for (const request_id id : in_hand) {
    request& lost = *table_.find(id);
    take_back(lost, true, now);
    lost.crashes += 1;
    if (retries_max_ == 0)
      end(id, effect::kind::lose);
    else if (lost.crashes > retries_max_)
      end(id, effect::kind::quarantine);
    else
      give_on(id, now);
  }
}

void router_core::wake(time_point now) {
  refresh_breakers(now);
  const auto live = [this](request_id each) { return is_live(each); };
  while (const auto id = deadlines_.pop(now, live)) {
    if (const request& late = *table_.find(*id); late.life != 0)
      take_back(late, true, now);
    end(*id, effect::kind::expire);
  }
  judge(now);
  give_on_waiting(now);
}

std::optional<time_point> router_core::wake_at() const {
  auto first = deadlines_.first();
  if (!waiting_.empty() && !reopening_.empty())
    first = std::min(first.value_or(time_point::max()), reopening_.front().first);
  return first;
}

std::size_t router_core::add_worker() {
  members_.push_back({.its_breaker = breaker{breaker_spec_}});
  roster_.add({.eligible = false});
  health_.add_worker();
  return members_.size() - 1;
}

void router_core::retire(std::size_t worker, time_point now) {
  if (std::exchange(members_[worker].retired, true))
    return;
  refresh(worker, now);
  if (members_[worker].held == 0)
    effects_.push_back({.what = effect::kind::idle, .worker = worker});
}

void router_core::reinstate(std::size_t worker, time_point now) {
  members_[worker].retired = false;
  refresh(worker, now);
  give_on_waiting(now);
}

router_core::sent router_core::send(request_id id, std::size_t worker, time_point now) {
  request& what = *table_.find(id);
  member& chosen = members_[worker];
  what.sent_at = now;
  what.worker = worker;
  what.life = chosen.life;
  what.round = chosen.its_breaker.sent();
  chosen.held += 1;
  roster_.set_in_flight(worker, roster_.at(worker).in_flight + 1);
  refresh(worker, now);
  return {.id = id, .worker = worker};
}

/// A try of the request is over. What comes next is up to the caller.
void router_core::take_back(const request& what, bool failed, time_point now) {
  member& holder = members_[what.worker];
  holder.held -= 1;
  if (holder.life == what.life)
    roster_.set_in_flight(what.worker, roster_.at(what.worker).in_flight - 1);
  count(what, failed, now);
  refresh(what.worker, now);
  if (holder.retired && holder.held == 0)
    effects_.push_back({.what = effect::kind::idle, .worker = what.worker});
}

/// Tells the breaker and the health of the worker what came of a request.
void router_core::count(const request& what, bool failed, time_point now) {
  breaker& of_worker = members_[what.worker].its_breaker;
  if (!failed) {
    health_.succeeded(what.worker, now - what.sent_at);
    return of_worker.succeeded(what.round);
  }
  health_.failed(what.worker);
  const bool was_open = of_worker.state() == breaker_state::open;
  of_worker.failed(what.round, now);
  if (!was_open && of_worker.state() == breaker_state::open)
    reopening_.emplace_back(now + breaker_spec_.pause, what.worker);
}

void router_core::end(request_id id, effect::kind how) {
  effects_.push_back({.what = how, .id = id, .crashes = table_.find(id)->crashes});
  table_.remove(id);
}

/// The request, which nobody has, goes to another life, or waits for one.
void router_core::give_on(request_id id, time_point now) {
  request& what = *table_.find(id);
  what.life = 0;
  const time_point deadline = what.deadline;
  id = table_.renew(id);
  deadlines_.push(deadline, id, table_.size(), [this](request_id each) { return is_live(each); });
  waiting_.push_back(id);
  give_on_waiting(now);
}

/// Invariant: while a request waits, no worker is eligible.
void router_core::give_on_waiting(time_point now) {
  while (!waiting_.empty()) {
    const request* const next = table_.find(waiting_.front());
    const auto worker = next == nullptr ? std::nullopt : policy_->choose(roster_, next->key);
    if (next != nullptr && !worker)
      return;
    const request_id id = waiting_.front();
    waiting_.pop_front();
    if (next == nullptr) // Its deadline has passed.
      continue;
    send(id, *worker, now);
    effects_.push_back({.what = effect::kind::send, .id = id, .worker = *worker});
  }
}

/// Works out anew whether the worker may get something.
void router_core::refresh(std::size_t worker, time_point now) {
  member& of = members_[worker];
  const bool able = of.life != 0 && !of.retired && of.its_breaker.lets_through(now);
  able_count_ += static_cast<std::size_t>(able) - static_cast<std::size_t>(of.able);
  of.able = able;
  const bool broken = of.its_breaker.state() != breaker_state::closed;
  broken_count_ += static_cast<std::size_t>(broken) - static_cast<std::size_t>(of.broken);
  of.broken = broken;
  roster_.set_eligible(worker, able && roster_.at(worker).in_flight < in_flight_max_);
}

/// The pauses of some breakers may be over.
void router_core::refresh_breakers(time_point now) {
  if (reopening_.empty() || reopening_.front().first > now)
    return;
  while (!reopening_.empty() && reopening_.front().first <= now) {
    refresh(reopening_.front().second, now);
    reopening_.pop_front();
  }
  give_on_waiting(now);
}

void router_core::judge(time_point now) {
  if (!is_health_aware_ || !health_.judge(now))
    return;
  for (std::size_t worker = 0; worker < members_.size(); ++worker)
    if (roster_.at(worker).share != health_.share(worker))
      roster_.set_share(worker, health_.share(worker));
}

} // namespace ducat::routing
