#include "chaos/applicable.hpp"

#include "chaos/stage.hpp"

#include <ducat/fault.hpp>

#include <algorithm>

namespace ducat::cli {

namespace {

bool is_of_network(fault_action what) {
  using enum fault_action;
  return what == partition || what == deaf || what == slow;
}

bool is_of_disks(fault_action what) {
  return what == fault_action::disk_full || what == fault_action::power_loss;
}

bool is_of_processes(fault_action what) {
  return what == fault_action::kill || what == fault_action::pause;
}

bool is_only_simulated(fault_action what) {
  using enum fault_action;
  return what == lossy || what == disk_slow || what == disk_flip;
}

/// Returns why the point of a rule cannot fire; empty: it can, or there is none.
std::string wrong_point(const fault_rule& rule) {
  if (rule.point.empty())
    return {};
  const auto all = list_fault_points();
  const auto found = std::ranges::find(all, rule.point, &fault_point_status::name);
  if (found == all.end())
    return "there is no fault point " + rule.point;
  if (rule.what == fault_action::crash && found->scope == fault_scope::process)
    return rule.point + " does not throw: exit, hang or segv";
  return {};
}

bool is_in(const std::vector<std::string>& all, const std::string& name) {
  return std::ranges::find(all, name) != all.end();
}

/// Returns why a rule does not hit anything there; empty: it does.
std::string wrong_node(const fault_rule& rule, const stage_offer& on) {
  if (rule.node.empty() || rule.node == log_writer || is_in(on.nodes, rule.node))
    return {};
  const bool is_of_all = rule.node == every_part;
  if (!is_of_all && !is_in(on.members, rule.node))
    return "there is no node " + rule.node;
  if (!is_of_processes(rule.what))
    return std::string{to_string(rule.what)} + " is of a node, not of " + rule.node;
  return {};
}

std::string why_not(const fault_rule& rule, const stage_offer& on) {
  if (is_only_simulated(rule.what) && !on.is_simulated)
    return std::string{to_string(rule.what)} + " is only simulated: --stage sim";
  for (const auto& [is_meant, why] : {std::pair{is_of_network(rule.what), on.why_no_network},
                                      {is_of_disks(rule.what), on.why_no_disks}})
    if (is_meant && !why.empty())
      return std::string{to_string(rule.what)} + " cannot be carried out: " + why;
  if (std::string wrong = wrong_point(rule); !wrong.empty())
    return wrong;
  return wrong_node(rule, on);
}

} // namespace

bool needs_disks(const fault_schedule& what) {
  return std::ranges::any_of(what.rules, is_of_disks, &fault_rule::what);
}

std::vector<std::string> not_applicable(const fault_schedule& what, const stage_offer& on) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < what.rules.size(); ++i)
    if (const std::string why = why_not(what.rules[i], on); !why.empty())
      all.push_back("rule " + std::to_string(i + 1) + ": " + why);
  return all;
}

} // namespace ducat::cli
