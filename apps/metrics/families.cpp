#include "metrics/families.hpp"

#include "metrics/family.hpp"
#include "metrics/measured_families.hpp"
#include "metrics/named_children.hpp"
#include "metrics/settlement_families.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

namespace ducat::metrics {

namespace {

// Supervision ------------------------------------------------------------------------------------

std::string parent_of(const std::string& path) {
  const auto end = path.rfind('/');
  return end == std::string::npos ? "" : path.substr(0, end);
}

void add_named_children(const v1::TreeReply& tree, const std::set<std::string>& named,
                        all_families& all) {
  family running = gauge("ducat_child_running", "1: the child runs; 0: it restarts or has stopped");
  family incarnation = gauge("ducat_child_incarnation", "Number of the child's life");
  family restarts = counter("ducat_child_restarts_total", "Lives of the child after its first");
  family allowed =
      gauge("ducat_supervisor_restarts_max", "Restarts that a supervisor allows within its window");
  for (const v1::Child& each : tree.children()) {
    if (!named.contains(each.path()))
      continue;
    running.add(of_truth(each.state() == "running"), {{"child", each.path()}});
    incarnation.add(of_count(each.incarnation()), {{"child", each.path()}});
    restarts.add(of_count(each.restarts()), {{"child", each.path()}});
    if (each.kind() == "supervisor")
      allowed.add(each.restarts_max(), {{"child", each.path()}});
  }
  allowed.add(tree.spec().restarts_max(), {{"child", ""}});
  std::move(running).put_to(all);
  std::move(incarnation).put_to(all);
  std::move(restarts).put_to(all);
  std::move(allowed).put_to(all);
}

/// Also those that no spec names, as one number for each supervisor and state.
void add_counts_of_children(const v1::TreeReply& tree, const std::set<std::string>& named,
                            all_families& all) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts;
  for (const v1::Child& each : tree.children())
    if (const std::string parent = parent_of(each.path()); parent.empty() || named.contains(parent))
      for (const char* state : {"running", "restarting", "stopped"})
        counts[{parent, state}] += each.state() == state ? 1 : 0;
  family children = gauge("ducat_children", "Children of a supervisor; of the root it is empty");
  for (const auto& [of, count] : counts)
    children.add(of_count(count), {{"supervisor", of.first}, {"state", of.second}});
  std::move(children).put_to(all);
}

void add_tree(const node_figures& of, all_families& all) {
  if (!of.tree)
    return;
  const auto named = named_in(of);
  add_named_children(*of.tree, named, all);
  add_counts_of_children(*of.tree, named, all);
}

// Payments and their log -------------------------------------------------------------------------

void add_doubts(const v1::StatusReply& status, all_families& all) {
  family open = gauge("ducat_attempts_in_doubt", "Attempts in doubt now, exceptions too");
  family oldest = gauge("ducat_attempts_in_doubt_oldest_seconds", "Age of the oldest of them");
  family ended = counter("ducat_attempts_in_doubt_ended_total", "Attempts in doubt no more");
  for (const v1::TimeInDoubt& each : status.time_in_doubt_by_link()) {
    open.add(of_count(each.open()), {{"link", each.link()}});
    oldest.add(of_count(each.oldest_age_ms()) * ms, {{"link", each.link()}});
    ended.add(of_count(each.ended()), {{"link", each.link()}});
  }
  std::move(open).put_to(all);
  std::move(oldest).put_to(all);
  std::move(ended).put_to(all);
  family times = histogram("ducat_attempts_in_doubt_seconds", "How long those were that ended");
  for (const v1::TimeInDoubt& each : status.time_in_doubt_by_link())
    if (each.has_ended_times())
      times.add(each.ended_times(), {{"link", each.link()}});
  std::move(times).put_to(all);
}

void add_status(const node_figures& of, all_families& all) {
  if (!of.status)
    return;
  const v1::StatusReply& status = *of.status;
  const auto put = [&](family made, double value, labels with = {}) {
    made.add(value, with);
    std::move(made).put_to(all);
  };
  put(gauge("ducat_node_info", "Always 1"), 1,
      {{"node", status.node()}, {"version", status.version()}});
  put(gauge("ducat_node_uptime_seconds", "Since the process started"),
      of_count(status.uptime_ms()) * ms);
  put(gauge("ducat_node_faults_allowed", "1: faults may be injected"),
      of_truth(status.faults_allowed()));
  put(counter("ducat_restarts_total", "Restarts of all children since the process started"),
      of_count(status.restarts()));
  put(gauge("ducat_log_index", "The newest entry"), of_count(status.log_index()));
  put(gauge("ducat_log_epoch", "Of whoever writes the log"), of_count(status.epoch()));
  put(gauge("ducat_accounts", "Accounts"), of_count(status.accounts()));
  gauge("ducat_payments", "Payments by their state")
      .put_counts(status.payments_by_state(), "state", all);
  counter("ducat_declines_total", "Payments that were declined, by why")
      .put_counts(status.declines_by_class(), "class", all);
  family balance = gauge("ducat_ledger_in_balance", "1: debits are equal to credits");
  for (const v1::LedgerTotals& each : status.totals())
    balance.add(of_truth(each.in_balance()), {{"currency", each.currency()}});
  std::move(balance).put_to(all);
  add_doubts(status, all);
  add_settlement(status.settlement(), all);
}

// Nodes and groups -------------------------------------------------------------------------------

void add_nodes(const node_figures& of, all_families& all) {
  if (!of.nodes)
    return;
  std::uint64_t newest = of.status ? of.status->log_index() : 0;
  for (const v1::ClusterNode& each : of.nodes->nodes())
    newest = std::max(newest, each.applied());
  family alive = gauge("ducat_cluster_node_alive", "1: this node sees that the other is alive");
  family linked = gauge("ducat_cluster_node_linked", "1: this node has a connection to the other");
  family writes = gauge("ducat_cluster_node_writes_log", "1: it writes the log");
  family lag = gauge("ducat_cluster_node_lag_entries", "Entries that it has not applied");
  for (const v1::ClusterNode& each : of.nodes->nodes()) {
    alive.add(of_truth(each.state() == "alive"), {{"node", each.id()}});
    linked.add(of_truth(each.linked()), {{"node", each.id()}});
    writes.add(of_truth(each.holds_log()), {{"node", each.id()}});
    lag.add(of_count(newest - std::min(newest, each.applied())), {{"node", each.id()}});
  }
  std::move(alive).put_to(all);
  std::move(linked).put_to(all);
  std::move(writes).put_to(all);
  std::move(lag).put_to(all);
}

void add_groups(const node_figures& of, all_families& all) {
  if (!of.groups)
    return;
  family serving = gauge("ducat_group_serving_nodes", "Nodes of the group whose workers are asked");
  family epoch = gauge("ducat_group_epoch", "Entry that has granted the group; 0: none");
  for (const v1::Group& each : of.groups->groups()) {
    serving.add(each.serving_size(), {{"group", each.pool()}});
    epoch.add(of_count(each.epoch()), {{"group", each.pool()}});
  }
  std::move(serving).put_to(all);
  std::move(epoch).put_to(all);
}

// Devices ----------------------------------------------------------------------------------------

void add_links(const node_figures& of, all_families& all) {
  if (!of.links)
    return;
  family open = gauge("ducat_acquirer_breaker_open", "1: nothing is sent to the acquirer");
  family up = gauge("ducat_link_signed_on", "1: the link can carry payments");
  family holds = gauge("ducat_link_holds", "1: the link carries the payments");
  family in_flight = gauge("ducat_link_in_flight", "Requests that wait for their answer");
  family answered = counter("ducat_link_answered_total", "Answers in this life of the link");
  family unknown = counter("ducat_link_unknown_total", "Requests without an answer in time");
  family p99 = gauge("ducat_link_answer_p99_seconds", "Of the last answers");
  for (const v1::AcquirerLinks& acquirer : of.links->acquirers()) {
    open.add(of_truth(acquirer.breaker() == "open"), {{"acquirer", acquirer.name()}});
    for (const v1::Link& each : acquirer.links()) {
      const labels of_link{{"acquirer", acquirer.name()}, {"link", each.name()}};
      up.add(of_truth(each.state() == "signed_on"), of_link);
      holds.add(of_truth(each.holder()), of_link);
      in_flight.add(of_count(each.in_flight()), of_link);
      answered.add(of_count(each.answered()), of_link);
      unknown.add(of_count(each.unknown()), of_link);
      if (each.has_answer_p99_us())
        p99.add(of_count(each.answer_p99_us()) * us, of_link);
    }
  }
  for (family* each : {&open, &up, &holds, &in_flight, &answered, &unknown, &p99})
    std::move(*each).put_to(all);
}

/// What the node's payments owe, and what waits for somebody.
void add_owed(const node_figures& of, all_families& all) {
  if (of.acquirers) {
    family owed = gauge("ducat_acquirer_owed", "Reversals and advices that are not acknowledged");
    family differs =
        gauge("ducat_acquirer_out_of_balance", "1: the newest reconciliation is out of balance");
    for (const v1::Acquirer& each : of.acquirers->data()) {
      const labels of_link{{"link", each.link()}, {"currency", each.currency()}};
      owed.add(of_count(each.owed()), of_link);
      differs.add(of_truth(each.state() == v1::Acquirer::OUT_OF_BALANCE), of_link);
    }
    std::move(owed).put_to(all);
    std::move(differs).put_to(all);
  }
  if (of.exceptions) {
    family waiting = gauge("ducat_exceptions", "What only somebody can decide");
    waiting.add(of.exceptions->data_size()); // No more than a page tells: enough to look.
    std::move(waiting).put_to(all);
  }
  if (of.dead_letters) {
    family letters = gauge("ducat_dead_letters", "Messages that wait for somebody to decide");
    letters.add(of.dead_letters->letters_size());
    std::move(letters).put_to(all);
    family lost = counter("ducat_dead_letters_total", "Messages that nobody will handle, by cause");
    lost.add(of_count(of.dead_letters->poison()), {{"cause", "poison"}});
    lost.add(of_count(of.dead_letters->undelivered()), {{"cause", "undelivered"}});
    std::move(lost).put_to(all);
  }
}

// Availability -----------------------------------------------------------------------------------

void add_availability(const node_figures& of, all_families& all) {
  if (!of.availability)
    return;
  const auto named = named_in(of);
  family measured = gauge("ducat_availability_ratio", "Time serving by time observed");
  family predicted = gauge("ducat_availability_predicted_ratio", "By failures and repairs");
  family tolerance =
      gauge("ducat_fault_tolerance_ratio", "Time serving with a fault by time with a fault");
  family failures = counter("ducat_failures_total", "Failures of the subject");
  for (const v1::SubjectAvailability& each : of.availability->subjects()) {
    if (each.kind() == "child" && !named.contains(each.subject()))
      continue;
    const labels of_subject{{"kind", each.kind()}, {"subject", each.subject()}};
    failures.add(of_count(each.failures()), of_subject);
    if (each.has_availability())
      measured.add(each.availability(), of_subject);
    if (each.has_predicted())
      predicted.add(each.predicted().availability(), of_subject);
    if (each.has_fault_tolerance())
      tolerance.add(each.fault_tolerance(), of_subject);
  }
  for (family* each : {&measured, &predicted, &tolerance, &failures})
    std::move(*each).put_to(all);
}

} // namespace

std::vector<prometheus::MetricFamily> families_of(const node_figures& figures) {
  all_families all;
  family ready = gauge("ducat_node_ready", "1: the node can commit payments");
  ready.add(of_truth(figures.is_ready));
  std::move(ready).put_to(all);
  add_tree(figures, all);
  if (figures.measured)
    add_measured(*figures.measured, all);
  add_status(figures, all);
  add_nodes(figures, all);
  add_groups(figures, all);
  add_links(figures, all);
  add_owed(figures, all);
  add_availability(figures, all);
  return all;
}

std::string exposition_of(const node_figures& figures) {
  std::ostringstream text;
  prometheus::TextSerializer{}.Serialize(text, families_of(figures));
  return text.str();
}

} // namespace ducat::metrics
