#include <ducat/testing/sim_faults.hpp>

#include <algorithm>
#include <tuple>

namespace ducat::testing {

using namespace std::chrono_literals;

namespace {

/// How many messages it may take until a process ends.
constexpr std::uint64_t messages_until_end = 200;

constexpr duration restart_pause = 200ms;

/// Most that is lost of a thousand that go over a lossy way.
constexpr std::uint64_t loss_max = 300;

unsigned loss_of(const fault_event& what) {
  return static_cast<unsigned>(1 + what.chance % loss_max);
}

bool has_point(const std::string& name) {
  const auto all = list_fault_points();
  return std::ranges::find(all, name, &fault_point_status::name) != all.end();
}

struct supervisor_found {
  std::uint32_t restarts_max = 0;
  std::string child; ///< The first worker below it.
};

/// Returns what is to be crashed of the supervisor at `path` of the node; nothing if there is none.
std::optional<supervisor_found> find_supervisor(const sim_cluster& on, const std::string& node,
                                                const std::string& path) {
  supervisor_found found;
  bool is_there = false;
  if (!on.is_alive(node))
    return std::nullopt;
  for (const child_status& each : on.at(node).tree()) {
    if (each.path == path && each.flags) {
      is_there = true;
      found.restarts_max = each.flags->restarts_max;
    }
    if (is_there && found.child.empty() && each.what == child_status::role::worker &&
        each.path.starts_with(path + "/"))
      found.child = each.path;
  }
  return is_there && !found.child.empty() ? std::optional{found} : std::nullopt;
}

void mend_after(duration lease, sim_cluster& on, disturbance which) {
  on.after(lease, [&on, which] { on.mend(which); });
}

/// Crashes a child of the supervisor again and again, each time when it runs.
void crash_children(sim_cluster& on, const fault_event& what, const std::string& node) {
  const auto found = find_supervisor(on, node, what.child);
  if (!found)
    return;
  const std::uint32_t crashes =
      what.what == fault_action::storm ? found->restarts_max + 1 : found->restarts_max;
  for (std::uint32_t i = 0; i < crashes; ++i)
    on.after(i * 1ms, [&on, node, child = found->child] { on.crash(node, child); });
}

void strike_point(sim_cluster& on, const fault_event& what, const std::string& node) {
  mend_after(what.lease, on,
             on.arm(what.point,
                    {.kind = kind_at_point(what.what), .times = what.times, .lease = what.lease},
                    node));
}

} // namespace

void strike(sim_cluster& on, const fault_event& what) {
  const std::string node = what.node == log_writer ? on.writer() : what.node;
  if (node.empty())
    return; // Nobody has written yet.
  switch (what.what) {
  case fault_action::crash:
  case fault_action::exit:
  case fault_action::segv:
  case fault_action::hang:
    return what.point.empty() ? on.crash(node, what.child, kind_at_point(what.what), what.lease)
                              : strike_point(on, what, node);
  case fault_action::kill:
  case fault_action::power_loss: // A simulated disk loses at each kill what was not synced.
    return on.after_messages(what.chance % messages_until_end, [&on, node] {
      on.kill(node);
      on.after(restart_pause, [&on, node] { on.restart(node); });
    });
  case fault_action::pause:
    return mend_after(what.lease, on, on.stop(node));
  case fault_action::partition:
    return mend_after(what.lease, on, on.isolate(node));
  case fault_action::deaf:
    return mend_after(what.lease, on, on.cut("log", node));
  case fault_action::slow:
    return mend_after(what.lease, on, on.slow_down(10ms, 150ms));
  case fault_action::lossy:
    return mend_after(what.lease, on, on.lose(node, loss_of(what)));
  case fault_action::disk_slow:
    return mend_after(what.lease, on, on.slow_disk(node));
  case fault_action::disk_full:
    return mend_after(what.lease, on, on.fill_disk(node));
  case fault_action::disk_flip:
    return on.flip_a_bit(node);
  case fault_action::almost:
  case fault_action::storm:
    return crash_children(on, what, node);
  }
}

result<std::shared_ptr<const fault_counts>> plan_faults(sim_cluster& on,
                                                        const fault_schedule& what) {
  if (const auto good = check(what); !good)
    return tl::unexpected(good.error());
  for (const fault_rule& rule : what.rules)
    if (!rule.point.empty() && !has_point(rule.point))
      return fail(errc::not_found, "there is no fault point " + rule.point);
  auto counts = std::make_shared<fault_counts>();
  for (const fault_event& each : events_of(what, on.nodes()))
    on.after(each.at, [&on, each, counts] {
      ++(*counts)[each.what];
      strike(on, each);
    });
  return counts;
}

void heal(sim_cluster& on) {
  on.at_points({});
  for (const fault_point_status& each : list_fault_points())
    std::ignore = disarm_fault(each.name);
  on.mend_all();
  on.join_all();
  for (const std::string& each : on.nodes()) {
    on.go_on(each);
    on.restart(each);
  }
}

} // namespace ducat::testing
