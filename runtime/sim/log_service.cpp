#include "sim/log_service.hpp"

#include "etcd/keys.hpp"

#include <algorithm>
#include <utility>

namespace ducat::sim {

namespace {

/// Until somebody who was cut off tries again.
constexpr duration relist_pause = std::chrono::milliseconds{100};

} // namespace

// The log ----------------------------------------------------------------------------------------

std::optional<std::uint64_t> log_service::take(std::uint64_t revision,
                                               const std::string& taken_by) {
  if (newest_.revision != revision)
    return std::nullopt;
  newest_ = {
      .granted = {newest_.granted.value + 1}, .taken_by = taken_by, .revision = ++revisions_};
  put(epoch_key_,
      etcd::encode(etcd::epoch_record{.number = newest_.granted.value, .taken_by = taken_by}));
  return newest_.revision;
}

log_service::epoch_found log_service::close_gap(std::uint64_t revision) {
  if (newest_.revision == revision) {
    early_.clear();
    newest_.revision = ++revisions_;
  }
  return newest_;
}

result<void> log_service::add(const entry& what, std::uint64_t revision) {
  const auto lost = [] { return fail(errc::epoch_lost, "another writer has begun"); };
  const auto check_same = [&](const entry& there) {
    return there.hash == what.hash ? result<void>{} : lost();
  };
  if (what.index <= entries_.size())
    return check_same(entries_[what.index - 1]);
  if (const auto found = early_.find(what.index); found != early_.end())
    return check_same(found->second);
  if (newest_.revision != revision)
    return lost();
  early_.emplace(what.index, what);
  bool is_news = false;
  for (; !early_.empty() && early_.begin()->first == entries_.size() + 1; is_news = true)
    entries_.push_back(std::move(early_.extract(early_.begin()).mapped()));
  if (is_news)
    std::erase_if(entry_watches_, [](const auto& told) { return !told(); });
  return {};
}

log_service::page log_service::read(std::uint64_t from, std::size_t entries_max) const {
  page made{.first = first_, .entries = {}, .is_last = true};
  for (std::uint64_t index = std::max<std::uint64_t>(from, 1);
       index >= first_ && index <= entries_.size(); ++index) {
    if (made.entries.size() == entries_max) {
      made.is_last = false;
      break;
    }
    made.entries.push_back(entries_[index - 1]);
  }
  return made;
}

// What nodes say ---------------------------------------------------------------------------------

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
