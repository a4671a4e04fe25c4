#include "availability/cluster_conditions.hpp"

#include <algorithm>

namespace ducat::cli {

using cluster::member_status;

monitor::condition condition_of(const member_status& member,
                                const std::optional<monitor::condition>& before) {
  using state = member_status::state;
  constexpr monitor::condition stopped{.serving = false, .fault_present = false, .in_order = true};
  if (member.now == state::alive && member.is_linked)
    return {.serving = true};
  const bool was_stopped = before && before->in_order;
  if (member.now == state::draining || (member.now == state::gone && was_stopped))
    return stopped;
  return {.serving = false, .fault_present = true};
}

namespace {

/// Returns whether a member is silent, gone or cannot be reached from here.
bool is_missing(const member_status& member) {
  using state = member_status::state;
  return member.now == state::silent || member.now == state::gone || !member.is_linked;
}

} // namespace

monitor::condition condition_of(const std::vector<member_status>& members) {
  using state = member_status::state;
  const auto holder = std::ranges::find_if(members, &member_status::holds_log);
  const bool is_there = holder != members.end() && holder->is_linked;
  monitor::condition made{.serving = is_there && holder->now == state::alive};
  made.in_order = !made.serving && is_there && holder->now == state::draining;
  made.fault_present = std::ranges::any_of(members, is_missing) || made.has_failed();
  return made;
}

monitor::condition condition_of(const cluster::group_status& group,
                                const std::vector<member_status>& members) {
  monitor::condition made{.serving = !group.serving.empty()};
  for (const std::string& node : group.spec.nodes) {
    const auto found = std::ranges::find(members, node, &member_status::id);
    made.fault_present = made.fault_present || found == members.end() || is_missing(*found);
    const bool hands_over = node == group.granted.node && found != members.end() &&
                            found->now == member_status::state::draining;
    made.in_order = made.in_order || (!made.serving && hands_over);
  }
  made.fault_present = made.fault_present || made.has_failed();
  return made;
}

monitor::redundancy redundancy_of(const redundancy_spec& group, duration switch_over) {
  using enum ducat::redundancy_mode;
  monitor::redundancy made{.units = static_cast<std::uint32_t>(group.nodes.size())};
  if (group.mode == active_active) {
    made.mode = monitor::redundancy_mode::active_active;
    return made;
  }
  made.mode = group.mode == exclusive ? monitor::redundancy_mode::exclusive
                                      : monitor::redundancy_mode::primary_backup;
  made.standby = group.standby == ducat::standby_policy::cold ? monitor::standby_policy::cold
                                                              : monitor::standby_policy::hot;
  made.switch_over = switch_over;
  return made;
}

} // namespace ducat::cli
