#include "api/figures_view.hpp"

#include <ducat/child_figures.hpp>
#include <ducat/log_probe.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace ducat::api {

namespace {

std::uint64_t ms_since(time_point then, time_point now) {
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - then).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(age, 0));
}

void add_child(const std::string& path, const std::optional<supervisor_flags>& flags,
               const child_figures& found, time_point now, v1::FiguresReply& to) {
  v1::ChildFigures& shown = *to.add_children();
  shown.set_path(path);
  if (found.began)
    shown.set_age_ms(ms_since(*found.began, now));
  if (found.waiting)
    shown.set_waiting(*found.waiting);
  if (found.kept)
    shown.set_kept(*found.kept);
  if (!flags)
    return;
  shown.set_restarts_left(restarts_left(*flags, found.restarts, now));
  shown.set_zombies(found.zombies);
}

/// `path` is that of the router.
void add_pool(const std::string& path, const router_figures& found, v1::FiguresReply& to) {
  v1::PoolFigures& shown = *to.add_pools();
  shown.set_pool(path.substr(0, path.rfind('/')));
  shown.set_in_flight(found.in_flight);
  shown.set_workers_able(static_cast<std::uint32_t>(found.workers_able));
  shown.set_breakers_open(static_cast<std::uint32_t>(found.breakers_open));
  shown.set_overloaded(found.overloaded);
  shown.set_unavailable(found.unavailable);
  shown.set_late(found.late);
}

/// Those that come and go stand behind those that are named, in their supervisor and so in the
/// list.
void add_tree(const node& node, v1::FiguresReply& to) {
  const time_point now = node.system().clock().now();
  add_child("", node.spec().flags, figures_of(node.find("")), now, to);
  std::optional<std::string> left_out; // The path in front of those.
  for (const child_status& child : node.tree()) {
    if (left_out && child.path.starts_with(*left_out))
      continue;
    const child_figures found = figures_of(node.find(child.path));
    if (!found.is_named) {
      left_out = child.path.substr(0, child.path.rfind('/') + 1);
      continue;
    }
    add_child(child.path, child.flags, found, now, to);
    if (found.router)
      add_pool(child.path, *found.router, to);
  }
}

v1::TraceFigures view_of(const trace::tracer_figures& what) {
  v1::TraceFigures view;
  view.set_spans_sent(what.sent);
  view.set_spans_dropped(what.dropped);
  view.set_spans_waiting(what.waiting);
  return view;
}

} // namespace

v1::Histogram view_of(const latency_histogram::reading& what) {
  v1::Histogram view;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < latency_histogram::bounds.size(); ++i) {
    count += what.counts[i];
    v1::Histogram::Bucket& bucket = *view.add_buckets();
    bucket.set_up_to_us(static_cast<std::uint64_t>(latency_histogram::bounds[i].count()));
    bucket.set_count(count);
  }
  view.set_count(what.count);
  const auto sum = std::chrono::duration_cast<std::chrono::microseconds>(what.sum).count();
  view.set_sum_us(static_cast<std::uint64_t>(sum));
  return view;
}

v1::FiguresReply figures_of(const node& node, const trace::tracer* traces) {
  v1::FiguresReply reply;
  add_tree(node, reply);
  const log_probe& log = probe_of_log();
  reply.set_entries_appended(log.entries.load(std::memory_order_relaxed));
  *reply.mutable_append() = view_of(log.append.read());
  *reply.mutable_sync() = view_of(log.sync.read());
  *reply.mutable_commit() = view_of(log.commit.read());
  if (traces != nullptr)
    *reply.mutable_traces() = view_of(traces->figures());
  return reply;
}

} // namespace ducat::api
