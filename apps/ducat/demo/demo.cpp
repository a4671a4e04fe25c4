#include "demo/demo.hpp"

#include "check/checker.hpp"
#include "client/connection.hpp"
#include "demo/cluster_demo.hpp"
#include "demo/milestones.hpp"
#include "demo/nemesis.hpp"
#include "demo/node_calls.hpp"
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

  /// A blow that misses, because what it aims at is down already, is not counted.
  result<void> take(const blow& b) {
    switch (b.what) {
    case blow::kind::child:
      counts_.crashes += crash_child(endpoint(), b.target);
      return {};
    case blow::kind::point:
      counts_.points += arm_point(endpoint(), b.target) ? 1 : 0;
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
  const auto points = fault_points_of(node.endpoint());
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
  const auto accounts = accounts_of(node.endpoint());
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
