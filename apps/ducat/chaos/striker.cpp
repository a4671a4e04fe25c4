#include "chaos/striker.hpp"

#include "demo/node_calls.hpp"

#include <signal.h>

#include <algorithm>
#include <optional>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr duration reach_limit = 10s; ///< Until a node that is being started answers.
constexpr duration reach_again = 50ms;

std::string fault_name(fault_action what) {
  return std::string{to_string(what)}; // Of a crash "throw", as the node has it.
}

v1::CrashRequest crash_of(const fault_event& what, const std::string& child, std::uint32_t times) {
  v1::CrashRequest request;
  request.set_path(child);
  request.set_fault(fault_name(what.what));
  request.set_times(times);
  request.set_lease_ms(static_cast<std::uint64_t>(what.lease.count()));
  return request;
}

bool arm(const std::string& endpoint, const fault_event& what) {
  v1::ArmFaultRequest request;
  request.set_name(what.point);
  request.set_fault(fault_name(what.what));
  request.set_times(what.times);
  request.set_lease_ms(static_cast<std::uint64_t>(what.lease.count()));
  return arm_point(endpoint, request);
}

/// A process that ends may do so before it answers.
bool ends_process(fault_action what) {
  return what == fault_action::exit || what == fault_action::segv;
}

/// It is over as soon as it has struck: the stage begins anew.
bool has_no_end(fault_action what) {
  return what == fault_action::kill || what == fault_action::power_loss;
}

/// Asks a node that is there. One that refuses is there afterwards, one that was ended is not.
bool crash_or_arm(const std::string& endpoint, const fault_event& what) {
  const bool has_answered = what.point.empty()
                                ? crash_child(endpoint, crash_of(what, what.child, what.times)) > 0
                                : arm(endpoint, what);
  return has_answered || (ends_process(what.what) && !tree_of(endpoint));
}

/// Returns the first worker below a supervisor, and how many restarts that allows.
std::optional<std::pair<std::string, std::uint32_t>> worker_below(const std::string& endpoint,
                                                                  const std::string& path) {
  const auto tree = tree_of(endpoint);
  std::optional<std::uint32_t> restarts_max;
  if (tree)
    for (const v1::Child& each : tree->children()) {
      if (each.path() == path && !each.strategy().empty())
        restarts_max = each.restarts_max();
      else if (restarts_max && each.kind() == "worker" && each.path().starts_with(path + "/"))
        return std::pair{each.path(), *restarts_max};
    }
  return std::nullopt;
}

/// Crashes a child of a supervisor as often as it bears, or once more.
bool crash_children(const std::string& endpoint, fault_event what) {
  const auto found = worker_below(endpoint, what.child);
  if (!found)
    return false;
  const auto& [worker, restarts_max] = *found;
  const std::uint32_t crashes = restarts_max + (what.what == fault_action::storm ? 1 : 0);
  what.what = fault_action::crash;
  return crash_child(endpoint, crash_of(what, worker, crashes)) > 0;
}

} // namespace

striker::~striker() {
  heal();
}

void striker::strike(const fault_event& what) {
  std::size_t number = 0;
  {
    const std::lock_guard lock{guard_};
    number = struck_.size();
    struck_.push_back({.at = what.at,
                       .action = fault_name(what.what),
                       .point = what.point,
                       .child = what.child,
                       .planned = what.node,
                       .times = what.times,
                       .lease = what.lease});
  }
  hands_.emplace_back([this, what, number] { carry_out(what, number); });
}

void striker::heal() {
  {
    const std::lock_guard lock{guard_};
    is_over_ = true;
    changed_.notify_all();
  }
  for (std::thread& each : hands_)
    each.join();
  hands_.clear();
}

std::vector<struck_fault> striker::struck() const {
  const std::lock_guard lock{guard_};
  return struck_;
}

void striker::carry_out(const fault_event& what, std::size_t number) {
  std::vector<std::string> targets = targets_of(what.node);
  const milliseconds begun = now();
  std::erase_if(targets, [&](const std::string& each) { return !hit(what, each); });
  if (!targets.empty() && !has_no_end(what.what)) {
    (void)is_over_within(what.lease);
    for (const std::string& each : targets)
      mend(what, each);
  }
  const std::lock_guard lock{guard_};
  struck_[number].targets = targets;
  struck_[number].begun_at = begun;
  struck_[number].ended_at = now();
}

std::vector<std::string> striker::targets_of(const std::string& node) const {
  if (node == every_part) {
    std::vector<std::string> all = on_.nodes();
    for (const std::string& member : on_.members())
      all.push_back(member);
    return all;
  }
  if (node != log_writer)
    return {node};
  const std::string writer = writer_of(on_);
  return writer.empty() ? std::vector<std::string>{} : std::vector{writer};
}

bool striker::hit(const fault_event& what, const std::string& part) const {
  using enum fault_action;
  switch (what.what) {
  case kill:
    on_.signal(part, SIGKILL);
    return true;
  case pause:
    on_.signal(part, SIGSTOP);
    return true;
  case partition:
  case deaf:
  case slow:
    return on_.break_network(part, what.what).has_value();
  case crash:
  case exit:
  case segv:
  case hang:
    return is_reached(part) && crash_or_arm(on_.endpoint(part), what);
  case almost:
  case storm:
    return is_reached(part) && crash_children(on_.endpoint(part), what);
  case power_loss:
    return on_.lose_power(part).has_value();
  case disk_full:
    return on_.fill_disk(part).has_value();
  case lossy:
  case disk_slow:
  case disk_flip:
    break; // Only simulated: not_applicable() says so.
  }
  return false;
}

bool striker::is_reached(const std::string& node) const {
  const auto end = std::chrono::steady_clock::now() + reach_limit;
  while (!tree_of(on_.endpoint(node)))
    if (std::chrono::steady_clock::now() >= end || is_over_within(reach_again))
      return false;
  return true;
}

void striker::mend(const fault_event& what, const std::string& part) const {
  using enum fault_action;
  if (what.what == pause)
    on_.signal(part, SIGCONT);
  else if (what.what == partition || what.what == deaf || what.what == slow)
    on_.mend_network(part);
  else if (what.what == disk_full)
    on_.empty_disk(part);
  else if (!what.point.empty())
    (void)disarm_point(on_.endpoint(part), what.point); // A dead node has forgotten it.
}

bool striker::is_over_within(duration time) const {
  std::unique_lock lock{guard_};
  return changed_.wait_for(lock, time, [this] { return is_over_; });
}

milliseconds striker::now() const {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - origin_);
}

} // namespace ducat::cli
