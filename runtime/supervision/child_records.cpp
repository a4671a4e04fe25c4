#include "supervision/child_records.hpp"

#include <ducat/check.hpp>

#include <utility>

namespace ducat::supervision {

child_record& child_records::append(child_traits traits) {
  child_record& added = children_.emplace_back();
  added.traits = std::move(traits);
  const auto [place, is_new] = by_key_.emplace(added.traits.key, std::prev(children_.end()));
  DUCAT_CHECK(is_new);
  if (!added.traits.id.empty())
    by_id_[added.traits.id] = added.traits.key;
  return added;
}

child_record* child_records::find(child_key key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &*found->second;
}

child_record* child_records::find(const std::string& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : find(found->second);
}

child_record* child_records::find_life(life_id life) {
  const auto found = by_life_.find(life);
  return found == by_life_.end() ? nullptr : find(found->second);
}

void child_records::begin_life(child_record& child, life_id life) {
  by_life_.erase(child.life);
  child.life = life;
  by_life_[life] = child.traits.key;
}

void child_records::remove(child_key key) {
  const auto found = by_key_.find(key);
  by_id_.erase(found->second->traits.id);
  by_life_.erase(found->second->life);
  children_.erase(found->second);
  by_key_.erase(found);
}

std::deque<child_key> child_records::keys_from(child_key first) const {
  std::deque<child_key> keys;
  list::const_iterator child = children_.begin();
  if (first != 0)
    child = by_key_.at(first);
  for (; child != children_.end(); ++child)
    keys.push_back(child->traits.key);
  return keys;
}

void child_records::arrange(const std::vector<child_traits>& order) {
  auto place = children_.begin();
  for (const child_traits& traits : order) {
    const auto found = by_key_.find(traits.key);
    if (found == by_key_.end()) {
      append(traits);
      children_.splice(place, children_, std::prev(children_.end()));
      continue;
    }
    found->second->traits = traits;
    if (found->second == place)
      ++place;
    else
      children_.splice(place, children_, found->second);
  }
}

} // namespace ducat::supervision
