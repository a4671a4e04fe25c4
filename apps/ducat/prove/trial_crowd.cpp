#include "prove/trial_crowd.hpp"

#include "sim/claims.hpp"
#include "sim/process_crowd.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace ducat::cli {

namespace {

using nlohmann::json;
using testing::flow_maker;
using testing::trial;
using testing::trial_result;

std::string line_of_run(const trial_result& run) {
  json hits = json::array();
  for (const auto& each : run.hits)
    hits.push_back({each.point, each.number, each.after});
  json children = json::array();
  for (const auto& each : run.children)
    children.push_back({each.node, each.path});
  json broken = json::array();
  for (const auto& each : run.broken)
    broken.push_back({each.claim, each.why});
  const json line{{"messages", run.messages}, {"struck", run.struck}, {"hits", hits},
                  {"children", children},     {"broken", broken},     {"answers", run.answers}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

trial_result run_of_line(const json& line) {
  trial_result run;
  run.messages = line["messages"].get<std::uint64_t>();
  run.struck = line["struck"].get<std::uint64_t>();
  run.answers = line["answers"].get<std::vector<std::string>>();
  for (const json& each : line["hits"])
    run.hits.push_back(
        {each[0].get<std::string>(), each[1].get<std::uint64_t>(), each[2].get<std::uint64_t>()});
  for (const json& each : line["children"])
    run.children.push_back({each[0].get<std::string>(), each[1].get<std::string>()});
  for (const json& each : line["broken"])
    run.broken.push_back({each[0].get<std::string>(), each[1].get<std::string>()});
  return run;
}

trial_result died(const trial& what, const std::string& how) {
  trial_result run;
  run.struck = what.faults.size();
  run.broken.push_back({sim::claim_ends, "the process ended: " + how});
  return run;
}

} // namespace

std::vector<trial_result> run_in_crowd(const flow_maker& make, const std::vector<trial>& all,
                                       const crowd_options& options) {
  std::vector<trial_result> results(all.size());
  std::size_t done = 0;
  const auto take = [&](std::uint64_t number, trial_result run) {
    results.at(number) = std::move(run);
    if (++done; options.on_progress)
      options.on_progress(done, all.size());
  };
  run_in_processes(
      {.jobs = options.jobs,
       .runs = all.size(),
       .run = [&](std::uint64_t i) { return line_of_run(testing::run_trial(make, all[i])); },
       .take =
           [&](std::uint64_t i, const std::string& line) {
             take(i, run_of_line(json::parse(line)));
             return true;
           },
       .take_end = [&](std::uint64_t i,
                       const std::string& how) { take(i, died(all.at(i), how)); }});
  return results;
}

} // namespace ducat::cli
