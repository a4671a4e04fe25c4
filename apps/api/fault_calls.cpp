#include "api/fault_calls.hpp"

#include "core/logger.hpp"

#include <ducat/inject.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <string>

namespace ducat::api {

/// Sent by a campaigner to itself, to look at its target again.
struct look {};

} // namespace ducat::api

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::api::look)

namespace ducat::api {

namespace {

constexpr std::uint32_t crashes_max = 1'000;
constexpr std::chrono::milliseconds poll_interval{2};

result<void> check_permitted(bool faults_allowed) {
  if (!faults_allowed)
    return fail(errc::not_permitted, "this node was started without faults allowed");
  return {};
}

result<fault_kind> kind_of(const std::string& name) {
  const auto kind = name.empty() ? fault_kind::crash : fault_kind_of(name);
  if (!kind)
    return fail(errc::invalid_argument, "a fault is throw, exit, hang or segv, not " + name);
  return *kind;
}

std::chrono::milliseconds lease_of(std::uint64_t ms) {
  const auto most = static_cast<std::uint64_t>(fault_lease_max.count()) + 1;
  return ms == 0 ? fault{}.lease : std::chrono::milliseconds{std::min(ms, most)};
}

/// Returns the fault that a request names. Errors: not_permitted, invalid_argument.
template <class Request>
result<fault> fault_of(const Request& request, bool faults_allowed) {
  if (auto permitted = check_permitted(faults_allowed); !permitted)
    return tl::unexpected(permitted.error());
  const auto kind = kind_of(request.fault());
  if (!kind)
    return tl::unexpected(kind.error());
  const fault what{
      .kind = *kind, .times = std::max(request.times(), 1u), .lease = lease_of(request.lease_ms())};
  if (what.times > crashes_max || what.lease > fault_lease_max)
    return fail(errc::invalid_argument, "a fault fires at most 1000 times, for at most 10 minutes");
  return what;
}

bool has_child(const node& node, const std::string& path) {
  const auto tree = node.tree();
  return std::ranges::find(tree, path, &child_status::path) != tree.end();
}

/// Says in the log what somebody has broken: `ducat chaos record` makes a schedule of it. `target`
/// is "point", "child" or "link".
void note_order(const char* target, const std::string& name, fault_kind kind, std::uint32_t times,
                std::chrono::milliseconds lease) {
  named_logger("fault")->warn("fault_ordered fault={} {}={} times={} lease_ms={}", to_string(kind),
                              target, name, times, lease.count());
}

/// One order on its way.
struct campaign {
  crash_order order;
  time_point deadline;
  answer_once<v1::CrashReply> answer;
  std::uint32_t hit = 0;
  std::uint64_t newest = 0; ///< The last life that was hit.

  /// Of a hang nobody waits for the end.
  bool is_over() const {
    const bool has_fallen = order.kind == fault_kind::hang || order.child.incarnation() != newest;
    return (hit == order.times && has_fallen) || std::chrono::steady_clock::now() >= deadline;
  }

  void finish() const {
    v1::CrashReply reply;
    reply.set_crashed(hit);
    answer(std::move(reply));
  }
};

/// Hits the child if it runs a life that was not hit yet.
void advance(campaign& c) {
  const std::uint64_t life = c.order.child.incarnation();
  const bool is_due = c.hit < c.order.times && life != 0 && life != c.newest;
  if (is_due && inject(c.order.child, c.order.kind, c.order.lease)) {
    c.newest = life;
    ++c.hit;
  }
}

caf::behavior campaigner(caf::event_based_actor* self, campaign c) {
  self->send(self, look{});
  return {[self, c = std::move(c)](look) mutable {
    advance(c);
    if (!c.is_over()) {
      self->delayed_send(self, poll_interval, look{});
      return;
    }
    c.finish();
    self->quit();
  }};
}

} // namespace

result<crash_order> crash_order_of(const v1::CrashRequest& request, const node& node,
                                   bool faults_allowed) {
  const auto what = fault_of(request, faults_allowed);
  if (!what)
    return tl::unexpected(what.error());
  if (!has_child(node, request.path()))
    return fail(errc::not_found, "there is no child " + request.path());
  note_order("child", request.path(), what->kind, what->times, what->lease);
  return crash_order{node.find(request.path()), what->kind, what->times, what->lease};
}

void crash(caf::actor_system& system, const crash_order& order, time_point deadline,
           const answer_once<v1::CrashReply>& answer) {
  constexpr std::chrono::milliseconds margin{200}; // To answer with the count before the deadline.
  system.spawn(campaigner,
               campaign{.order = order, .deadline = deadline - margin, .answer = answer});
  leave_actor_system();
}

result<v1::CrashReply> cut_link(const v1::CrashRequest& request, cluster::member* member,
                                bool faults_allowed) {
  const auto what = fault_of(request, faults_allowed);
  if (!what)
    return tl::unexpected(what.error());
  const bool stays = what->kind == fault_kind::hang;
  if ((what->kind != fault_kind::crash && !stays) || what->times > 1 || !request.path().empty())
    return fail(errc::invalid_argument, "a link has no path, and ends by throw or hang, once");
  if (member == nullptr)
    return fail(errc::not_found, "this node has no links to others");
  const auto cut = member->cut_link(request.link(), stays ? what->lease : duration::zero());
  if (!cut)
    return tl::unexpected(cut.error());
  note_order("link", request.link(), what->kind, what->times, what->lease);
  v1::CrashReply reply;
  reply.set_crashed(*cut ? 1 : 0);
  return reply;
}

v1::ListFaultsReply list_faults() {
  v1::ListFaultsReply reply;
  for (const fault_point_status& point : list_fault_points()) {
    v1::FaultPoint& row = *reply.add_points();
    row.set_name(std::string{point.name});
    row.set_fault(point.remaining == 0 ? "" : std::string{to_string(point.kind)});
    row.set_remaining(point.remaining);
    row.set_fired(point.fired);
    row.set_may_throw(point.scope == fault_scope::actor);
  }
  return reply;
}

result<v1::ArmFaultReply> arm(const v1::ArmFaultRequest& request, bool faults_allowed) {
  const auto what = fault_of(request, faults_allowed);
  if (!what)
    return tl::unexpected(what.error());
  return arm_fault(request.name(), *what).map([&] {
    note_order("point", request.name(), what->kind, what->times, what->lease);
    return v1::ArmFaultReply{};
  });
}

result<v1::DisarmFaultReply> disarm(const v1::DisarmFaultRequest& request, bool faults_allowed) {
  if (auto permitted = check_permitted(faults_allowed); !permitted)
    return tl::unexpected(permitted.error());
  return disarm_fault(request.name()).map([] { return v1::DisarmFaultReply{}; });
}

} // namespace ducat::api
