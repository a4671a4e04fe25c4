#include "demo/demo.hpp"

#include "check/checker.hpp"
#include "client/connection.hpp"
#include "client/pages.hpp"
#include "client/repeat.hpp"
#include "demo/cluster_demo.hpp"
#include "demo/milestones.hpp"
#include "demo/nemesis.hpp"
#include "demo/node_process.hpp"
#include "demo/report.hpp"
#include "load/import.hpp"
#include "load/progress.hpp"

#include <grpcpp/client_context.h>

#include <fstream>
#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

struct places {
  std::filesystem::path directory;

  std::filesystem::path data() const { return directory / "node"; }

  std::filesystem::path payments() const { return directory / "payments.jsonl"; }

  std::filesystem::path record() const { return directory / "acknowledged.jsonl"; }

  std::filesystem::path log_file() const { return directory / "node.log"; }
};

void set_deadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + 2s);
}

/// A node that is broken on purpose, and what that did.
class victim {
public:
  victim(const demo_options& options, const places& at)
      : options_{.program = options.program, .data = at.data(), .log_file = at.log_file()} {}

  /// The node of a demo that was just killed may need a moment to be gone.
  result<void> start() {
    auto address = process_.start(options_);
    for (int i = 0; i < 50 && !address && address.error().code == errc::in_use; ++i) {
      std::this_thread::sleep_for(100ms);
      address = process_.start(options_);
    }
    if (!address)
      return tl::unexpected(address.error());
    options_.grpc = *address; // The next life takes the same port.
    return {};
  }

  const std::string& endpoint() const { return options_.grpc; }

  result<std::vector<std::string>> fault_points() {
    grpc::ClientContext context;
    set_deadline(context);
    v1::ListFaultsReply reply;
    const connection node{endpoint()};
    if (const auto status = node.node().ListFaults(&context, {}, &reply); !status.ok())
      return fail(errc::unavailable, "the node does not list its fault points");
    std::vector<std::string> names;
    for (const auto& point : reply.points())
      if (point.may_throw())
        names.push_back(point.name());
    return names;
  }

  /// Returns every account as the node has it, in order of opening.
  result<v1::ListAccountsReply> accounts() {
    const connection node{endpoint()};
    const auto list = fetch_pages<v1::ListAccountsRequest, v1::ListAccountsReply>(
        {.after = {}, .all = true}, [&](const v1::ListAccountsRequest& page) {
          return call({}, repetition::read, node, &v1::Accounts::Stub::ListAccounts, page);
        });
    if (!list)
      return fail(errc::unavailable, "the node does not list its accounts");
    return *list;
  }

  /// A blow that misses, because what it aims at is down already, is not counted.
  result<void> take(const blow& b) {
    switch (b.what) {
    case blow::kind::child:
      crash(b.target);
      return {};
    case blow::kind::point:
      arm(b.target);
      return {};
    case blow::kind::process:
      return kill();
    case blow::kind::member:
      break; // There is no etcd.
    }
    return {};
  }

  /// Errors: unavailable (it had ended by itself, or did not stop in order).
  result<void> stop() {
    count_restarts();
    if (!process_.is_running() || !process_.stop())
      return fail(errc::unavailable, "the node ended by itself, or did not stop in order");
    return {};
  }

  const blow_counts& counts() const noexcept { return counts_; }

private:
  void crash(const std::string& path) {
    grpc::ClientContext context;
    set_deadline(context);
    v1::CrashRequest request;
    request.set_path(path);
    v1::CrashReply reply;
    const connection node{endpoint()};
    if (node.node().Crash(&context, request, &reply).ok())
      counts_.crashes += reply.crashed();
  }

  void arm(const std::string& name) {
    grpc::ClientContext context;
    set_deadline(context);
    v1::ArmFaultRequest request;
    request.set_name(name);
    v1::ArmFaultReply reply;
    const connection node{endpoint()};
    if (node.node().ArmFault(&context, request, &reply).ok())
      ++counts_.points;
  }

  result<void> kill() {
    if (!process_.is_running())
      return fail(errc::unavailable, "the node ended before it was killed");
    count_restarts();
    process_.kill();
    ++counts_.processes;
    return start();
  }

