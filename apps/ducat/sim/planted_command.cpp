#include "sim/planted_command.hpp"

#ifdef DUCAT_PLANTED_BUGS

#include "bench/work_directory.hpp"
#include "client/table.hpp"
#include "sim/disk_run.hpp"
#include "sim/seeds.hpp"

#include <ducat/planted.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ostream>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace ducat::cli {

namespace {

constexpr std::uint64_t seeds_max = 1'000;
constexpr std::uint64_t first_block = 8;
constexpr double seconds_max = 300;

/// What it took to find a bug.
struct search {
  std::optional<failed_seed> found{};
  std::uint64_t runs = 0;
  double seconds = 0;
};

seeds_options options_for(const planted::description& bug, const sim_arguments& arguments,
                          const std::filesystem::path& disk) {
  seeds_options options{.run = {.nodes = arguments.nodes, .payments = arguments.payments},
                        .jobs = arguments.jobs == 0
                                    ? std::max(1u, std::thread::hardware_concurrency())
                                    : arguments.jobs};
  if (bug.finds == planted::detector::disk)
    options.run_one = [disk](const sim_run_options& one) { return run_on_disk(one, disk); };
  return options;
}

/// Runs seed after seed, in blocks that grow, until one finds it: the first of that block.
result<search> look_for(const planted::description& bug, seeds_options options) {
  search made;
  planted::plant(bug.which);
  for (std::uint64_t next = 1, size = first_block;
       next <= seeds_max && !made.found && made.seconds < seconds_max; next += size, size *= 2) {
    options.seeds = {.first = next, .last = std::min(next + size - 1, seeds_max)};
    const auto block = run_seeds(options);
    if (!block)
      return tl::unexpected(block.error());
    made.runs = options.seeds.last;
    made.seconds += block->real_s;
    if (!block->failed.empty())
      made.found = block->failed.front();
  }
  planted::plant(planted::bug::none);
  return made;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", seconds);
  return text;
}

std::vector<std::string> row_of(const planted::description& bug, const search& made) {
  const std::string violation = made.found ? made.found->violations.front() : "";
  return {std::string{bug.name}, std::string{to_string(bug.finds)},
          made.found ? std::to_string(made.found->seed) : "not in " + std::to_string(made.runs),
          seconds_text(made.seconds), printable(violation.substr(0, 100))};
}

exit_code find_all(const sim_arguments& arguments, const console& io) {
  const auto disk = bench::work_directory::make({});
  if (!disk) {
    io.err << "ducat: " << to_string(disk.error()) << '\n';
    return exit_code::usage;
  }
  table rows{
      {{"bug"}, {"detector"}, {"seed", align::right}, {"seconds", align::right}, {"violated"}}};
  std::size_t found = 0;
  for (const planted::description& each : planted::all()) {
    const auto made = look_for(each, options_for(each, arguments, (*disk)->path()));
    if (!made) {
      io.err << "ducat: " << to_string(made.error()) << '\n';
      return exit_code::usage;
    }
    rows.add(row_of(each, *made));
    found += made->found ? 1 : 0;
    if (arguments.show_progress)
      io.err << each.name << ": " << (made->found ? "found" : "NOT found") << '\n';
  }
  const std::size_t bugs = planted::all().size();
  rows.print(io.out);
  io.out << '\n' << found << " of " << bugs << " found\n";
  return found == bugs ? exit_code::done : exit_code::failed;
}

} // namespace

void add_planted_options(CLI::App& sim, sim_arguments& arguments) {
  sim.add_option("--plant", arguments.plant, "The bug that is there; see --planted");
  sim.add_flag("--planted", arguments.planted, "Look for each bug that can be planted, in turn");
}

std::optional<exit_code> begin_planted(const sim_arguments& arguments, const console& io) {
  if (arguments.planted)
    return find_all(arguments, io);
  if (arguments.plant.empty())
    return std::nullopt;
  const auto bug = planted::named(arguments.plant);
  if (!bug) {
    io.err << "ducat: there is no bug called " << arguments.plant << '\n';
    return exit_code::usage;
  }
  planted::plant(*bug);
  return std::nullopt;
}

} // namespace ducat::cli

#endif
