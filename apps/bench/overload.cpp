/// What a node does when it is offered more payments than it can make: `ducat node` in a process of
/// its own, and clients in this one, on a core of their own, that first find its best goodput, then
/// offer 1, 2, 5 and 10 times as many, and then half of it again. What is best is looked for once
/// more before each: the machine itself may be faster now, and slower then. Prints ratios and
/// judges nothing. Ends in bounded time whatever happens: every call has a deadline, and an alarm
/// is set.

#include "bench/work_directory.hpp"
#include "client/repeat.hpp"
#include "demo/node_process.hpp"
#include "overload_beside.hpp"
#include "overload_clients.hpp"
#include "overload_report.hpp"

#include <CLI/CLI.hpp>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <thread>

using namespace ducat;
using namespace ducat::bench;

namespace {

struct arguments {
  std::string program = DUCAT_PROGRAM;
  std::string directory;
  double seconds = 5;
  double probe_seconds = 5; // As each rate: what is best for a moment cannot be kept up.
  double normal_seconds_max = 15;
  double deadline_s = 5;
  std::uint32_t clients_max = 512;
  std::uint32_t connections = 900; // Of the 1,000 that a node takes.
  std::uint32_t at_a_time = 512;
  std::uint32_t beside_per_second = 10;
  bool json = false;
};

constexpr double rates[] = {1, 2, 5, 10};
constexpr double usual_rate = 0.5; ///< What is offered before and after.
constexpr double window_s = 0.5;   ///< In which it is looked whether all is as before.

steady::duration time_of(double seconds) {
  return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>{seconds});
}

/// Returns how many times clients are doubled, at most.
double probes_of(const arguments& given) {
  return 1 + std::ceil(std::log2(given.clients_max));
}

/// Without what is waited for after it.
double seconds_of_run(const arguments& given) {
  const double cases = 1 + std::size(rates);
  return (probes_of(given) + cases) * given.probe_seconds + cases * given.seconds +
         given.normal_seconds_max;
}

/// The longest that the whole may take.
unsigned seconds_max_of(const arguments& given) {
  constexpr double around = 120; // The start and the end of the node, and what is prepared.
  const double waits = probes_of(given) + 3 + 2 * std::size(rates);
  return static_cast<unsigned>(seconds_of_run(given) + waits * (given.deadline_s + 5) + around);
}

/// Puts this thread, and what it starts from now on, on the cores from `first` to before `end`.
void stay_on_cores(unsigned first, unsigned end) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (unsigned core = first; core < end; ++core)
    CPU_SET(core, &cores);
  (void)::sched_setaffinity(0, sizeof cores, &cores); // If it may not, they share all.
}

/// Starts the node on all cores but the last one, which stays to the clients.
result<std::string> start_node(const arguments& given, const std::filesystem::path& directory,
                               unsigned cores, cli::node_process& node) {
  std::ofstream file{directory / "node.toml"};
  file << "[payments]\nat_a_time = " << given.at_a_time << "\n[log]\nlevel = \"error\"\n";
  file.close();
  if (!file)
    return fail(errc::io, "the node's configuration cannot be written");
  if (cores > 1)
    stay_on_cores(0, cores - 1);
  auto started = node.start({.program = given.program,
                             .data = directory / "node",
                             .log_file = directory / "node.log",
                             .more = {"--config", directory / "node.toml"}});
  if (cores > 1)
    stay_on_cores(cores - 1, cores);
  return started;
}

result<void> open_two_accounts(const std::string& endpoint) {
  const cli::connection node{endpoint};
  for (const char* id : {"world", "shop"}) {
    v1::CreateAccountRequest request;
    request.set_id(id);
    request.set_currency("EUR");
    request.set_overdraft(true);
    if (!cli::call({}, cli::repetition::keyed, node, &v1::Accounts::Stub::CreateAccount, request))
      return fail(errc::unavailable, "an account cannot be opened");
  }
  return {};
}

/// Returns how many are accepted in a second.
double goodput_of(std::uint32_t count, const arguments& given, overload_clients& clients) {
  const auto counts = clients.pay_in_turns(count, time_of(given.probe_seconds));
  const double per_second = static_cast<double>(counts.accepted.count()) / given.probe_seconds;
  std::cerr << count << " clients: " << per_second << "/s\n";
  return per_second;
}

/// Doubles the clients, to the end: one that is slow for a moment is not taken for the best.
std::uint32_t find_best(const arguments& given, overload_clients& clients) {
  double most = 0;
  std::uint32_t best = 1;
  for (std::uint32_t count = 1; count <= given.clients_max; count *= 2)
    if (const double per_second = goodput_of(count, given, clients); per_second > most) {
      most = per_second;
      best = count;
    }
  return best;
}

/// A case whose payments need not have ended.
struct begun_case {
  std::string name;
  double best_per_second = 0;
  std::shared_ptr<payment_tally> payments = std::make_shared<payment_tally>();
  beside_counts beside{};
};

/// Offers so many times the best of now, and does not wait for the answers.
begun_case offer(const std::string& name, double rate, std::uint32_t best_clients,
                 const arguments& given, overload_clients& clients, calls_beside& beside) {
  begun_case made{.name = name, .best_per_second = goodput_of(best_clients, given, clients)};
  std::cerr << name << " of the best\n";
  (void)beside.take();
  clients.offer(rate * made.best_per_second, time_of(given.seconds), made.payments);
  made.beside = beside.take();
  return made;
}

overload_case ended(const begun_case& begun, const arguments& given) {
  return {.name = begun.name,
          .best_per_second = begun.best_per_second,
          .seconds = given.seconds,
          .payments = begun.payments->counts(),
          .beside = begun.beside};
}

/// Offers the usual rate at once, whatever is still under way.
std::vector<payment_counts> offer_as_usual(double per_second, const arguments& given,
                                           overload_clients& clients) {
  std::cerr << "as before\n";
  std::vector<std::shared_ptr<payment_tally>> windows;
  for (double at = 0; at < given.normal_seconds_max; at += window_s) {
    windows.push_back(std::make_shared<payment_tally>());
    clients.offer(per_second, time_of(window_s), windows.back());
  }
  (void)clients.wait_for_answers();
  std::vector<payment_counts> made;
  for (const auto& each : windows)
    made.push_back(each->counts());
  return made;
}

void overload(const arguments& given, overload_clients& clients, calls_beside& beside,
              overload_report& into) {
  std::vector<begun_case> cases{
      offer("0.5x", usual_rate, into.best_clients, given, clients, beside)};
  for (const double rate : rates) {
    (void)clients.wait_for_answers();
    cases.push_back(offer(std::to_string(static_cast<int>(rate)) + "x", rate, into.best_clients,
                          given, clients, beside));
  }
  const auto windows = offer_as_usual(usual_rate * cases.back().best_per_second, given, clients);
  into.is_all_answered = clients.wait_for_answers();
  for (const begun_case& each : cases)
    into.cases.push_back(ended(each, given));
  into.looked_s = given.normal_seconds_max;
  if (const auto normal = back_to_normal(into.cases.front().payments, windows))
    into.normal_after_s = static_cast<double>(*normal) * window_s;
}

result<overload_report> measure(const arguments& given) {
  const auto directory = work_directory::make(given.directory);
  if (!directory)
    return tl::unexpected(directory.error());
  cli::node_process node;
  overload_report report{.cores = std::thread::hardware_concurrency()};
  const auto endpoint = start_node(given, (*directory)->path(), report.cores, node);
  if (!endpoint)
    return tl::unexpected(endpoint.error());
  if (const auto opened = open_two_accounts(*endpoint); !opened)
    return tl::unexpected(opened.error());
  {
    overload_clients clients{
        node.http(), {.connections = given.connections, .deadline = time_of(given.deadline_s)}};
    report.best_clients = find_best(given, clients);
    const auto beside =
        calls_beside::start({.endpoint = *endpoint,
                             .node = node.pid(),
                             .per_second = given.beside_per_second,
                             .authorised = static_cast<std::uint32_t>(seconds_of_run(given)) *
                                           given.beside_per_second});
    if (!beside)
      return tl::unexpected(beside.error());
    overload(given, clients, **beside, report);
  }
  if (!node.stop())
    return fail(errc::unavailable, "the node did not end in order");
  return report;
}

} // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app{"What a node does when it is offered more payments than it can make"};
  const CLI::Range some_seconds{0.01, 3'600.0};
  app.add_option("--program", given.program, "The program ducat");
  app.add_option("--dir", given.directory, "Where the node's folder is made");
  app.add_option("--seconds", given.seconds, "Of each rate")->check(some_seconds);
  app.add_option("--probe-seconds", given.probe_seconds, "Of each number of clients in turns")
      ->check(some_seconds);
  app.add_option("--normal-seconds-max", given.normal_seconds_max,
                 "For how long it is looked whether all is as before")
      ->check(some_seconds);
  app.add_option("--deadline", given.deadline_s, "Of each payment, in seconds")
      ->check(some_seconds);
  app.add_option("--clients-max", given.clients_max, "In turns")->check(CLI::Range(1, 990));
  app.add_option("--connections", given.connections)->check(CLI::Range(1, 990));
  app.add_option("--at-a-time", given.at_a_time, "As in the node's configuration")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--beside-per-second", given.beside_per_second,
                 "Captures or voids, and as many calls of administration")
      ->check(CLI::Range(1, 100));
  app.add_flag("--json", given.json, "One document");
  CLI11_PARSE(app, argc, argv);
  ::alarm(seconds_max_of(given));
  const auto report = measure(given);
  if (!report) {
    std::cerr << report.error() << '\n';
    return 1;
  }
  if (given.json)
    print_json(std::cout, *report);
  else
    print(std::cout, *report);
}
