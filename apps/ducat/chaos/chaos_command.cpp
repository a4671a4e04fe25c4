#include "chaos/chaos_command.hpp"

#include "bench/work_directory.hpp"
#include "chaos/applicable.hpp"
#include "chaos/cluster_stage.hpp"
#include "chaos/node_stage.hpp"
#include "chaos/real_run.hpp"
#include "chaos/report_page.hpp"
#include "chaos/schedule_file.hpp"
#include "chaos/soak_plan.hpp"
#include "demo/report.hpp"
#include "hosts/loop_disk.hpp"
#include "hosts/network.hpp"
#include "sim/seeds.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <stdlib.h>

#include <fstream>
#include <ostream>
#include <tuple>

namespace ducat::cli {

namespace {

constexpr std::uint64_t simulated_payments = 200;
constexpr duration soak_attempt = std::chrono::seconds{4}; ///< Longer than a pause.
constexpr double soak_payments_per_second = 1'500; ///< At most: so many are made beforehand.

exit_code refuse_chaos(const console& io, const std::string& why, exit_code code) {
  io.err << "ducat: " << why << '\n';
  return code;
}

std::vector<std::string> numbered_parts(const std::string& what, std::uint32_t count) {
  std::vector<std::string> all;
  for (std::uint32_t i = 1; i <= count; ++i)
    all.push_back(what + std::to_string(i));
  return all;
}

/// Says what there will be, before any of it is started.
stage_offer offer_of(const chaos_run_arguments& given) {
  if (given.stage == "node")
    return {.nodes = {"node1"},
            .why_no_network = "one node has no network",
            .why_no_disks = "the node has no disk of its own"};
  const std::uint32_t members = given.nodes < 3 ? 1 : 3;
  stage_offer offer{.nodes = numbered_parts("node", given.nodes),
                    .members = numbered_parts("etcd", members)};
  offer.is_simulated = given.stage == "sim";
  if (given.stage == "cluster")
    offer.why_no_network =
        given.nodes < 3 ? "there are fewer than three hosts" : why_no_network().value_or("");
  if (given.stage == "cluster" && offer.why_no_network.empty())
    offer.members = numbered_parts("etcd", given.nodes); // Each host has one.
  if (!offer.why_no_network.empty())
    offer.why_no_disks = "the nodes have no hosts of their own";
  return offer;
}

result<std::unique_ptr<stage>> start_stage(const chaos_run_arguments& given,
                                           const stage_offer& offer, bool has_disks,
                                           const std::filesystem::path& program,
                                           const std::filesystem::path& directory) {
  if (given.stage == "node")
    return start_node_stage(program, directory);
  const cluster_stage_options options{.program = program,
                                      .directory = directory / "cluster",
                                      .nodes = given.nodes,
                                      .disks = has_disks};
  return offer.why_no_network.empty() ? start_hosts_stage(options) : start_loopback_stage(options);
}

/// The plan is drawn before anything happens, so that whoever has the seed can have it again.
void print_plan(std::ostream& out, const fault_schedule& schedule,
                const std::vector<std::string>& nodes) {
  out << "seed " << schedule.seed << '\n';
  for (const fault_event& each : events_of(schedule, nodes))
    out << "  " << each << '\n';
}

/// Returns a new folder; if none can be made, a name of which whoever writes to it will say so.
std::filesystem::path new_folder() {
  std::string pattern = demo_directory("ducat-chaos-").string() + "-XXXXXX";
  std::ignore = ::mkdtemp(pattern.data());
  return pattern;
}

/// Where a run keeps its files: in a folder that is given, or in one of its own that is gone after
/// a good end.
class run_folder {
public:
  explicit run_folder(const std::string& given)
      : is_temporary_{given.empty()},
        path_{given.empty() ? new_folder() : std::filesystem::path{given}} {
    std::error_code ignored;
    std::filesystem::create_directories(path_, ignored);
    path_ = std::filesystem::absolute(path_);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

  void end(bool is_well, std::ostream& out) const {
    std::error_code ignored;
    if (is_temporary_ && is_well)
      std::filesystem::remove_all(path_, ignored);
    else
      out << "kept in " << path_.string() << '\n';
  }

private:
  bool is_temporary_;
  std::filesystem::path path_;
};

/// Tries it in a folder that is gone afterwards.
std::string why_no_disks_here() {
  const auto folder = bench::work_directory::make({});
  return folder ? why_no_loop_disk((*folder)->path()).value_or("") : to_string(folder.error());
}

/// Which files get what a run has shown.
struct run_files {
  std::string json{};
  std::string report{};
  std::string again{}; ///< The command that repeats the run.
};

/// Returns whether there is no such file, or it has that text now.
bool write_to(const std::string& file, const std::string& text) {
  return file.empty() || (std::ofstream{file} << text).flush();
}

exit_code tell(const chaos_measurements& run, const run_files& files, const console& io) {
  if (!write_to(files.json, to_json(run) + "\n"))
    return refuse_chaos(io, "cannot write " + files.json, exit_code::failed);
  if (!write_to(files.report, report_page(run, files.again)))
    return refuse_chaos(io, "cannot write " + files.report, exit_code::failed);
  if (io.is_json())
    io.out << to_json(run) << '\n';
  else
    print_measures(io.out, run);
  return run.is_green() ? exit_code::done : exit_code::failed;
}

// The simulated stage ----------------------------------------------------------------------------

chaos_measurements measurements_of(const sim_summary& sum, const fault_schedule& schedule) {
  std::uint64_t struck = 0;
  for (const auto& [action, count] : sum.struck)
    struck += count;
  chaos_measurements made{.stage = "sim", .seed = schedule.seed, .length = schedule.length};
  const auto add = [&](const std::string& name, std::uint64_t value, const std::string& bound,
                       bool is_met) {
    made.measures.push_back(
        {.name = name, .value = std::to_string(value), .bound = bound, .is_met = is_met});
  };
  add("faults that struck", struck, "", true);
  add("acknowledged", sum.acknowledged, "1 at least", sum.acknowledged > 0);
  add("answers unknown", sum.unknown, "", true);
  for (const failed_seed& each : sum.failed)
    for (const std::string& violation : each.violations)
      made.findings.push_back(violation);
  add("violated", made.findings.size(), "0", made.findings.empty());
  return made;
}

run_files files_of(const chaos_run_arguments& given, std::uint64_t seed) {
  return {.json = given.json,
          .report = given.report,
          .again = "ducat chaos run " + given.file + " --stage " + given.stage + " --seed " +
                   std::to_string(seed)};
}

exit_code simulate(const chaos_run_arguments& given, const fault_schedule& schedule,
                   const console& io) {
  spdlog::set_level(spdlog::level::off);
  const auto sum =
      run_seeds({.run = {.nodes = given.nodes,
                         .payments = given.payments == 0 ? simulated_payments : given.payments,
                         .schedule = schedule},
                 .seeds = {.first = schedule.seed, .last = schedule.seed}});
  if (!sum)
    return refuse_chaos(io, to_string(sum.error()), exit_code::usage);
  return tell(measurements_of(*sum, schedule), files_of(given, schedule.seed), io);
}

// Real processes ---------------------------------------------------------------------------------

/// Where a run is made, and what it is called and told.
struct real_run_request {
  std::string stage;
  run_files files;
  real_run_options options; ///< But for the directory and the progress.
};

using start_function = std::function<result<std::unique_ptr<stage>>(const std::filesystem::path&)>;

exit_code run_really(real_run_request request, const run_folder& folder,
                     const start_function& start, bool show_progress, const console& io) {
  auto on = start(folder.path());
  if (!on)
    return refuse_chaos(io, to_string(on.error()), exit_code::unreachable);
  request.options.directory = folder.path();
  request.options.progress = show_progress ? &io.err : nullptr;
  auto run = run_on(**on, request.options);
  on->reset(); // Its disks are mounted in the folder.
  std::ostream& said = io.is_json() ? io.err : io.out;
  if (!run) {
    folder.end(false, said);
    return refuse_chaos(io, to_string(run.error()), exit_code::failed);
  }
  run->stage = request.stage;
  const exit_code code = tell(*run, request.files, io);
  folder.end(code == exit_code::done, said);
  return code;
}

} // namespace

exit_code run_chaos(const chaos_arguments& arguments, const chaos_surroundings& around) {
  const chaos_run_arguments& given = arguments.run;
  auto schedule = read_schedule(given.file);
  if (!schedule)
    return refuse_chaos(around.io, to_string(schedule.error()), exit_code::usage);
  schedule->seed = given.seed.value_or(schedule->seed);
  stage_offer offer = offer_of(given);
  const bool has_disks = needs_disks(*schedule) && !offer.is_simulated;
  if (has_disks && offer.why_no_disks.empty())
    offer.why_no_disks = why_no_disks_here();
  if (given.seconds && std::chrono::seconds{*given.seconds} < schedule->length)
    return refuse_chaos(around.io, "the schedule is longer than that: --seconds", exit_code::usage);
  if (const auto refused = not_applicable(*schedule, offer); !refused.empty()) {
    for (const std::string& each : refused)
      around.io.err << "ducat: " << each << '\n';
    return exit_code::usage;
  }
  if (!around.io.is_json())
    print_plan(around.io.out, *schedule, offer.nodes);
  if (given.stage == "sim")
    return simulate(given, *schedule, around.io);
  const auto length = given.seconds ? std::chrono::seconds{*given.seconds} : schedule->length;
  return run_really(
      {.stage = given.stage,
       .files = files_of(given, schedule->seed),
       .options = {.schedule = *schedule,
                   .length = length,
                   .payments = given.payments,
                   .in_flight = given.in_flight,
                   .bounds = {.struck_min = schedule->rules.empty() ? 0U : 1U}}},
      run_folder{given.directory},
      [&](const std::filesystem::path& directory) {
        return start_stage(given, offer, has_disks, around.program, directory);
      },
      arguments.show_progress, around.io);
}

exit_code run_soak(const chaos_arguments& arguments, const chaos_surroundings& around) {
  const chaos_soak_arguments& given = arguments.soak;
  const stage_offer offer = offer_of({.stage = "cluster", .nodes = given.nodes});
  const run_folder folder{given.directory};
  const bool has_network = offer.why_no_network.empty();
  const std::string no_disks =
      has_network ? why_no_loop_disk(folder.path()).value_or("") : offer.why_no_disks;
  std::ostream& said = around.io.is_json() ? around.io.err : around.io.out;
  if (!has_network)
    said << "left out: broken networks; " << offer.why_no_network << '\n';
  if (!no_disks.empty())
    said << "left out: losses of power and full disks; " << no_disks << '\n';
  const std::chrono::milliseconds length{static_cast<std::int64_t>(given.minutes * 60'000)};
  const fault_schedule plan = plan_soak({.length = length,
                                         .seed = given.seed,
                                         .nodes = offer.nodes,
                                         .members = offer.members,
                                         .network = has_network,
                                         .disks = no_disks.empty()});
  const double seconds = std::chrono::duration<double>{length}.count();
  const auto kills = static_cast<std::uint64_t>(seconds / 2) - 1; // None at the very end.
  said << "soak of " << seconds << " s, seed " << given.seed << ", " << offer.nodes.size()
       << " nodes" << std::endl;
  return run_really(
      {.stage = "cluster",
       .files = {.json = given.json,
                 .report = given.report,
                 .again = fmt::format("ducat chaos soak --minutes {:g} --seed {}", given.minutes,
                                      given.seed)},
       .options = {.schedule = plan,
                   .length = length,
                   .payments = static_cast<std::uint64_t>(seconds * soak_payments_per_second),
                   .in_flight = given.in_flight,
                   .attempt = soak_attempt,
                   .bounds = {.acknowledged_min = static_cast<std::uint64_t>(
                                  seconds * given.acknowledged_per_second_min),
                              .struck_min = kills,
                              .kills_min = kills,
                              .power_losses_min = needs_disks(plan) ? 1U : 0U}}},
      folder,
      [&](const std::filesystem::path& directory) {
        const cluster_stage_options options{.program = around.program,
                                            .directory = directory / "cluster",
                                            .nodes = given.nodes,
                                            .disks = no_disks.empty()};
        return has_network ? start_hosts_stage(options) : start_loopback_stage(options);
      },
      arguments.show_progress, around.io);
}

namespace {

void add_soak(CLI::App& chaos, chaos_soak_arguments& given, std::function<void()> chosen) {
  CLI::App* soak = chaos.add_subcommand(
      "soak", "Kill something of a real cluster every two seconds under load, and check");
  soak->add_option("--minutes", given.minutes, "How long clients pay")
      ->check(CLI::Range(0.1, 1'440.0))
      ->capture_default_str();
  soak->add_option("--seed", given.seed, "Of everything that is broken")->capture_default_str();
  soak->add_option("--nodes", given.nodes, "How many")
      ->check(CLI::Range(3, 9))
      ->capture_default_str();
  soak->add_option("--in-flight", given.in_flight, "Calls at the same time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  soak->add_option("--per-second-min", given.acknowledged_per_second_min,
                   "So many must be acknowledged, on average")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  soak->add_option("--directory", given.directory, "Where everything is kept");
  soak->add_option("--json", given.json, "The file that gets all measurements");
  soak->add_option("--report", given.report, "The file that gets a page of them");
  soak->callback(std::move(chosen));
}

void add_record(CLI::App& chaos, chaos_record_arguments& given, std::function<void()> chosen) {
  CLI::App* record = chaos.add_subcommand(
      "record", "Make a schedule of what was broken by hand, as nodes have logged it");
  record
      ->add_option("files", given.files,
                   "Logs of nodes, called NODE.log; or a report of ducat chaos --json")
      ->required();
  record->add_option("--out", given.out, "The schedule; default: standard output");
  record->callback(std::move(chosen));
}

} // namespace

void add_chaos_command(CLI::App& app, chaos_arguments& arguments,
                       const std::function<void(chaos_action)>& chosen) {
  CLI::App* chaos = app.add_subcommand("chaos", "Schedules of faults, from simulated to real");
  chaos->require_subcommand(1);
  chaos_run_arguments& given = arguments.run;
  CLI::App* run = chaos->add_subcommand("run", "Carry out a schedule under load, heal, and check");
  run->add_option("file", given.file, "The schedule")->required();
  run->add_option("--stage", given.stage, "Simulated, one real node, or a real cluster")
      ->check(CLI::IsMember({"sim", "node", "cluster"}))
      ->capture_default_str();
  run->add_option("--seed", given.seed, "Of the plan; default: that of the file");
  run->add_option("--seconds", given.seconds, "How long clients pay; default: as the schedule")
      ->check(CLI::Range(1, 86'400));
  run->add_option("--payments", given.payments, "At most")->check(CLI::Range(1, 10'000'000));
  run->add_option("--nodes", given.nodes, "Of a cluster")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  run->add_option("--in-flight", given.in_flight, "Calls at the same time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  run->add_option("--directory", given.directory, "Where everything is kept");
  run->add_option("--json", given.json, "The file that gets all measurements");
  run->add_option("--report", given.report, "The file that gets a page of them");
  run->callback([&arguments, chosen] {
    chosen([&arguments](const chaos_surroundings& around) { return run_chaos(arguments, around); });
  });
  add_soak(*chaos, arguments.soak, [&arguments, chosen] {
    chosen([&arguments](const chaos_surroundings& around) { return run_soak(arguments, around); });
  });
  add_record(*chaos, arguments.record, [&arguments, chosen] {
    chosen([&arguments](const chaos_surroundings& around) {
      return record_faults(arguments.record, around.io);
    });
  });
}

} // namespace ducat::cli
