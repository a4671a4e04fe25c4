#include "sim/fault_menu.hpp"

#include "core/dice.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <set>

namespace ducat::sim {

using testing::child_place;
using testing::flow_fault;
using testing::point_hit;

namespace {

bool is_of_child(fault_action what) {
  using enum fault_action;
  return what == crash || what == exit || what == segv || what == hang;
}

std::vector<flow_fault> faults_between(const menu_options& options) {
  std::vector<flow_fault> made;
  for (const fault_action what : options.between) {
    DUCAT_CHECK(what != fault_action::almost);
    DUCAT_CHECK(what != fault_action::storm);
    if (is_of_child(what))
      for (const child_place& each : options.children)
        made.push_back({.what = what, .node = each.node, .child = each.path});
    else if (what == fault_action::slow) // All of the network.
      made.push_back({.what = what, .node = options.nodes.front()});
    else
      for (const std::string& node : options.nodes)
        made.push_back({.what = what, .node = node});
  }
  return made;
}

} // namespace

fault_menu::fault_menu(const testing::trial_result& run, const menu_options& options)
    : between_{faults_between(options)}, from_{options.from},
      boundaries_{run.messages > options.from ? run.messages - options.from : 0} {
  using enum fault_action;
  for (const point_hit& each : run.hits)
    for (const fault_action what : {crash, exit, segv, hang}) {
      const bool is_none =
          what == crash && std::ranges::find(options.points_that_throw, each.point) ==
                               options.points_that_throw.end();
      if (each.after >= options.from && !is_none)
        at_points_.push_back({{.what = what, .at = each.number, .point = each.point}, each.after});
    }
}

placed_fault fault_menu::at(std::uint64_t number) const {
  DUCAT_CHECK(number < size());
  const std::uint64_t count = boundaries_ * between_.size();
  if (number >= count)
    return at_points_[number - count];
  placed_fault made{between_[number % between_.size()], from_ + number / between_.size()};
  made.what.at = made.after;
  return made;
}

/// R. Floyd's sampling: as many draws as numbers.
std::vector<std::uint64_t> draw_numbers(std::uint64_t seed, std::uint64_t count,
                                        std::uint64_t end) {
  dice chance{seed};
  std::set<std::uint64_t> drawn;
  for (std::uint64_t i = end - std::min(count, end); i < end; ++i)
    if (!drawn.insert(chance.below(i + 1)).second)
      drawn.insert(i);
  return {drawn.begin(), drawn.end()};
}

} // namespace ducat::sim
