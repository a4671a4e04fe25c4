#include "demo/cluster_demo.hpp"

#include "check/checker.hpp"
#include "demo/milestones.hpp"
#include "demo/nemesis.hpp"
#include "demo/node_calls.hpp"
#include "demo/report.hpp"
#include "load/import.hpp"
#include "load/progress.hpp"
#include "up/cluster_process.hpp"

#include <ducat/etcd_log.hpp>

#include <signal.h>

#include <fstream>
#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

/// The cluster that is broken, and what that did.
class cluster_victim {
public:
  explicit cluster_victim(cluster_process& cluster) : cluster_{cluster} {}

  /// A blow that misses, because what it aims at is down already, is not counted.
  void take(const blow& b) {
    switch (b.what) {
    case blow::kind::child:
      counts_.crashes += crash_child(cluster_.endpoint(b.node), b.target);
      return;
    case blow::kind::point:
      counts_.points += arm_point(cluster_.endpoint(b.node), b.target) ? 1 : 0;
      return;
    case blow::kind::process:
      cluster_.signal(b.node, SIGKILL);
      ++counts_.processes;
      return;
    case blow::kind::member:
      cluster_.signal(b.node, SIGKILL);
      ++counts_.members;
      return;
    }
  }

  const blow_counts& counts() const noexcept { return counts_; }

private:
  cluster_process& cluster_;
  blow_counts counts_;
};

/// What the demo works with.
struct files {
  std::filesystem::path directory;

  std::filesystem::path payments() const { return directory / "payments.jsonl"; }

  std::filesystem::path record() const { return directory / "acknowledged.jsonl"; }

  std::filesystem::path cluster() const { return directory / "cluster"; }
};

/// Imports while the blows fall. Returns when both are through.
result<import_summary> run_under_fire(const cluster_process& cluster, cluster_victim& victim,
                                      const files& at, const std::vector<blow>& plan,
                                      const import_progress& show) {
  milestones way;
  result<import_summary> summary;
  std::thread importer{[&] {
    std::ifstream in{at.payments()};
    summary =
        run_import({.endpoint = cluster.endpoints(), .record = at.record(), .progress_every = {}},
                   in, [&](const import_summary& so_far) {
                     show(so_far);
                     way.reached(so_far);
                   });
    way.end();
  }};
  for (auto next = plan.begin(); next != plan.end() && way.wait_for(next->after); ++next)
    victim.take(*next);
  way.no_more_blows();
  importer.join();
  return summary;
}

result<std::vector<blow>> plan_for(const demo_options& options, const cluster_process& cluster,
                                   std::uint64_t operations) {
  const auto points = fault_points_of(cluster.endpoint("node1"));
  if (!points)
    return tl::unexpected(points.error());
  nemesis_options plan{.operations = operations,
                       .seed = options.seed,
                       .process_kills = options.process_kills * options.nodes,
                       .member_kills = options.process_kills,
                       .points = *points};
  for (const node_place& each : cluster.layout().nodes)
    plan.nodes.push_back(each.name);
  for (const etcd_place& each : cluster.layout().members)
    plan.members.push_back(each.name);
  return plan_blows(plan);
}

/// Checks the log of the cluster, which runs, and its balances.
result<verdict> check_cluster(const cluster_process& cluster, const files& at) {
  const auto accounts = accounts_of(cluster.endpoints());
  if (!accounts)
    return tl::unexpected(accounts.error());
  const auto log = open_etcd_log(
      {{.endpoints = cluster.etcd_endpoints()}, "ducat/" + cluster.layout().cluster + "/log/"});
  if (!log)
    return tl::unexpected(log.error());
  auto found = check_log(**log, at.record(), {});
  if (found)
    add_differences(*accounts, *found);
  return found;
}

result<verdict> run_in(const demo_options& options, const files& at, std::ostream& out,
                       std::ostream& err) {
  const auto operations = write_payments(options, at.payments());
  if (!operations)
    return tl::unexpected(operations.error());
  const auto cluster = cluster_process::start(
      {.program = options.program, .directory = at.cluster(), .nodes = options.nodes});
  if (!cluster)
    return tl::unexpected(cluster.error());
  out << options.nodes << " nodes on " << (*cluster)->layout().members.size()
      << " etcd members take " << *operations
      << " operations while actors, nodes and members are killed.\n";
  const auto plan = plan_for(options, **cluster, *operations);
  if (!plan)
    return tl::unexpected(plan.error());
  cluster_victim victim{**cluster};
  progress_display display{options.show_progress ? &err : nullptr};
  const auto done = run_under_fire(**cluster, victim, at, *plan,
                                   [&](const import_summary& so_far) { display.show(so_far); });
  display.clear();
  if (!done)
    return tl::unexpected(done.error());
  if (done->finished() != done->acknowledged)
    return fail(errc::unavailable, "not every operation was acknowledged:\n" + summary_text(*done));
  auto found = check_cluster(**cluster, at);
  if (!found)
    return found;
  if (!(*cluster)->stop())
    return fail(errc::unavailable, "the cluster did not stop");
  print_report(out, *done, victim.counts(), *found);
  return found;
}

} // namespace

exit_code run_cluster_demo(const demo_options& options, std::ostream& out, std::ostream& err) {
  const bool temporary = options.directory.empty();
  const files at{temporary ? demo_directory("ducat-cluster-demo-") : options.directory};
  std::error_code code;
  std::filesystem::create_directories(at.directory, code);
  const auto found = run_in(options, at, out, err);
  if (!found) {
    err << "ducat: " << found.error() << "; see " << (at.cluster() / "logs").string() << '\n';
    return exit_code::unreachable;
  }
  if (temporary && found->is_green())
    std::filesystem::remove_all(at.directory, code);
  else
    out << "Kept in " << at.directory.string() << '\n';
  return found->is_green() ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli
