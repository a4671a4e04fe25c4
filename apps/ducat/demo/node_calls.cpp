#include "demo/node_calls.hpp"

#include "client/connection.hpp"
#include "client/pages.hpp"
#include "client/repeat.hpp"

#include <grpcpp/client_context.h>

namespace ducat::cli {

void set_deadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{2});
}

std::uint64_t crash_child(const std::string& endpoint, const v1::CrashRequest& how) {
  grpc::ClientContext context;
  set_deadline(context);
  v1::CrashReply reply;
  const connection node{endpoint};
  return node.node().Crash(&context, how, &reply).ok() ? reply.crashed() : 0;
}

std::uint64_t crash_child(const std::string& endpoint, const std::string& path) {
  v1::CrashRequest request;
  request.set_path(path);
  return crash_child(endpoint, request);
}

bool arm_point(const std::string& endpoint, const v1::ArmFaultRequest& how) {
  grpc::ClientContext context;
  set_deadline(context);
  v1::ArmFaultReply reply;
  const connection node{endpoint};
  return node.node().ArmFault(&context, how, &reply).ok();
}

bool arm_point(const std::string& endpoint, const std::string& name) {
  v1::ArmFaultRequest request;
  request.set_name(name);
  return arm_point(endpoint, request);
}

bool disarm_point(const std::string& endpoint, const std::string& name) {
  grpc::ClientContext context;
  set_deadline(context);
  v1::DisarmFaultRequest request;
  request.set_name(name);
  v1::DisarmFaultReply reply;
  const connection node{endpoint};
  return node.node().DisarmFault(&context, request, &reply).ok();
}

result<v1::TreeReply> tree_of(const std::string& endpoint) {
  grpc::ClientContext context;
  set_deadline(context);
  v1::TreeReply reply;
  const connection node{endpoint};
  if (!node.node().Tree(&context, {}, &reply).ok())
    return fail(errc::unavailable, "the node does not show its tree");
  return reply;
}

result<v1::StatusReply> status_of(const std::string& endpoint) {
  const connection node{endpoint};
  const auto found = call({}, repetition::read, node, &v1::Node::Stub::Status, v1::StatusRequest{});
  if (!found)
    return fail(errc::unavailable, "the node does not say how it is");
  return *found;
}

result<v1::ListNodesReply> nodes_of(const std::string& endpoint) {
  grpc::ClientContext context;
  set_deadline(context);
  v1::ListNodesReply reply;
  const connection node{endpoint};
  if (!node.node().ListNodes(&context, {}, &reply).ok())
    return fail(errc::unavailable, "the node does not list the nodes");
  return reply;
}

result<std::vector<std::string>> fault_points_of(const std::string& endpoint) {
  grpc::ClientContext context;
  set_deadline(context);
  context.set_wait_for_ready(true);
  v1::ListFaultsReply reply;
  const connection node{endpoint};
  if (const auto status = node.node().ListFaults(&context, {}, &reply); !status.ok())
    return fail(errc::unavailable, "the node does not list its fault points");
  std::vector<std::string> names;
  for (const auto& point : reply.points())
    if (point.may_throw())
      names.push_back(point.name());
  return names;
}

result<v1::ListAccountsReply> accounts_of(const std::string& endpoint) {
  const connection node{endpoint};
  const auto list = fetch_pages<v1::ListAccountsRequest, v1::ListAccountsReply>(
      {.after = {}, .all = true}, [&](const v1::ListAccountsRequest& page) {
        return call({}, repetition::read, node, &v1::Accounts::Stub::ListAccounts, page);
      });
  if (!list)
    return fail(errc::unavailable, "the accounts cannot be listed");
  return *list;
}

} // namespace ducat::cli
