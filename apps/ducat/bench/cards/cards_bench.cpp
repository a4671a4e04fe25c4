#include "bench/cards/cards_bench.hpp"

#include "bench/cards/card_clients.hpp"
#include "bench/cards/card_nemesis.hpp"
#include "bench/cards/card_verdict.hpp"
#include "bench/cards/card_world.hpp"
#include "bench/cards/cards_report.hpp"
#include "bench/cards/raw_terminals.hpp"
#include "bench/work_directory.hpp"
#include "client/repeat.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <ostream>

namespace ducat::cli {

namespace {

duration seconds(double count) {
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(count));
}

std::vector<std::string> acquirer_words(const cards_arguments& arguments) {
  if (arguments.faults == "none")
    return {};
  if (arguments.faults != "mixed")
    return {"--faults", arguments.faults};
  std::vector<std::string> words;
  for (const std::string& each : mixed_faults()) {
    words.emplace_back("--fault");
    words.push_back(each);
  }
  return words;
}

result<std::unique_ptr<card_world>> start_world(const cards_arguments& arguments,
                                                const std::filesystem::path& program,
                                                const std::filesystem::path& directory) {
  const auto acquirer = program_beside(program, arguments.programs, "ducat-acquirer");
  if (!acquirer)
    return tl::unexpected(acquirer.error());
  return card_world::start({.program = program,
                            .acquirer = *acquirer,
                            .directory = directory,
                            .workers = arguments.workers,
                            .answer_timeout_ms = arguments.answer_timeout_ms,
                            .acquirer_words = acquirer_words(arguments)});
}

result<void> open_accounts(const connection& node) {
  for (const char* id : {"world", "shop"}) {
    v1::CreateAccountRequest request;
    request.set_id(id);
    request.set_currency("EUR");
    request.set_overdraft(true);
    if (!call({}, repetition::keyed, node, &v1::Accounts::Stub::CreateAccount, request))
      return fail(errc::unavailable, "an account cannot be opened");
  }
  return {};
}

/// Returns how often the acquirer made which mistake.
std::map<std::string, std::uint64_t> mistakes_in(const std::string& stats) {
  const auto read = nlohmann::json::parse(stats, nullptr, false);
  return read.is_object() && read.contains("faults")
             ? read["faults"].get<std::map<std::string, std::uint64_t>>()
             : std::map<std::string, std::uint64_t>{};
}

void note_load(const card_clients& clients, cards_report& into) {
  const bench::latencies& times = clients.times();
  into.seconds = clients.seconds();
  into.answered = times.count();
  for (const told_states& each : clients.told())
    into.not_answered += each.of_payments.size();
  into.not_answered -= into.answered;
  into.p50_ms = times.percentile_us(0.5) / 1'000;
  into.p99_ms = times.percentile_us(0.99) / 1'000;
  into.worst_ms = times.percentile_us(1) / 1'000;
}

/// From the last fault on: lets the acquirer be good, and waits.
result<void> settle(const cards_arguments& arguments, card_world& world, const connection& node,
                    cards_report& into) {
  const auto stats = world.acquirer().control({"stats"});
  const auto cleared = world.acquirer().control({"fault", "clear"});
  if (!stats || !cleared)
    return fail(errc::unavailable, "the acquirer does not answer");
  into.mistakes = mistakes_in(*stats);
  const auto begin = bench::steady::now();
  const auto status = wait_until_settled(node, seconds(arguments.settle_s_max));
  if (!status)
    return tl::unexpected(status.error());
  into.settled_s = bench::seconds_of(bench::steady::now() - begin);
  into.is_settled = is_settled(*status);
  into.time_in_doubt = status->time_in_doubt();
  into.entries =
      static_cast<double>(status->log_index()) / std::max(1.0, static_cast<double>(into.answered));
  return {};
}

result<cards_report> run(const cards_arguments& arguments, card_world& world) {
  cards_report report;
  const connection node{world.endpoint()};
  if (auto opened = open_accounts(node); !opened)
    return tl::unexpected(opened.error());
  card_clients clients{world.endpoint(), arguments.clients, arguments.per_second};
  const auto blows = break_cards(world, {.time = seconds(arguments.seconds),
                                         .crash_every = seconds(arguments.crash_every_s),
                                         .kill_every = seconds(arguments.kill_every_s)});
  clients.stop();
  if (!blows)
    return tl::unexpected(blows.error());
  report.blows = *blows;
  note_load(clients, report);
  if (auto settled = settle(arguments, world, node, report); !settled)
    return tl::unexpected(settled.error());
  cards::card_join join;
  if (auto read = join.add_journal(world.journal()); !read)
    return tl::unexpected(read.error());
  auto verdict = judge_cards(node, clients.told(), std::move(join));
  if (!verdict)
    return tl::unexpected(verdict.error());
  report.verdict = std::move(*verdict);
  return report;
}

result<cards_report> run_all(const cards_arguments& arguments, const std::filesystem::path& program,
                             const std::filesystem::path& directory) {
  std::optional<double> raw;
  if (arguments.raw) {
    const auto acquirer = program_beside(program, arguments.programs, "ducat-acquirer");
    const auto terminals = program_beside(program, arguments.programs, "ducat-terminals");
    if (!acquirer || !terminals)
      return tl::unexpected(acquirer ? terminals.error() : acquirer.error());
    const auto measured = measure_raw({.acquirer = *acquirer,
                                       .terminals = *terminals,
                                       .directory = directory,
                                       .clients = arguments.clients});
    if (!measured)
      return tl::unexpected(measured.error());
    raw = *measured;
  }
  auto world = start_world(arguments, program, directory);
  if (!world)
    return tl::unexpected(world.error());
  auto report = run(arguments, **world);
  if (!report)
    return report;
  report->raw_per_second = raw;
  if (auto stopped = (*world)->stop(); !stopped)
    return tl::unexpected(stopped.error());
  return report;
}

} // namespace

exit_code bench_cards(const cards_arguments& arguments, const std::filesystem::path& program,
                      std::ostream& out, std::ostream& err) {
  const auto refuse = [&](const error& why) {
    err << "ducat: " << why << '\n';
    return exit_code::failed;
  };
  const auto home = bench::work_directory::make(arguments.directory);
  if (!home)
    return refuse(home.error());
  const auto report = run_all(arguments, program, (*home)->path());
  if (!report)
    return refuse(report.error());
  if (arguments.json)
    print_json(out, arguments, *report);
  else
    print(out, *report);
  return report->is_good() ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli
