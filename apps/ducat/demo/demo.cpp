#include "demo/demo.hpp"

#include "check/checker.hpp"
#include "client/connection.hpp"
#include "client/pages.hpp"
#include "client/repeat.hpp"
#include "demo/balances.hpp"
#include "demo/nemesis.hpp"
#include "demo/node_process.hpp"
#include "load/generate.hpp"
#include "load/import.hpp"
#include "load/payments_file.hpp"
#include "load/progress.hpp"

#include <grpcpp/client_context.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <limits>
#include <mutex>
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

std::filesystem::path default_directory() {
  return std::filesystem::temp_directory_path() / ("ducat-demo-" + std::to_string(::getuid()));
}

/// The importer's thread tells how far it is, and waits for the blow that is due then; the main
/// thread waits until the next one is.
class milestones {
public:
  void reached(const import_summary& so_far) {
    std::unique_lock lock{mutex_};
    finished_ = so_far.finished();
    changed_.notify_one();
    changed_.wait(lock, [&] { return next_ > finished_; });
  }

  /// No more is to be waited for by the main thread.
  void end() {
    const std::lock_guard guard{mutex_};
    ended_ = true;
    changed_.notify_one();
  }

  /// Waits until `operations` are finished; returns false if the import ended before.
  bool wait_for(std::uint64_t operations) {
    std::unique_lock lock{mutex_};
    next_ = operations;
    changed_.notify_one();
    changed_.wait(lock, [&] { return ended_ || finished_ >= operations; });
    return finished_ >= operations;
  }

  /// No more is to be waited for by the importer.
  void no_more_blows() {
    const std::lock_guard guard{mutex_};
    next_ = std::numeric_limits<std::uint64_t>::max();
    changed_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t finished_ = 0;
  std::uint64_t next_ = 0; ///< After so many a blow is due.
  bool ended_ = false;
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
          return call({}, repetition::read, node.accounts(), &v1::Accounts::Stub::ListAccounts,
                      page);
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

  std::uint64_t restarts() const { return restarts_; }

  std::uint64_t process_kills() const { return kills_; }

  std::uint64_t crashes() const { return crashes_; }

  std::uint64_t points_armed() const { return armed_; }

private:
  void crash(const std::string& path) {
    grpc::ClientContext context;
    set_deadline(context);
    v1::CrashRequest request;
    request.set_path(path);
    v1::CrashReply reply;
    const connection node{endpoint()};
    if (node.node().Crash(&context, request, &reply).ok())
      crashes_ += reply.crashed();
  }

  void arm(const std::string& name) {
    grpc::ClientContext context;
    set_deadline(context);
    v1::ArmFaultRequest request;
    request.set_name(name);
    v1::ArmFaultReply reply;
    const connection node{endpoint()};
    if (node.node().ArmFault(&context, request, &reply).ok())
      ++armed_;
  }

  result<void> kill() {
    if (!process_.is_running())
      return fail(errc::unavailable, "the node ended before it was killed");
    count_restarts();
    process_.kill();
    ++kills_;
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
        restarts_ += child.restarts();
  }

  node_process_options options_;
  node_process process_;
  std::uint64_t restarts_ = 0;
  std::uint64_t kills_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t armed_ = 0;
};

result<std::uint64_t> write_payments(const demo_options& options, const places& at) {
  std::ofstream file{at.payments()};
  generate({.payments = options.payments, .accounts = 500, .merchants = 40, .seed = options.seed},
           file);
  file.close();
  if (!file)
    return fail(errc::io, "cannot write " + at.payments().string());
  std::ifstream again{at.payments()};
  return count_operations(again);
}

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

void print_findings(std::ostream& out, const verdict& found) {
  for (const finding& f : found.found.kept())
    out << "  " << f << '\n';
}

void print_books(std::ostream& out, const verdict& found) {
  for (const auto& [currency, sums] : found.sums)
    out << "debits, credits     " << decimal(sums.debits_posted) << ' '
        << (sums.are_equal() ? "= " : "!= ") << decimal(sums.credits_posted) << ' ' << currency
        << " minor units\n";
}

double per_second(const import_summary& done) {
  const double seconds = std::chrono::duration<double>(done.elapsed).count();
  return seconds > 0 ? static_cast<double>(done.acknowledged - done.replayed) / seconds : 0;
}

void print_report(std::ostream& out, const import_summary& done, const victim& node,
                  const verdict& found) {
  out << "acknowledged        " << found.acknowledged << ", of these declined " << found.declined
      << "\nlost                " << found.found.count(finding_kind::lost)
      << "\ndoubled             " << found.found.count(finding_kind::doubled)
      << "\nin doubt            " << found.in_doubt << "\nother findings      "
      << found.found.total() - found.found.count(finding_kind::lost) -
             found.found.count(finding_kind::doubled)
      << "\nprocess killed      " << node.process_kills() << " times"
      << "\nactors crashed      " << node.crashes() << " by path, " << node.points_armed()
      << " fault points armed\nrestarts            " << node.restarts() << " by supervisors\n";
  print_books(out, found);
  out << "payments per second " << static_cast<std::uint64_t>(per_second(done))
      << ", crashes included; retries " << done.retries << '\n';
  print_findings(out, found);
  out << "verdict             " << to_string(found.result) << '\n';
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
  const auto operations = write_payments(options, at);
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
  duration shown{};
  const auto done = run_under_fire(node, at, plan, [&](const import_summary& so_far) {
    if (!options.show_progress || so_far.elapsed < shown + 200ms)
      return;
    shown = so_far.elapsed;
    err << "\r\x1b[K" << progress_line(so_far) << std::flush;
  });
  if (options.show_progress)
    err << "\r\x1b[K";
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
  for (const std::string& difference :
       differing_balances({accounts->data().begin(), accounts->data().end()}, found->balances))
    found->add_finding(
        {.kind = finding_kind::unbalanced, .subject = "balances", .text = difference});
  print_report(out, *done, node, *found);
  return found;
}

} // namespace

exit_code run_demo(const demo_options& options, std::ostream& out, std::ostream& err) {
  const bool temporary = options.directory.empty();
  const places at{temporary ? default_directory() : options.directory};
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
