#include "client/operator_commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/tree_view.hpp"

#include <algorithm>
#include <ostream>

namespace ducat::cli {

namespace {

std::string seconds_of(std::uint64_t milliseconds) {
  return std::to_string(milliseconds / 1000) + "." + std::to_string(milliseconds % 1000 / 100) +
         " s";
}

std::string states_of(const v1::StatusReply& status) {
  std::vector<std::string> parts;
  for (const auto& [state, count] : status.payments_by_state())
    parts.push_back(state + " " + std::to_string(count));
  std::ranges::sort(parts);
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string balance_of(const console& io, const v1::LedgerTotals& totals) {
  return totals.in_balance() ? painted(io, colour::green, "in balance")
                             : painted(io, colour::red, "OUT OF BALANCE");
}

std::string totals_of(const console& io, const v1::LedgerTotals& totals) {
  return balance_of(io, totals) + ": debits " + totals.debits_posted() + " (" +
         totals.debits_pending() + " pending), credits " + totals.credits_posted() + " (" +
         totals.credits_pending() + " pending)";
}

std::string time_in_doubt(const console& io, const v1::TimeInDoubt& of) {
  const std::string open = of.open() == 0
                               ? "none now"
                               : painted(io, colour::red, std::to_string(of.open()) + " now") +
                                     ", the oldest for " + seconds_of(of.oldest_age_ms());
  return open + "; " + std::to_string(of.ended()) + " before: p50 " + seconds_of(of.p50_ms()) +
         ", p99 " + seconds_of(of.p99_ms()) + ", longest " + seconds_of(of.longest_ms());
}

/// Nothing if nothing ever was in doubt.
void print_time_in_doubt(const console& io, const v1::StatusReply& status) {
  for (const v1::TimeInDoubt& each : status.time_in_doubt_by_link())
    io.out << "in doubt at " << each.link() << "  " << time_in_doubt(io, each) << '\n';
  if (status.time_in_doubt_by_link_size() > 1)
    io.out << "in doubt in all  " << time_in_doubt(io, status.time_in_doubt()) << '\n';
}

void print(const console& io, const v1::StatusReply& status) {
  const std::string newest =
      std::to_string(status.log_index()) + "/" + status.log_hash().substr(0, 16);
  print_fields(io.out, {{"node", status.node()},
                        {"version", status.version()},
                        {"uptime", seconds_of(status.uptime_ms())},
                        {"log", newest + ", epoch " + std::to_string(status.epoch())},
                        {"accounts", std::to_string(status.accounts())},
                        {"payments", std::to_string(status.payments())},
                        {"by state", states_of(status)},
                        {"restarts", std::to_string(status.restarts())},
                        {"last end", status.last_end()},
                        {"faults", status.faults_allowed() ? "allowed" : "not allowed"}});
  for (const v1::LedgerTotals& totals : status.totals())
    io.out << totals.currency() << "  " << totals_of(io, totals) << '\n';
  print_time_in_doubt(io, status);
}

void print(std::ostream& out, const v1::ListFaultsReply& list) {
  table rows{{{"FAULT POINT"},
              {"ARMED WITH"},
              {"REMAINING", align::right},
              {"FIRED", align::right},
              {"MAY THROW"}}};
  for (const v1::FaultPoint& point : list.points())
    rows.add({point.name(), point.fault().empty() ? "-" : point.fault(),
              std::to_string(point.remaining()), std::to_string(point.fired()),
              point.may_throw() ? "yes" : "no"});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListNodesReply& list) {
  table rows{{{"NODE"},
              {"STATE"},
              {"LOG"},
              {"APPLIED", align::right},
              {"KEPT", align::right},
              {"PRIORITY", align::right},
              {"LINK"},
              {"API"},
              {"VERSION"}}};
  for (const v1::ClusterNode& node : list.nodes())
    rows.add({node.id(), node.state() + (node.linked() ? "" : ", no link"),
              node.holds_log() ? "writes, epoch " + std::to_string(node.epoch()) : "follows",
              std::to_string(node.applied()), std::to_string(node.kept()),
              std::to_string(node.priority()), node.link(), node.api(), node.version()});
  rows.print(out);
}

/// Returns the texts, with commas.
std::string listed(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string all;
  for (const std::string& each : texts)
    all += (all.empty() ? "" : ", ") + each;
  return all.empty() ? "-" : all;
}

void print(std::ostream& out, const v1::ListGroupsReply& list) {
  table rows{{{"GROUP"}, {"MODE"}, {"STANDBY"}, {"SERVING"}, {"GRANT"}, {"NODES"}}};
  for (const v1::Group& group : list.groups())
    rows.add(
        {group.pool(), group.redundancy().mode(),
         group.redundancy().standby() + (group.redundancy().takeover() ? ", takeover" : ""),
         listed(group.serving()),
         group.epoch() == 0 ? "-" : group.granted() + ", epoch " + std::to_string(group.epoch()),
         listed(group.redundancy().nodes())});
  rows.print(out);
}

std::string_view past_of(v1::ChangeNodeRequest::Change change) {
  switch (change) {
  case v1::ChangeNodeRequest::DRAIN:
    return "drained ";
  case v1::ChangeNodeRequest::RESUME:
    return "resumed ";
  default:
    return "removed ";
  }
}

} // namespace

exit_code list_nodes(const session& with) {
  const auto reply = call(with.limits, repetition::read, with.node, &v1::Node::Stub::ListNodes, {});
  return show(with, reply, [&](const v1::ListNodesReply& list) { print(with.io.out, list); });
}

exit_code list_groups(const session& with) {
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Node::Stub::ListGroups, {});
  return show(with, reply, [&](const v1::ListGroupsReply& list) { print(with.io.out, list); });
}

exit_code change_node(const session& with, const v1::ChangeNodeRequest& request) {
  const auto reply =
      call(with.limits, repetition::keyed, with.node, &v1::Node::Stub::ChangeNode, request);
  return show(with, reply, [&](const v1::ChangeNodeReply&) {
    with.io.out << past_of(request.change()) << request.id() << '\n';
  });
}

exit_code show_status(const session& with) {
  const auto reply = call(with.limits, repetition::read, with.node, &v1::Node::Stub::Status, {});
  return show(with, reply, [&](const v1::StatusReply& status) { print(with.io, status); });
}

exit_code show_tree(const session& with) {
  const auto reply = call(with.limits, repetition::read, with.node, &v1::Node::Stub::Tree, {});
  return show(with, reply, [&](const v1::TreeReply& tree) { print_tree(with.io, tree); });
}

exit_code crash(const session& with, const v1::CrashRequest& request) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Node::Stub::Crash, request);
  return show(with, reply, [&](const v1::CrashReply& done) {
    if (!request.link().empty()) {
      with.io.out << (done.crashed() == 0 ? "there was no connection to " : "cut off from ")
                  << request.link() << '\n';
      return;
    }
    with.io.out << "crashed " << done.crashed()
                << (done.crashed() == 1 ? " life of " : " lives of ") << request.path() << '\n';
  });
}

exit_code list_faults(const session& with) {
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Node::Stub::ListFaults, {});
  return show(with, reply, [&](const v1::ListFaultsReply& list) { print(with.io.out, list); });
}

exit_code arm_fault(const session& with, const v1::ArmFaultRequest& request) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Node::Stub::ArmFault, request);
  return show(with, reply,
              [&](const v1::ArmFaultReply&) { with.io.out << "armed " << request.name() << '\n'; });
}

exit_code disarm_fault(const session& with, const v1::DisarmFaultRequest& request) {
  const auto reply =
      call(with.limits, repetition::keyed, with.node, &v1::Node::Stub::DisarmFault, request);
  return show(with, reply, [&](const v1::DisarmFaultReply&) {
    with.io.out << "disarmed " << request.name() << '\n';
  });
}

} // namespace ducat::cli
