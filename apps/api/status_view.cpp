#include "api/status_view.hpp"

#include "api/spec_view.hpp"

#include <algorithm>
#include <chrono>

namespace ducat::api {

namespace {

const auto process_start = std::chrono::steady_clock::now();

std::uint64_t uptime_ms() {
  const auto up = std::chrono::steady_clock::now() - process_start;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(up).count());
}

v1::Child view(const child_status& child) {
  v1::Child out;
  out.set_path(child.path);
  out.set_kind(std::string{to_string(child.what)});
  out.set_state(std::string{to_string(child.now)});
  out.set_incarnation(child.incarnation);
  out.set_restarts(child.restarts);
  out.set_restart_type(std::string{to_string(child.restart)});
  if (child.flags) {
    out.set_strategy(std::string{to_string(child.flags->strategy)});
    out.set_restarts_max(child.flags->restarts_max);
    out.set_window_ms(static_cast<std::uint64_t>(child.flags->window.count()));
  }
  if (child.restarts != 0)
    out.set_last_exit(to_string(child.last_exit));
  return out;
}

/// The log's clock is set by the wall clock.
std::uint64_t age_ms(std::uint64_t at_ns) {
  const auto now = static_cast<std::uint64_t>(
      std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count());
  constexpr std::uint64_t nanoseconds_per_millisecond = 1'000'000;
  return (now - std::min(now, at_ns)) / nanoseconds_per_millisecond;
}

void set_age(v1::TimeInDoubt& shown) {
  if (shown.oldest_at_ns() != 0)
    shown.set_oldest_age_ms(age_ms(shown.oldest_at_ns()));
}

void set_age(v1::SettlementFigures& shown) {
  if (shown.oldest_open_window_at_ns() != 0)
    shown.set_oldest_open_window_age_ms(age_ms(shown.oldest_open_window_at_ns()));
}

} // namespace

v1::StatusReply status_of(const node& node, v1::StatusReply summary, const log_position& newest,
                          bool faults_allowed) {
  summary.set_node(node.id());
  summary.set_version(DUCAT_VERSION);
  summary.set_uptime_ms(uptime_ms());
  summary.set_log_index(newest.receipt.index);
  summary.set_log_hash(to_hex(newest.receipt.hash));
  summary.set_epoch(newest.writer.value);
  std::uint64_t restarts = 0;
  for (const child_status& child : node.tree())
    restarts += child.restarts;
  summary.set_restarts(restarts);
  summary.set_faults_allowed(faults_allowed);
  summary.set_last_end(node.last_end());
  set_age(*summary.mutable_time_in_doubt());
  for (v1::TimeInDoubt& each : *summary.mutable_time_in_doubt_by_link())
    set_age(each);
  set_age(*summary.mutable_settlement());
  return summary;
}

v1::TreeReply tree_of(const node& node) {
  v1::TreeReply reply;
  for (const child_status& child : node.tree())
    *reply.add_children() = view(child);
  *reply.mutable_spec() = view_of(node.spec());
  return reply;
}

} // namespace ducat::api
