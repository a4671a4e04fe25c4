#include "cluster/member_view.hpp"

#include "etcd/keys.hpp"

#include <algorithm>

namespace ducat::cluster {

namespace {

/// Returns what follows `prefix` in `key`; nothing if it does not begin so.
std::optional<std::string> rest_of(std::string_view key, const std::string& prefix) {
  if (!key.starts_with(prefix))
    return std::nullopt;
  return std::string{key.substr(prefix.size())};
}

} // namespace

void member_view::begin_anew() {
  for (auto& [id, node] : nodes_)
    node.is_told = node.is_kept_told = false;
}

void member_view::end_anew() {
  for (auto& [id, node] : nodes_) {
    if (!node.is_told)
      node.record.reset();
    if (!node.is_kept_told)
      node.kept = 0;
  }
}

void member_view::put(std::string_view key, const std::string& value) {
  if (key == keys_.epoch())
    return put_epoch(value);
  if (const auto id = rest_of(key, keys_.member("")))
    return put_member(*id, value);
  if (const auto id = rest_of(key, keys_.beat("")))
    return put_beat(*id, value);
  if (const auto id = rest_of(key, keys_.kept("")))
    return put_kept(*id, value);
}

void member_view::remove(std::string_view key) {
  if (const auto id = rest_of(key, keys_.member("")))
    if (const auto found = nodes_.find(*id); found != nodes_.end())
      found->second.record.reset();
  if (const auto id = rest_of(key, keys_.kept("")))
    remove_kept(*id);
}

/// Only a node that is removed for good loses it: whoever is told so forgets the node.
void member_view::remove_kept(const std::string& id) {
  const auto found = nodes_.find(id);
  if (found == nodes_.end())
    return;
  found->second.kept = 0;
  if (!found->second.record)
    forget(id);
}

void member_view::put_member(const std::string& id, const std::string& value) {
  known& node = nodes_[id];
  node.is_told = true;
  ducat::link::v1::Member record;
  if (!record.ParseFromString(value))
    return node.record.reset();
  if (!node.record)
    detector_.beat_of(id); // It has just come: it has yet to beat.
  node.record = record;
  node.last_record = std::move(record);
}

void member_view::put_beat(const std::string& id, const std::string& value) {
  ducat::link::v1::Beat beat;
  if (!beat.ParseFromString(value))
    return;
  nodes_[id].beat = std::move(beat);
  ++nodes_[id].beats_seen;
  detector_.beat_of(id);
  if (id == me_)
    ++own_beats_;
}

void member_view::put_kept(const std::string& id, const std::string& value) {
  ducat::link::v1::Kept kept;
  if (!kept.ParseFromString(value))
    return;
  nodes_[id].kept = kept.index();
  nodes_[id].is_kept_told = true;
}

void member_view::put_epoch(const std::string& value) {
  const auto record = etcd::decode_epoch(value);
  if (!record)
    return;
  const std::string& by = record->taken_by;
  holder_ = {.granted = {record->number}, .node = by.substr(0, by.rfind('/'))};
}

void member_view::set_link(const std::string& node, link_state state) {
  known& other = nodes_[node];
  other.link = state;
  if (state == link_state::refused)
    other.beats_at_refusal = other.beats_seen;
}

void member_view::forget(const std::string& node) {
  nodes_.erase(node);
  detector_.forget(node);
}

bool member_view::is_able(const std::string& id, const known& node) const {
  const bool is_reached =
      id == me_ || (node.link != link_state::refused && node.link != link_state::broken);
  return node.record && !node.record->draining() && detector_.is_beating(id) && is_reached;
}

/// A port that is closed is that of a process that has ended, unless it goes on beating: one beat
/// may have been under way.
bool member_view::has_ended(const known& node) {
  return node.link == link_state::refused && node.beats_seen < node.beats_at_refusal + 2;
}

/// A link that is lost may be only the link; a node that beats is not cut off.
bool member_view::is_cut_off(const std::string& id, const known& node) const {
  return node.link == link_state::broken && detector_.is_late(id);
}

bool member_view::has_holder_failed() const {
  if (holder_.node == me_)
    return false;
  const auto found = nodes_.find(holder_.node);
  if (found == nodes_.end() || !found->second.record)
    return true;
  const known& node = found->second;
  return node.record->draining() || has_ended(node) || is_cut_off(holder_.node, node) ||
         !detector_.is_beating(holder_.node);
}

std::optional<std::size_t> member_view::rank() const {
  std::vector<candidate> candidates;
  for (const auto& [id, node] : nodes_)
    candidates.push_back(
        {.node = id, .priority = node.last_record.priority(), .is_able = is_able(id, node)});
  return rank_of(me_, holder_.node, std::move(candidates));
}

std::map<std::string, std::string> member_view::addresses() const {
  std::map<std::string, std::string> found;
  for (const auto& [id, node] : nodes_)
    if (node.record && id != me_)
      found[id] = node.record->link();
  return found;
}

member_status member_view::status_of(const std::string& id, const known& node) const {
  using enum member_status::state;
  const auto state = [&] {
    if (!node.record)
      return gone;
    if (!detector_.is_beating(id) || has_ended(node))
      return silent;
    return node.record->draining() ? draining : alive;
  };
  const bool holds = holder_.node == id;
  return {.id = id,
          .now = state(),
          .link = node.last_record.link(),
          .api = node.last_record.api(),
          .is_linked = id == me_ || node.link == link_state::up,
          .holds_log = holds,
          .granted = holds ? holder_.granted : epoch{},
          .applied = node.beat.applied(),
          .kept = node.kept,
          .priority = node.last_record.priority(),
          .version = node.last_record.program_version()};
}

std::vector<member_status> member_view::statuses() const {
  std::vector<member_status> all;
  for (const auto& [id, node] : nodes_)
    all.push_back(status_of(id, node));
  return all;
}

} // namespace ducat::cluster
