#include "sim/seeds.hpp"

#include "sim/process_crowd.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ducat::cli {

namespace {

using nlohmann::json;

// In a process of the crowd -----------------------------------------------------------------------

std::string text_of_line(const json& line) {
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string line_of(const sim_result& run, bool is_repeated, bool is_same) {
  json struck = json::object();
  for (const auto& [action, count] : run.struck)
    struck[std::string{to_string(action)}] = count;
  return text_of_line({{"trace", to_hex(run.trace)},
                       {"violations", run.violations},
                       {"acknowledged", run.acknowledged},
                       {"unknown", run.unknown},
                       {"messages", run.messages},
                       {"virtual_s", std::chrono::duration<double>{run.time}.count()},
                       {"struck", struck},
                       {"fired", run.fired},
                       {"repeated", is_repeated},
                       {"same", is_same}});
}

/// Returns the line that tells of a seed.
std::string run_seed(const seeds_options& options, std::uint64_t seed) {
  sim_run_options one = options.run;
  one.seed = seed;
  const auto run = options.run_one(one);
  if (!run)
    return text_of_line({{"error", to_string(run.error())}});
  if (seed - options.seeds.first >= options.repeat)
    return line_of(*run, false, true);
  const auto again = options.run_one(one);
  return line_of(*run, true, again && again->trace == run->trace);
}

// In the parent ----------------------------------------------------------------------------------

void add_run(sim_summary& sum, std::uint64_t seed, const json& line, bool keep_hash) {
  ++sum.runs;
  if (keep_hash)
    sum.hashes.emplace(seed, line["trace"].get<std::string>());
  sum.acknowledged += line["acknowledged"].get<std::uint64_t>();
  sum.unknown += line["unknown"].get<std::uint64_t>();
  sum.messages += line["messages"].get<std::uint64_t>();
  sum.virtual_s += line["virtual_s"].get<double>();
  sum.repeated += line["repeated"].get<bool>() ? 1 : 0;
  for (const auto& [action, count] : line["struck"].items())
    sum.struck[action] += count.get<std::uint64_t>();
  for (const auto& [point, count] : line["fired"].items())
    sum.fired[point] += count.get<std::uint64_t>();
  auto violations = line["violations"].get<std::vector<std::string>>();
  if (!line["same"].get<bool>()) {
    ++sum.differing;
    violations.emplace_back("the same seed gave another run");
  }
  if (!violations.empty())
    sum.failed.push_back({seed, std::move(violations)});
}

/// Errors: those that a line tells.
result<sim_summary> sum_of_all(const seeds_options& options) {
  sim_summary sum;
  std::optional<std::string> error;
  const auto tell = [&] {
    if (options.on_progress)
      options.on_progress(sum);
  };
  run_in_processes(
      {.jobs = options.jobs,
       .runs = options.seeds.last - options.seeds.first + 1,
       .run = [&](std::uint64_t i) { return run_seed(options, options.seeds.first + i); },
       .take =
           [&](std::uint64_t i, const std::string& text) {
             const json line = json::parse(text);
             if (line.contains("error"))
               error = line["error"].get<std::string>();
             else
               add_run(sum, options.seeds.first + i, line, options.keep_hashes);
             tell();
             return !error;
           },
       .take_end =
           [&](std::uint64_t i, const std::string& how) {
             ++sum.runs;
             sum.failed.push_back({options.seeds.first + i, {"the process ended: " + how}});
             tell();
           }});
  return error ? fail(errc::invalid_argument, *error) : result<sim_summary>{std::move(sum)};
}

} // namespace

std::optional<seed_range> seeds_of(const std::string& text) {
  seed_range range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc{})
    return std::nullopt;
  range.last = range.first;
  if (first.ptr == end)
    return range;
  if (text.substr(static_cast<std::size_t>(first.ptr - text.data()), 2) != "..")
    return std::nullopt;
  const auto last = std::from_chars(first.ptr + 2, end, range.last);
  if (last.ec != std::errc{} || last.ptr != end || range.last < range.first)
    return std::nullopt;
  return range;
}

result<sim_summary> run_seeds(const seeds_options& options) {
  const auto start = std::chrono::steady_clock::now();
  try {
    auto sum = sum_of_all(options);
    if (sum) {
      std::ranges::sort(sum->failed, {}, &failed_seed::seed);
      sum->real_s = std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();
    }
    return sum;
  } catch (const std::runtime_error& why) { // No process can be made.
    return fail(errc::io, why.what());
  }
}

} // namespace ducat::cli
