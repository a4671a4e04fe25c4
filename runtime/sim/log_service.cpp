#include "sim/log_service.hpp"

#include "etcd/keys.hpp"

#include <algorithm>
#include <utility>

namespace ducat::sim {

namespace {

/// Until somebody who was cut off tries again.
constexpr duration relist_pause = std::chrono::milliseconds{100};

} // namespace

result<epoch> log_service::take(epoch seen, const std::string& node) {
  if (newest_.granted != seen)
    return fail(errc::epoch_lost, "epoch " + std::to_string(newest_.granted.value) +
                                      " was granted to " + newest_.node);
  newest_ = {.granted = {seen.value + 1}, .node = node};
  put(epoch_key_,
      etcd::encode(etcd::epoch_record{.number = newest_.granted.value, .taken_by = node + "/sim"}));
  return newest_.granted;
}

result<std::optional<bool>> log_service::add(const entry& what) {
  if (what.index <= entries_.size()) // It was sent twice, or lost against another one.
    return entries_[what.index - 1].hash == what.hash
               ? result<std::optional<bool>>{true}
               : fail(errc::epoch_lost, "another writer's entry stands there");
  if (what.writer != newest_.granted)
    return fail(errc::epoch_lost, "another writer has begun");
  if (what.index != entries_.size() + 1)
    return std::optional<bool>{};
  entries_.push_back(what);
  std::erase_if(entry_watches_, [](const auto& told) { return !told(); });
  return true;
}

void log_service::put(const std::string& key, const std::string& value, duration lease) {
  keys_[key] = value;
  const std::uint64_t count = ++puts_[key];
  tell(key, value);
  if (lease > duration{})
    time_.after(lease, [this, key, count] {
      if (puts_[key] == count)
        remove(key);
    });
}

void log_service::remove(const std::string& key) {
  if (keys_.erase(key) > 0)
    tell(key, std::nullopt);
}

void log_service::watch_keys(const std::shared_ptr<key_watch>& whom) {
  watches_.emplace_back(whom);
  tell_all(whom);
}

void log_service::tell(const std::string& key, const std::optional<std::string>& value) {
  std::erase_if(watches_, [](const auto& each) { return each.expired(); });
  for (const auto& each : watches_) {
    const auto whom = each.lock();
    if (whom->is_broken)
      continue;
    ways_.send(
        log_place, whom->node,
        [each, key, value] {
          if (const auto to = each.lock())
            to->changed(key, value);
        },
        [this, each] { tell_all_later(each); });
  }
}

void log_service::tell_all(const std::shared_ptr<key_watch>& whom) {
  whom->is_broken = false;
  const std::weak_ptr<key_watch> each = whom;
  ways_.send(
      log_place, whom->node,
      [each, all = keys_] {
        if (const auto to = each.lock())
          to->anew(all);
      },
      [this, each] { tell_all_later(each); });
}

void log_service::tell_all_later(const std::weak_ptr<key_watch>& whom) {
  const auto now = whom.lock();
  if (now == nullptr || std::exchange(now->is_broken, true))
    return;
  time_.after(relist_pause, [this, whom] {
    if (const auto still = whom.lock())
      tell_all(still);
  });
}

} // namespace ducat::sim