  /// The count is lost with the process, so it is asked for before each end; from the tree, which
  /// answers whatever is down.
  void count_restarts() {
    grpc::ClientContext context;
    set_deadline(context);
    v1::TreeReply tree;
    const connection node{endpoint()};
    if (node.node().Tree(&context, {}, &tree).ok())
      for (const v1::Child& child : tree.children())
        counts_.restarts += child.restarts();
  }

  node_process_options options_;
  node_process process_;
  blow_counts counts_;
};

/// Imports while the blows fall. Returns when both are through.
result<import_summary> run_under_fire(victim& node, const places& at, const std::vector<blow>& plan,
                                      const import_progress& show) {
  milestones way;
  result<import_summary> summary;
  std::thread importer{[&] {
    std::ifstream payments{at.payments()};
    summary = run_import({.endpoint = node.endpoint(), .record = at.record(), .progress_every = {}},
                         payments, [&](const import_summary& so_far) {
                           show(so_far);
                           way.reached(so_far);
                         });
    way.end();
  }};
  result<void> alive;
  for (auto next = plan.begin(); alive && next != plan.end() && way.wait_for(next->after); ++next)
    alive = node.take(*next);
  way.no_more_blows();
  importer.join();
  return alive ? std::move(summary) : tl::unexpected(alive.error());
}

void print_next_steps(std::ostream& out, const demo_options& options, const places& at,
                      bool removed) {
  if (removed)
    out << "Look next at docs/architecture.md; to keep the data: ducat demo --directory DIR\n";
  else
    out << "Look next: " << options.program.string() << " log dump --data " << at.data().string()
        << "\n           " << at.record().string() << ", " << at.log_file().string() << '\n';
}

/// Runs in `at.directory`, which exists. Errors: the node could not be started, or io.
result<verdict> run_in(const demo_options& options, const places& at, std::ostream& out,
                       std::ostream& err) {
  const auto operations = write_payments(options, at.payments());
  if (!operations)
    return tl::unexpected(operations.error());
  victim node{options, at};
  if (auto started = node.start(); !started)
    return tl::unexpected(started.error());
  out << "One node takes " << *operations << " operations while its actors and its process are "
      << "crashed.\n";
  const auto points = node.fault_points();
  if (!points)
    return tl::unexpected(points.error());
  const auto plan = plan_blows({.operations = *operations,
                                .seed = options.seed,
                                .process_kills = options.process_kills,
                                .points = *points});
  progress_display display{options.show_progress ? &err : nullptr};
  const auto done =
      run_under_fire(node, at, plan, [&](const import_summary& so_far) { display.show(so_far); });
  display.clear();
  if (!done)
    return tl::unexpected(done.error());
  const auto accounts = node.accounts();
  if (!accounts)
    return tl::unexpected(accounts.error());
  if (auto stopped = node.stop(); !stopped)
    return tl::unexpected(stopped.error());
  if (done->finished() != done->acknowledged)
    return fail(errc::unavailable, "not every operation was acknowledged:\n" + summary_text(*done));
  auto found = check_files(at.data(), at.record(), {});
  if (!found)
    return tl::unexpected(found.error());
  add_differences(*accounts, *found);
  print_report(out, *done, node.counts(), *found);
  return found;
}

} // namespace

exit_code run_demo(const demo_options& options, std::ostream& out, std::ostream& err) {
  if (options.nodes > 1)
    return run_cluster_demo(options, out, err);
  const bool temporary = options.directory.empty();
  const places at{temporary ? demo_directory("ducat-demo-") : options.directory};
  std::error_code code;
  std::filesystem::create_directories(at.directory, code);
  const auto found = run_in(options, at, out, err);
  if (!found) {
    err << "ducat: " << found.error() << "; see " << at.log_file().string() << '\n';
    return exit_code::unreachable;
  }
  const bool remove = temporary && found->is_green();
  if (remove)
    std::filesystem::remove_all(at.directory, code);
  print_next_steps(out, options, at, remove);
  return found->is_green() ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli
