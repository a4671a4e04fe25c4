#include "sim/sim_command.hpp"

#include "bench/work_directory.hpp"
#include "chaos/schedule_file.hpp"
#include "client/table.hpp"
#include "page/report_file.hpp"
#include "sim/disk_run.hpp"
#include "sim/planted_command.hpp"
#include "sim/seeds.hpp"
#include "sim/sim_page.hpp"
#include "sim/sim_parts.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <thread>

namespace ducat::cli {

namespace {

constexpr std::size_t failed_shown = 10;

std::string text_of(double value) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << value;
  return text.str();
}

std::string counts_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return text;
}

std::string names_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& each : names)
    text += (text.empty() ? "" : ", ") + each;
  return text.empty() ? "none" : text;
}

/// A row for each reason.
void add_unsimulated(std::vector<std::pair<std::string, std::string>>& rows) {
  for (const unsimulated_points& each : all_unsimulated_points())
    rows.emplace_back("not simulated", names_of({each.names.begin(), each.names.end()}) + ": " +
                                           std::string{each.why});
}

nlohmann::json unsimulated_json() {
  nlohmann::json all = nlohmann::json::object();
  for (const unsimulated_points& each : all_unsimulated_points())
    for (const std::string_view name : each.names)
      all[std::string{name}] = each.why;
  return all;
}

void print_table(const sim_summary& sum, const sim_arguments& arguments, const console& io) {
  std::vector<std::pair<std::string, std::string>> rows{
      {{"runs", std::to_string(sum.runs)},
       {"repeated", std::to_string(sum.repeated) + ", differing " + std::to_string(sum.differing)},
       {"acknowledged", std::to_string(sum.acknowledged)},
       {"answers unknown", std::to_string(sum.unknown)},
       {"messages", std::to_string(sum.messages)},
       {"virtual time", text_of(sum.virtual_s) + " s in " + text_of(sum.real_s) + " s"},
       {"struck", counts_of(sum.struck)},
       {"fault points", counts_of(sum.fired)},
       {"never fired", names_of(never_fired(sum))}}};
  add_unsimulated(rows);
  rows.emplace_back("violated", std::to_string(sum.failed.size()));
  print_fields(io.out, rows);
  for (const auto& [seed, hash] : sum.hashes)
    io.out << seed << ' ' << hash << '\n';
  for (std::size_t i = 0; i < std::min(sum.failed.size(), failed_shown); ++i) {
    const failed_seed& each = sum.failed[i];
    io.out << "\nseed " << each.seed << ": " << replay_of(arguments, each.seed) << '\n';
    for (const std::string& violation : each.violations)
      io.out << "  " << printable(violation) << '\n';
  }
}

