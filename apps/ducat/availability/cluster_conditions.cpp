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

monitor::condition condition_of(const std::vector<member_status>& members) {
  using state = member_status::state;
  const auto holder = std::ranges::find_if(members, &member_status::holds_log);
  const bool is_there = holder != members.end() && holder->is_linked;
  const bool is_missing = std::ranges::any_of(members, [](const member_status& each) {
    return each.now == state::silent || each.now == state::gone || !each.is_linked;
  });
  monitor::condition made{.serving = is_there && holder->now == state::alive};
  made.in_order = !made.serving && is_there && holder->now == state::draining;
  made.fault_present = is_missing || made.has_failed();
  return made;
}

} // namespace ducat::cli
