#include "sim/sim_page.hpp"

#include "page/html_page.hpp"
#include "sim/invariants.hpp"
#include "sim/sim_parts.hpp"

#include <ducat/fault.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace ducat::cli {

namespace {

constexpr std::size_t seeds_shown = 100;

/// What is the same for all seeds.
std::string options_text(const sim_arguments& arguments) {
  return fmt::format(" --payments {} --nodes {}{}{}", arguments.payments, arguments.nodes,
                     arguments.schedule.empty() ? "" : " --schedule " + arguments.schedule,
                     arguments.on_disk ? " --disk" : "");
}

std::string invariants_table(const sim_summary& sum, bool on_disk) {
  std::vector<std::vector<html_cell>> rows;
  for (const invariant_count& each : by_invariant(sum.failed, on_disk)) {
    rows.push_back({{each.name},
                    each.seeds == 0 ? html_cell{"held", "good"}
                                    : html_cell{fmt::format("violated by {}", each.seeds), "bad"}});
    if (!sum.failed.empty())
      rows.back().push_back({each.first_finding});
  }
  if (sum.failed.empty())
    return html_table({"What must hold", "In all seeds"}, rows);
  return html_table({"What must hold", "In all seeds", "First finding"}, rows);
}

std::string totals_table(const sim_summary& sum) {
  const auto row = [](const std::string& name, const std::string& value) {
    return std::vector<html_cell>{{name}, {value}};
  };
  return html_table(
      {"Total", ""},
      {row("runs", std::to_string(sum.runs)), row("violated", std::to_string(sum.failed.size())),
       row("run twice", fmt::format("{}, differing {}", sum.repeated, sum.differing)),
       row("acknowledged", std::to_string(sum.acknowledged)),
       row("answers unknown, then known", std::to_string(sum.unknown)),
       row("messages", std::to_string(sum.messages)),
       row("virtual time", fmt::format("{:.1f} s in {:.1f} s", sum.virtual_s, sum.real_s))});
}

std::string fault_points_part(const sim_summary& sum) {
  std::string out = html_heading("Fault points that fired");
  out += sum.fired.empty() ? html_paragraph("None.") : html_counts("Fault point", sum.fired);
  std::string never;
  for (const std::string& each : never_fired(sum))
    never += (never.empty() ? "" : ", ") + each;
  return never.empty() ? out : out + html_paragraph("Never: " + never);
}

std::string seeds_part(const sim_summary& sum, const sim_arguments& arguments) {
  if (sum.failed.empty())
    return {};
  std::string out = html_heading("Violated seeds");
  const std::size_t shown = std::min(sum.failed.size(), seeds_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const failed_seed& each = sum.failed[i];
    out += html_command(fmt::format("Seed {}", each.seed), replay_of(arguments, each.seed)) +
           html_list(each.violations);
  }
  if (shown < sum.failed.size())
    out += html_paragraph(fmt::format("And {} more.", sum.failed.size() - shown));
  return out;
}

} // namespace

std::string replay_of(const sim_arguments& arguments, std::uint64_t seed) {
  return fmt::format("ducat sim --seeds {}{}{}", seed, options_text(arguments),
                     arguments.on_disk ? "" : " --trace");
}

std::vector<std::string> never_fired(const sim_summary& sum) {
  std::vector<std::string> never;
  for (const fault_point_status& each : list_fault_points())
    if (!sum.fired.contains(std::string{each.name}) && !is_unsimulated(each.name))
      never.emplace_back(each.name);
  return never;
}

std::string sim_page(const sim_summary& sum, const sim_arguments& arguments) {
  std::string body = html_paragraph(fmt::format(
      "Seeds {}, {}.", arguments.seeds,
      arguments.on_disk ? "a machine on a disk" : fmt::format("{} nodes", arguments.nodes)));
  body += html_command("Again", "ducat sim --seeds " + arguments.seeds + options_text(arguments));
  body += html_heading("Verdict") + invariants_table(sum, arguments.on_disk);
  body += seeds_part(sum, arguments) + html_heading("Runs") + totals_table(sum);
  if (!sum.struck.empty())
    body += html_heading("Faults that struck") + html_counts("Fault", sum.struck);
  if (!arguments.on_disk)
    body += fault_points_part(sum);
  return to_html({.title = "ducat sim",
                  .heading = "Simulated runs",
                  .verdict = sum.is_green() ? "green" : "red",
                  .is_good = sum.is_green(),
                  .body = body});
}

} // namespace ducat::cli
