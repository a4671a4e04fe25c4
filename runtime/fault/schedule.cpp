#include "core/dice.hpp"

#include <ducat/check.hpp>
#include <ducat/fault.hpp>
#include <ducat/fault_schedule.hpp>

#include <algorithm>
#include <ostream>
#include <set>

namespace ducat {

using std::chrono::milliseconds;

namespace {

bool is_of_process(fault_action what) {
  using enum fault_action;
  static const std::set all{kill,  pause,     partition, deaf,      slow,
                            lossy, disk_slow, disk_full, disk_flip, power_loss};
  return all.contains(what);
}

bool is_of_supervisor(fault_action what) {
  return what == fault_action::almost || what == fault_action::storm;
}

/// Returns what is wrong with the target of a rule; empty if nothing.
std::string wrong_target(const fault_rule& rule) {
  const std::string name{to_string(rule.what)};
  if (is_of_process(rule.what))
    return rule.point.empty() && rule.child.empty() ? ""
                                                    : name + " has no fault point and no child";
  if (is_of_supervisor(rule.what))
    return rule.point.empty() && !rule.child.empty() ? "" : name + " needs a supervisor as child";
  return rule.point.empty() != rule.child.empty() ? ""
                                                  : name + " needs either a fault point or a child";
}

milliseconds end_of(const fault_rule& rule, milliseconds length) {
  return rule.until == milliseconds{} ? length : rule.until;
}

/// Returns what is wrong with the times of a rule; empty if nothing.
std::string wrong_times(const fault_rule& rule, milliseconds length) {
  if (rule.at.empty() == (rule.every == milliseconds{}))
    return "it needs either times or an interval";
  for (const milliseconds at : rule.at)
    if (at < milliseconds{} || at >= length)
      return "a time is not within the schedule";
  if (rule.every < milliseconds{} || rule.jitter < milliseconds{} || rule.from < milliseconds{} ||
      end_of(rule, length) > length ||
      (rule.every != milliseconds{} && rule.from >= end_of(rule, length)))
    return "its interval is not within the schedule";
  return {};
}

std::string wrong_in(const fault_rule& rule, milliseconds length) {
  if (auto wrong = wrong_target(rule); !wrong.empty())
    return wrong;
  if (auto wrong = wrong_times(rule, length); !wrong.empty())
    return wrong;
  if (rule.times == 0)
    return "a fault fires at least once";
  if (rule.lease <= milliseconds{} || rule.lease > fault_lease_max)
    return "a lease is 1 ms to 10 minutes";
  return {};
}

std::size_t count_of(const fault_rule& rule, milliseconds length) {
  if (rule.every == milliseconds{})
    return rule.at.size();
  return static_cast<std::size_t>((end_of(rule, length) - rule.from) / rule.every) + 1;
}

/// The times of a rule, in order but for their jitter.
std::vector<milliseconds> times_of(const fault_rule& rule, milliseconds length, dice& chance) {
  std::vector<milliseconds> times = rule.at;
  if (rule.every != milliseconds{})
    for (milliseconds at = rule.from; at < end_of(rule, length); at += rule.every)
      times.push_back(at);
  for (milliseconds& each : times)
    each += std::chrono::duration_cast<milliseconds>(chance.between({}, rule.jitter));
  std::erase_if(times, [&](milliseconds each) { return each >= length; });
  return times;
}

} // namespace

std::string_view to_string(fault_action value) noexcept {
  switch (value) {
  case fault_action::crash:
    return "throw";
  case fault_action::exit:
    return "exit";
  case fault_action::segv:
    return "segv";
  case fault_action::hang:
    return "hang";
  case fault_action::kill:
    return "kill";
  case fault_action::pause:
    return "pause";
  case fault_action::partition:
    return "partition";
  case fault_action::deaf:
    return "deaf";
  case fault_action::slow:
    return "slow";
  case fault_action::almost:
    return "almost";
  case fault_action::storm:
    return "storm";
  case fault_action::lossy:
    return "lossy";
  case fault_action::disk_slow:
    return "disk_slow";
  case fault_action::disk_full:
    return "disk_full";
  case fault_action::disk_flip:
    return "disk_flip";
  case fault_action::power_loss:
    return "power_loss";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, fault_action value) {
  return out << to_string(value);
}

fault_kind kind_at_point(fault_action what) noexcept {
  switch (what) {
  case fault_action::exit:
    return fault_kind::exit;
  case fault_action::segv:
    return fault_kind::segv;
  case fault_action::hang:
    return fault_kind::hang;
  default:
    return fault_kind::crash;
  }
}

const std::vector<fault_action>& all_fault_actions() noexcept {
  using enum fault_action;
  static const std::vector all{crash,     exit,      segv,      hang,      kill,  pause,
                               partition, deaf,      slow,      almost,    storm, lossy,
                               disk_slow, disk_full, disk_flip, power_loss};
  return all;
}

std::ostream& operator<<(std::ostream& out, const fault_event& what) {
  out << what.at.count() << " ms " << what.what;
  if (!what.point.empty())
    out << " at " << what.point;
  if (!what.child.empty())
    out << " of " << what.child;
  return out << " on " << what.node;
}

result<void> check(const fault_schedule& what) {
  if (what.length <= milliseconds{} || what.length > fault_schedule_max)
    return fail(errc::invalid_argument, "a schedule is 1 ms to a day long");
  if (what.rules.size() > fault_rules_max)
    return fail(errc::invalid_argument,
                "a schedule has at most " + std::to_string(fault_rules_max) + " rules");
  std::size_t events = 0;
  for (std::size_t i = 0; i < what.rules.size(); ++i) {
    if (const std::string wrong = wrong_in(what.rules[i], what.length); !wrong.empty())
      return fail(errc::invalid_argument, "rule " + std::to_string(i + 1) + ": " + wrong);
    events += count_of(what.rules[i], what.length);
  }
  if (events > fault_events_max)
    return fail(errc::invalid_argument,
                "a schedule has at most " + std::to_string(fault_events_max) + " events");
  return {};
}

std::vector<fault_event> events_of(const fault_schedule& what,
                                   const std::vector<std::string>& nodes) {
  DUCAT_CHECK(!nodes.empty());
  dice chance{what.seed};
  std::vector<fault_event> events;
  for (const fault_rule& rule : what.rules)
    for (const milliseconds at : times_of(rule, what.length, chance)) {
      const std::string& drawn = nodes[chance.below(nodes.size())];
      events.push_back({.at = at,
                        .what = rule.what,
                        .node = rule.node.empty() ? drawn : rule.node,
                        .point = rule.point,
                        .child = rule.child,
                        .times = rule.times,
                        .lease = rule.lease,
                        .chance = chance.below(std::uint64_t{1} << 32)});
    }
  std::ranges::stable_sort(events, {}, &fault_event::at);
  return events;
}

} // namespace ducat
