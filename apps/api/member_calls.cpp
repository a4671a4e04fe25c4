#include "api/member_calls.hpp"

#include "api/spec_view.hpp"

#include <optional>

namespace ducat::api {

namespace {

v1::ClusterNode view_of(const cluster::member_status& status) {
  v1::ClusterNode view;
  view.set_id(status.id);
  view.set_state(std::string{to_string(status.now)});
  view.set_holds_log(status.holds_log);
  view.set_epoch(status.granted.value);
  view.set_linked(status.is_linked);
  view.set_applied(status.applied);
  view.set_kept(status.kept);
  view.set_priority(status.priority);
  view.set_link(status.link);
  view.set_api(status.api);
  view.set_version(status.version);
  return view;
}

std::optional<cluster::member_change> change_in(const v1::ChangeNodeRequest& request) {
  switch (request.change()) {
  case v1::ChangeNodeRequest::DRAIN:
    return cluster::member_change::drain;
  case v1::ChangeNodeRequest::RESUME:
    return cluster::member_change::resume;
  case v1::ChangeNodeRequest::REMOVE:
    return cluster::member_change::remove;
  default:
    return std::nullopt;
  }
}

} // namespace

v1::ListNodesReply list_nodes(const node& local, const cluster::member* member) {
  v1::ListNodesReply reply;
  if (member == nullptr) {
    *reply.add_nodes() = view_of({.id = local.id(),
                                  .now = cluster::member_status::state::alive,
                                  .is_linked = true,
                                  .holds_log = true,
                                  .version = DUCAT_VERSION});
    return reply;
  }
  for (const cluster::member_status& each : member->members())
    *reply.add_nodes() = view_of(each);
  return reply;
}

v1::ListGroupsReply list_groups(const cluster::member* member) {
  v1::ListGroupsReply reply;
  if (member == nullptr)
    return reply;
  for (const cluster::group_status& each : member->groups()) {
    v1::Group& group = *reply.add_groups();
    group.set_pool(each.pool);
    *group.mutable_redundancy() = view_of(each.spec);
    group.set_granted(each.granted.node);
    group.set_epoch(each.granted.epoch);
    for (const std::string& node : each.serving)
      group.add_serving(node);
  }
  return reply;
}

void change_node(cluster::member* member, const v1::ChangeNodeRequest& request, time_point deadline,
                 const answer_once<v1::ChangeNodeReply>& answer) {
  const auto change = change_in(request);
  if (member == nullptr || !change)
    return answer(tl::unexpected(error_of(
        {errc::invalid_argument, member == nullptr ? "this node is alone" : "no such change"})));
  member->change(request.id(), *change, deadline, [answer](const result<void>& done) {
    if (!done)
      return answer(tl::unexpected(error_of(done.error())));
    answer(v1::ChangeNodeReply{});
  });
}

} // namespace ducat::api
