#include "compare.hpp"
#include "driver.hpp"
#include "exit_code.hpp"
#include "iso8583/dialect_file.hpp"
#include "summary.hpp"
#include "wire/endpoint.hpp"

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <chrono>
#include <iostream>

namespace {

using namespace ducat::terminals;
using ducat::cli::exit_code;
using ducat::wire::tls_files;

struct arguments {
  std::string target{};
  std::string dialect = "ascii87";
  tls_files tls{};
  std::string peer_name{};
  bool is_plain = false;
  bool is_json = false;
  std::uint64_t answer_ms_max = 5'000;
  std::uint64_t repeat_ms = 2'000;
  std::uint64_t drain_s_max = 60;
  std::uint64_t connect_s_max = 10;
  drive_options options{};
};

int complain(const ducat::error& why, exit_code code) {
  std::cerr << "ducat-terminals: " << why.message << '\n';
  return static_cast<int>(code);
}

/// Thousands of connections are more than a process may have by default.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

ducat::result<void> complete(arguments& given) {
  if (given.is_plain == !given.tls.ca.empty())
    return ducat::fail(ducat::errc::invalid_argument, "either --plain or --ca is needed");
  const auto target = ducat::wire::parse_endpoint(given.target);
  if (!target)
    return tl::unexpected(target.error());
  auto dialect = ducat::cli::find_dialect(given.dialect);
  if (!dialect)
    return tl::unexpected(dialect.error());
  drive_options& into = given.options;
  into.target = *target;
  into.dialect = std::move(*dialect);
  into.connect_time_max = std::chrono::seconds{given.connect_s_max};
  into.drain_time_max = std::chrono::seconds{given.drain_s_max};
  into.fleet.each.answer_time_max = std::chrono::milliseconds{given.answer_ms_max};
  into.fleet.each.repeat_after = std::chrono::milliseconds{given.repeat_ms};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  into.fleet.each.first_stan = static_cast<std::uint32_t>(seconds % 999'999) + 1;
  if (given.is_plain)
    return {};
  auto tls = make_tls(ducat::wire::tls_side::client, given.tls);
  if (!tls)
    return tl::unexpected(tls.error());
  into.tls = std::move(*tls);
  into.peer_name = given.peer_name.empty() ? target->address().to_string() : given.peer_name;
  return {};
}

int run(arguments& given) {
  if (const auto completed = complete(given); !completed)
    return complain(completed.error(), exit_code::usage);
  allow_many_files();
  const auto report = drive(given.options);
  if (!report)
    return complain(report.error(), exit_code::failed);
  std::cout << (given.is_json ? summary_json(*report) + "\n" : summary_text(*report));
  if (!report->has_begun)
    return complain({ducat::errc::unavailable, "not all connections could sign on"},
                    exit_code::unreachable);
  const bool is_clear = report->stats.in_doubt == 0;
  return static_cast<int>(is_clear ? exit_code::done : exit_code::unknown);
}

int compare_files(const std::string& record, const std::string& journal) {
  const auto made = compare(record, journal);
  if (!made)
    return complain(made.error(), exit_code::usage);
  for (const std::string& each : made->differences)
    std::cout << each << '\n';
  std::cout << "payments=" << made->payments << " agreed=" << made->agreed
            << " in_doubt=" << made->in_doubt << " differences=" << made->differences.size()
            << '\n';
  if (!made->differences.empty())
    return static_cast<int>(exit_code::failed);
  return static_cast<int>(made->in_doubt == 0 ? exit_code::done : exit_code::unknown);
}

void add_load(CLI::App& app, arguments& into) {
  fleet_options& fleet = into.options.fleet;
  app.add_option("--terminals", fleet.terminals, "How many")->check(CLI::Range(1, 999'999));
  app.add_option("--first-terminal", fleet.first_terminal, "Number of the first")
      ->check(CLI::Range(1, 999'999));
  app.add_option("--connections", fleet.connections, "Shared by them; 0: one each");
  app.add_option("--payments", fleet.payments, "How many in all");
  app.add_option("--per-second", fleet.per_second, "Rate of payments")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", fleet.seed, "Of amounts and cards");
  app.add_option("--amount-min", fleet.amount_min, "In minor units")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{999'999'999'999}));
  app.add_option("--amount-max", fleet.amount_max, "In minor units")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{999'999'999'999}));
  app.add_option("--currency", fleet.each.currency, "Field 49");
  app.add_option("--answer-ms-max", into.answer_ms_max, "Then a payment is reversed");
  app.add_option("--repeat-ms", into.repeat_ms, "Then a reversal is sent again");
  app.add_option("--connect-s-max", into.connect_s_max, "For all connections to sign on");
  app.add_option("--drain-s-max", into.drain_s_max, "For what is open behind the last payment");
}

void add_link(CLI::App& app, arguments& into) {
  app.add_option("--target", into.target, "ADDRESS:PORT of an ISO 8583 host");
  app.add_option("--dialect", into.dialect, "Name, or a file: ducat iso8583 dialects");
  app.add_option("--record", into.options.record, "File for what became of each payment");
  app.add_flag("--plain", into.is_plain, "Without TLS");
  app.add_flag("--tls-1-2", into.tls.allows_tls_1_2, "TLS 1.2 will do; otherwise it is 1.3");
  app.add_option("--ca", into.tls.ca, "PEM file: the host's certificate is of it");
  app.add_option("--certificate", into.tls.certificate, "PEM file, to be shown to the host");
  app.add_option("--key", into.tls.key, "PEM file")->needs("--certificate");
  app.add_option("--peer-name", into.peer_name, "In the host's certificate; else its address");
  app.add_flag("--json", into.is_json, "The summary as a JSON object");
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Thousands of payment terminals that leave nothing in doubt"};
  arguments given;
  add_link(app, given);
  add_load(app, given);
  std::string record;
  std::string journal;
  CLI::App* const comparing =
      app.add_subcommand("compare", "Compare a record with the journal of ducat-acquirer");
  comparing->add_option("record", record, "Of --record")->required();
  comparing->add_option("journal", journal, "Of the acquirer")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : static_cast<int>(exit_code::usage);
  }
  return *comparing ? compare_files(record, journal) : run(given);
}