std::string json_of(const sim_summary& sum) {
  nlohmann::json failed = nlohmann::json::array();
  for (const failed_seed& each : sum.failed)
    failed.push_back({{"seed", each.seed}, {"violations", each.violations}});
  nlohmann::json hashes = nlohmann::json::object();
  for (const auto& [seed, hash] : sum.hashes)
    hashes[std::to_string(seed)] = hash;
  return nlohmann::json{{"runs", sum.runs},
                        {"repeated", sum.repeated},
                        {"differing", sum.differing},
                        {"acknowledged", sum.acknowledged},
                        {"unknown", sum.unknown},
                        {"messages", sum.messages},
                        {"virtual_s", sum.virtual_s},
                        {"real_s", sum.real_s},
                        {"struck", sum.struck},
                        {"fired", sum.fired},
                        {"never_fired", never_fired(sum)},
                        {"not_simulated", unsimulated_json()},
                        {"hashes", hashes},
                        {"failed", failed}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

exit_code usage_error(const console& io, const std::string& what) {
  io.err << "ducat: " << what << '\n';
  return exit_code::usage;
}

/// Nothing is the same twice there: when the state is kept is up to a thread.
void put_on_disk(seeds_options& options, const std::filesystem::path& directory) {
  options.run_one = [directory](const sim_run_options& one) { return run_on_disk(one, directory); };
  options.repeat = 0;
}

/// Shows every line of one run.
exit_code trace_one(sim_run_options run, const console& io) {
  run.on_trace = [&io](const std::string& line) { io.out << line << '\n'; };
  const auto done = run_simulation(run);
  if (!done)
    return usage_error(io, to_string(done.error()));
  for (const std::string& each : done->violations)
    io.out << "violated: " << printable(each) << '\n';
  return done->violations.empty() ? exit_code::done : exit_code::failed;
}

} // namespace

exit_code run_sim(const sim_arguments& arguments, const console& io) {
  spdlog::set_level(spdlog::level::off);
  if (const auto ended = begin_planted(arguments, io))
    return *ended;
  const auto seeds = seeds_of(arguments.seeds);
  if (!seeds)
    return usage_error(io, "seeds are A..B or one number, not " + arguments.seeds);
  seeds_options options{
      .run = {.seed = seeds->first, .nodes = arguments.nodes, .payments = arguments.payments},
      .seeds = *seeds,
      .jobs = arguments.jobs,
      .repeat = arguments.repeat,
      .keep_hashes = arguments.hashes};
  if (!arguments.schedule.empty()) {
    const auto schedule = read_schedule(arguments.schedule);
    if (!schedule)
      return usage_error(io, to_string(schedule.error()));
    options.run.schedule = *schedule;
  }
  report_file json_file{arguments.json};
  report_file page_file{arguments.report};
  for (const report_file* each : {&json_file, &page_file})
    if (!each->is_good())
      return usage_error(io, "cannot write " + printable(each->name()));
  const auto disk = bench::work_directory::make({});
  if (!disk)
    return usage_error(io, to_string(disk.error()));
  if (arguments.on_disk)
    put_on_disk(options, (*disk)->path());
  if (arguments.trace)
    return trace_one(options.run, io);
  if (options.jobs == 0)
    options.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (arguments.show_progress)
    options.on_progress = [&](const sim_summary& so_far) {
      io.err << '\r' << so_far.runs << " of " << seeds->last - seeds->first + 1 << " runs, "
             << so_far.failed.size() << " violated" << std::flush;
    };
  const auto sum = run_seeds(options);
  if (arguments.show_progress)
    io.err << '\n';
  if (!sum)
    return usage_error(io, to_string(sum.error()));
  if (!json_file.write(json_of(*sum) + "\n") || !page_file.write(sim_page(*sum, arguments)))
    return usage_error(
        io, "cannot write " + printable(json_file.is_good() ? page_file.name() : json_file.name()));
  if (io.is_json())
    io.out << json_of(*sum) << '\n';
  else
    print_table(*sum, arguments, io);
  return sum->is_green() ? exit_code::done : exit_code::failed;
}

void add_sim_command(CLI::App& app, sim_arguments& arguments, std::function<void()> chosen) {
  CLI::App* sim = app.add_subcommand("sim", "Break a simulated cluster, seed after seed");
  sim->add_option("--seeds", arguments.seeds, "A..B, or one")->capture_default_str();
  sim->add_option("--schedule", arguments.schedule,
                  "A file of faults; default: drawn for each seed");
  sim->add_option("--nodes", arguments.nodes, "How many")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  sim->add_option("--payments", arguments.payments, "Of each run")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  sim->add_option("--jobs", arguments.jobs, "Processes; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  sim->add_option("--repeat", arguments.repeat, "So many of the first seeds are run twice")
      ->capture_default_str();
  sim->add_flag("--hashes", arguments.hashes,
                "Show a digest of all that happened in each run: the same in every build");
  auto* const trace =
      sim->add_flag("--trace", arguments.trace, "Show all that happens in the first seed's run");
  sim->add_flag("--disk", arguments.on_disk,
                "One machine with its log on a real disk, restarted and damaged");
  sim->add_option("--json", arguments.json, "The file that gets all that was found")
      ->excludes(trace);
  sim->add_option("--report", arguments.report, "The file that gets a page of it")->excludes(trace);
  add_planted_options(*sim, arguments);
  sim->callback(std::move(chosen));
}

} // namespace ducat::cli
