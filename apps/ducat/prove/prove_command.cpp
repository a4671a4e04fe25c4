#include "prove/prove_command.hpp"

#include "client/table.hpp"
#include "page/report_file.hpp"
#include "prove/proven_flows.hpp"
#include "prove/trial_crowd.hpp"
#include "sim/seeds.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

constexpr std::uint64_t proven_seeds_max = 1'000;

exit_code prove_usage(const console& io, const std::string& what) {
  io.err << "ducat: " << what << '\n';
  return exit_code::usage;
}

exit_code list_flows(const console& io) {
  if (io.is_json()) {
    nlohmann::json all = nlohmann::json::array();
    for (const proven_flow& each : proven_flows())
      all.push_back({{"name", each.name}, {"about", each.about}});
    io.out << all.dump() << '\n';
    return exit_code::done;
  }
  table flows{{{"FLOW"}, {"ABOUT"}}};
  for (const proven_flow& each : proven_flows())
    flows.add({each.name, each.about});
  flows.print(io.out);
  return exit_code::done;
}

testing::prove_options options_of(const prove_arguments& arguments, const seed_range& seeds,
                                  const console& io) {
  testing::prove_options made{.pairs_max = arguments.pairs};
  made.seeds.clear();
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed)
    made.seeds.push_back(seed);
  crowd_options crowd{.jobs = arguments.jobs};
  if (crowd.jobs == 0)
    crowd.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (arguments.show_progress)
    crowd.on_progress = [&io](std::size_t done, std::size_t of) {
      io.err << '\r' << done << " of " << of << " runs" << (done == of ? "\n" : "") << std::flush;
    };
  made.run = [crowd](const testing::flow_maker& make, const std::vector<testing::trial>& all) {
    return run_in_crowd(make, all, crowd);
  };
  return made;
}

std::string again(const prove_arguments& arguments) {
  return "ducat prove " + arguments.flow + " --seeds " + arguments.seeds + " --pairs " +
         std::to_string(arguments.pairs);
}

} // namespace

exit_code run_prove(const prove_arguments& arguments, const console& io) {
  if (arguments.list)
    return list_flows(io);
  const auto found = std::ranges::find(proven_flows(), arguments.flow, &proven_flow::name);
  if (found == proven_flows().end())
    return prove_usage(io, "there is no flow " + printable(arguments.flow) +
                               ": see ducat prove --list");
  const auto seeds = seeds_of(arguments.seeds);
  if (!seeds || seeds->last - seeds->first >= proven_seeds_max)
    return prove_usage(io, "seeds are A..B or one number, a thousand at most, not " +
                               printable(arguments.seeds));
  report_file json_file{arguments.json};
  report_file page_file{arguments.report};
  for (const report_file* each : {&json_file, &page_file})
    if (!each->is_good())
      return prove_usage(io, "cannot write " + printable(each->name()));
  const auto proof = testing::prove(found->make, options_of(arguments, *seeds, io));
  if (!json_file.write(json_of(proof) + "\n") || !page_file.write(page_of(proof, again(arguments))))
    return prove_usage(
        io, "cannot write " + printable(json_file.is_good() ? page_file.name() : json_file.name()));
  if (io.is_json())
    io.out << json_of(proof) << '\n';
  else
    io.out << proof;
  return proof.holds() ? exit_code::done : exit_code::failed;
}

void add_prove_command(CLI::App& app, prove_arguments& arguments, std::function<void()> chosen) {
  CLI::App* prove = app.add_subcommand("prove", "Break a flow at every place where it can break");
  auto* const flow = prove->add_option("flow", arguments.flow, "Which; see --list");
  auto* const list = prove->add_flag("--list", arguments.list, "List the flows");
  flow->excludes(list);
  prove->add_option("--seeds,--seed", arguments.seeds, "A..B, or one")->capture_default_str();
  prove->add_option("--pairs", arguments.pairs, "Most runs with two faults, for each seed")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  prove->add_option("--jobs", arguments.jobs, "Processes; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  prove->add_option("--json", arguments.json, "A file for the certificate");
  prove->add_option("--report", arguments.report, "A file for a page of it");
  prove->callback([flow, list, chosen = std::move(chosen)] {
    if (flow->count() + list->count() == 0)
      throw CLI::RequiredError("flow");
    chosen();
  });
}

} // namespace ducat::cli
