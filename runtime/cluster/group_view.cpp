#include "cluster/group_view.hpp"

#include <algorithm>

namespace ducat::cluster {

namespace {

void find_groups(const supervisor_spec& tree, const std::string& above,
                 std::vector<group_place>& found) {
  for (const child_spec& child : tree.children) {
    const std::string path = above.empty() ? child.id : above + "/" + child.id;
    if (child.pool && child.pool->redundancy)
      found.push_back({.path = path, .pool = *child.pool});
    if (child.supervisor)
      find_groups(*child.supervisor, path, found);
  }
}

} // namespace

std::vector<group_place> groups_in(const supervisor_spec& tree) {
  std::vector<group_place> found;
  find_groups(tree, "", found);
  return found;
}

const member_status* surroundings::find(const std::string& node) const {
  const auto found = std::ranges::find(members, node, &member_status::id);
  return found == members.end() ? nullptr : &*found;
}

bool surroundings::is_able(const std::string& node) const {
  const member_status* const seen = find(node);
  return seen != nullptr && seen->now == member_status::state::alive && seen->is_linked;
}

/// Returns the place in the order of the nodes; the last one for a node that is not in it.
std::size_t group_view::preference_of(const std::string& node) const {
  return static_cast<std::size_t>(std::ranges::find(spec_.nodes, node) - spec_.nodes.begin());
}

bool group_view::serves(const std::string& node, const grant& newest,
                        const surroundings& now) const {
  if (spec_.mode == redundancy_mode::active_active)
    return now.is_able(node);
  if (newest.node != node)
    return false;
  if (node != now.me)
    return now.is_able(node);
  return now.is_heard || spec_.mode != redundancy_mode::exclusive;
}

std::optional<std::size_t> group_view::rank_of_me(const grant& newest,
                                                  const surroundings& seen) const {
  std::vector<candidate> candidates;
  for (const std::string& node : spec_.nodes)
    candidates.push_back({.node = node,
                          .priority = static_cast<std::uint32_t>(preference_of(node)),
                          .is_able = seen.is_able(node)});
  return rank_of(seen.me, newest.node, std::move(candidates));
}

std::optional<take_grant> group_view::wanted(const grant& newest, const surroundings& seen,
                                             time_point now) {
  if (spec_.mode == redundancy_mode::active_active || !seen.is_heard)
    return std::nullopt;
  const member_status* const holder = seen.find(newest.node);
  const bool has_failed = holder == nullptr || holder->now != member_status::state::alive ||
                          preference_of(newest.node) == spec_.nodes.size(); // No node of the group.
  const auto rank = rank_of_me(newest, seen);
  const bool is_preferred = spec_.takeover && rank == std::size_t{0} &&
                            preference_of(seen.me) < preference_of(newest.node);
  if (!succession_.is_my_turn(newest.epoch, has_failed || is_preferred, rank, now))
    return std::nullopt;
  return take_grant{.group = path_, .node = seen.me, .after = newest.epoch};
}

} // namespace ducat::cluster
