#include "chaos/report_page.hpp"

#include "chaos/time_chart.hpp"
#include "page/html_page.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace ducat::cli {

namespace {

std::string measures_of(const chaos_measurements& run) {
  std::vector<std::vector<html_cell>> rows;
  for (const measure& each : run.measures) {
    html_cell state;
    if (!each.bound.empty())
      state = each.is_met ? html_cell{"ok", "good"} : html_cell{"missed", "bad"};
    rows.push_back({{each.name}, {each.value}, {each.bound}, state});
  }
  return html_heading("Verdict") + html_table({"Measure", "Value", "Has to be", ""}, rows);
}

std::string findings_of(const chaos_measurements& run) {
  return run.findings.empty() ? "" : html_heading("Findings") + html_list(run.findings);
}

std::string load_of(const chaos_measurements& run) {
  chart_line acknowledged{.name = "acknowledged in each second", .style = "first"};
  chart_line p50{.name = "p50 of the wait for an acknowledgement", .style = "first"};
  chart_line p99{.name = "p99", .style = "second"};
  for (const load_second& each : run.seconds) {
    acknowledged.values.push_back(static_cast<double>(each.acknowledged));
    const bool has_waits = each.acknowledged > 0;
    p50.values.push_back(has_waits ? each.p50_ms : std::nan(""));
    p99.values.push_back(has_waits ? each.p99_ms : std::nan(""));
  }
  return html_heading("Payments") + line_chart({acknowledged}, run.length, "/s", false) +
         line_chart({p50, p99}, run.length, "ms", true);
}

std::string text_of(const struck_fault& fault) {
  std::string text = fault.action;
  for (const std::string* each : {&fault.point, &fault.child})
    if (!each->empty())
      text += " " + *each;
  for (const std::string& each : fault.targets)
    text += " " + each;
  return text + fmt::format(" at {:.1f} s for {:.1f} s",
                            std::chrono::duration<double>(fault.begun_at).count(),
                            std::chrono::duration<double>(fault.ended_at - fault.begun_at).count());
}

/// One lane for each action, so that a soak of hundreds of kills can still be read.
std::string faults_of(const chaos_measurements& run) {
  std::map<std::string, chart_lane> lanes;
  std::map<std::string, std::size_t> missed;
  for (const struck_fault& each : run.faults)
    if (each.targets.empty())
      ++missed[each.action];
    else
      lanes[each.action].spans.push_back({each.begun_at, each.ended_at, text_of(each)});
  std::vector<chart_lane> all;
  for (auto& [action, lane] : lanes) {
    lane.name = fmt::format("{} ({})", action, lane.spans.size());
    all.push_back(std::move(lane));
  }
  std::string out = html_heading("Faults") + lane_chart(all, run.length);
  for (const auto& [action, count] : missed)
    out += html_paragraph(fmt::format("{} {}: hit nothing", count, action));
  return out;
}

std::string restarts_of(const chaos_measurements& run) {
  std::vector<std::vector<html_cell>> rows;
  for (const auto& [part, count] : run.restarts)
    rows.push_back({{part}, {std::to_string(count)}});
  return rows.empty()
             ? ""
             : html_heading("Restarts") + html_table({"Part", "Lives after the first"}, rows);
}

} // namespace

std::string report_page(const chaos_measurements& run, std::string_view replay) {
  const std::string about = fmt::format("Stage {}, seed {}, {:g} s of load.", run.stage, run.seed,
                                        std::chrono::duration<double>(run.length).count());
  return to_html({.title = "ducat chaos",
                  .heading = "Run under faults",
                  .verdict = run.is_green() ? "green" : "red",
                  .is_good = run.is_green(),
                  .body = html_paragraph(about) + html_command("Again", replay) + measures_of(run) +
                          findings_of(run) + load_of(run) + faults_of(run) + restarts_of(run)});
}

} // namespace ducat::cli
