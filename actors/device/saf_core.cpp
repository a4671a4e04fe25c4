#include "device/backoff.hpp"

#include <ducat/device/saf_core.hpp>
#include <ducat/iso8583/mti.hpp>

#include <ostream>

namespace ducat::device {

std::string_view to_string(saf_state value) noexcept {
  switch (value) {
  case saf_state::waiting:
    return "waiting";
  case saf_state::under_way:
    return "under_way";
  case saf_state::exhausted:
    return "exhausted";
  }
  return "?";
}

std::string_view to_string(exhaustion value) noexcept {
  return value == exhaustion::tries ? "tries" : "age";
}

std::ostream& operator<<(std::ostream& out, saf_state value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, exhaustion value) {
  return out << to_string(value);
}

saf_core::saf_core(const saf_options& options, std::uint64_t seed)
    : options_{options}, chance_{seed} {}

bool saf_core::add(saf_item item, time_point now) {
  const auto [place, is_new] = items_.try_emplace(item.id);
  if (!is_new)
    return false;
  place->second = {.key = std::move(item.key),
                   .state = saf_state::waiting,
                   .order = next_order_++,
                   .due = now,
                   .too_old_at = now + options_.age_max - item.age,
                   .sendings = item.sendings,
                   .tries = item.sendings,
                   .waits = 0};
  auto& queue = queues_[place->second.key];
  queue.push_back(item.id);
  aging_.emplace(place->second.too_old_at, item.id);
  if (place->second.tries >= options_.tries_max)
    exhaust(item.id, exhaustion::tries);
  else if (queue.size() == 1)
    make_ready(item.id);
  return true;
}

std::vector<saf_core::sending> saf_core::take_sendings(time_point now) {
  exhaust_old(now);
  std::vector<sending> sendings;
  while (under_way_ < options_.window && !ready_.empty() && ready_.begin()->first.first <= now) {
    const request_id id = ready_.begin()->second;
    ready_.erase(ready_.begin());
    record& item = items_.at(id);
    item.state = saf_state::under_way;
    aging_.erase({item.too_old_at, id});
    ++under_way_;
    sendings.push_back({.id = id, .number = item.sendings + 1, .is_repeat = item.sendings > 0});
  }
  return sendings;
}

void saf_core::answered(request_id id) {
  if (state_of(id) != saf_state::under_way)
    return;
  --under_way_;
  remove(id);
}

void saf_core::unanswered(request_id id, time_point now) {
  take_back(id, true, now);
}

void saf_core::not_sent(request_id id, time_point now) {
  take_back(id, false, now);
}

void saf_core::hurry(time_point now) {
  for (const auto& [when, id] : std::exchange(ready_, {})) {
    record& item = items_.at(id);
    item.waits = 0;
    item.due = now;
    make_ready(id);
  }
}

std::vector<saf_core::exhausted_item> saf_core::take_exhausted(time_point now) {
  exhaust_old(now);
  return std::exchange(exhausted_, {});
}

bool saf_core::discard(request_id id) {
  if (state_of(id) != saf_state::exhausted)
    return false;
  remove(id);
  return true;
}

bool saf_core::withdraw(request_id id) {
  const auto found = items_.find(id);
  if (found == items_.end() || found->second.state == saf_state::under_way)
    return false;
  aging_.erase({found->second.too_old_at, id});
  ready_.erase(turn{found->second.due, found->second.order});
  std::erase_if(exhausted_, [id](const exhausted_item& each) { return each.id == id; });
  remove(id);
  return true;
}

bool saf_core::retry(request_id id, time_point now) {
  if (state_of(id) != saf_state::exhausted)
    return false;
  record& item = items_.at(id);
  item.state = saf_state::waiting;
  item.due = now;
  item.too_old_at = now + options_.age_max;
  item.tries = item.waits = 0;
  aging_.emplace(item.too_old_at, id);
  if (queues_.at(item.key).front() == id)
    make_ready(id);
  return true;
}

std::optional<time_point> saf_core::wake_at() const {
  std::optional<time_point> soonest;
  if (!ready_.empty() && under_way_ < options_.window)
    soonest = ready_.begin()->first.first;
  if (!aging_.empty() && (!soonest || aging_.begin()->first < *soonest))
    soonest = aging_.begin()->first;
  return soonest;
}

std::optional<saf_state> saf_core::state_of(request_id id) const {
  const auto found = items_.find(id);
  return found == items_.end() ? std::nullopt : std::optional{found->second.state};
}

void saf_core::make_ready(request_id id) {
  const record& item = items_.at(id);
  ready_.emplace(turn{item.due, item.order}, id);
}

void saf_core::take_back(request_id id, bool was_sent, time_point now) {
  if (state_of(id) != saf_state::under_way)
    return;
  --under_way_;
  record& item = items_.at(id);
  item.state = saf_state::waiting;
  item.sendings += was_sent ? 1 : 0;
  item.tries += was_sent ? 1 : 0;
  item.due = now + backoff(item);
  aging_.emplace(item.too_old_at, id);
  if (item.tries >= options_.tries_max)
    exhaust(id, exhaustion::tries);
  else
    make_ready(id);
}

void saf_core::exhaust(request_id id, exhaustion why) {
  record& item = items_.at(id);
  aging_.erase({item.too_old_at, id});
  ready_.erase(turn{item.due, item.order});
  item.state = saf_state::exhausted;
  exhausted_.push_back({id, why});
}

/// The next one of its key may go.
void saf_core::remove(request_id id) {
  const auto found = items_.find(id);
  const auto queue = queues_.find(found->second.key);
  items_.erase(found);
  std::erase(queue->second, id);
  if (queue->second.empty()) {
    queues_.erase(queue);
    return;
  }
  const request_id next = queue->second.front();
  if (items_.at(next).state == saf_state::waiting)
    make_ready(next); // If it was not first, and so is ready already, nothing changes.
}

void saf_core::exhaust_old(time_point now) {
  while (!aging_.empty() && aging_.begin()->first <= now)
    exhaust(aging_.begin()->second, exhaustion::age);
}

duration saf_core::backoff(record& of) {
  return wait_after(options_.backoff, of.waits++, chance_());
}

iso8583::message as_sent(iso8583::message stored, const saf_core::sending& how) {
  if (!how.is_repeat)
    return stored;
  if (auto repeat = iso8583::repeat_of(stored.mti()))
    stored.set_mti(std::move(*repeat));
  return stored;
}

} // namespace ducat::device
