#include "chaos/report_page.hpp"

#include "chaos/time_chart.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace ducat::cli {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1c1c1c; --soft: #666; --line: #ddd; --paper: #fff;
        --good: #1a7f4b; --bad: #c62828; --first: #2563c9; --second: #c2600a; --fault: #8a4fb0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #a0a0a0; --line: #3a3a3a; --paper: #161616; --good: #4cc38a;
          --bad: #ff7b72; --first: #7aa7ff; --second: #f0a35e; --fault: #c79be6; } }
body { font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; color: var(--ink);
       background: var(--paper); max-width: 1060px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 24px; margin: 0; }
h2 { font-size: 16px; margin: 28px 0 6px; }
p { margin: 4px 0; color: var(--soft); }
code { overflow-wrap: anywhere; color: var(--ink); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line);
         vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--soft); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
svg { width: 100%; height: auto; display: block; }
svg text { font-size: 11px; fill: var(--soft); }
.grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.first { stroke: var(--first); color: var(--first); }
.second { stroke: var(--second); color: var(--second); }
.legend { font-size: 13px; }
.fault { fill: var(--fault); fill-opacity: 0.75; }
)";

std::string state_cell(bool is_good, std::string_view good, std::string_view bad) {
  return fmt::format("<td class=\"{}\">{}</td>", is_good ? "good" : "bad", is_good ? good : bad);
}

std::string measures_of(const chaos_measurements& run) {
  std::string out = "<h2>Verdict</h2>\n<table>\n<tr><th>Measure</th><th>Value</th><th>Has to "
                    "be</th><th></th></tr>\n";
  for (const measure& each : run.measures)
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td>{}</tr>\n", html_text(each.name),
                       html_text(each.value), html_text(each.bound),
                       each.bound.empty() ? "<td></td>" : state_cell(each.is_met, "ok", "missed"));
  return out + "</table>\n";
}

std::string findings_of(const chaos_measurements& run) {
  if (run.findings.empty())
    return {};
  std::string out = "<h2>Findings</h2>\n<ul>\n";
  for (const std::string& each : run.findings)
    out += "<li>" + html_text(each) + "</li>\n";
  return out + "</ul>\n";
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
  return "<h2>Payments</h2>\n" + line_chart({acknowledged}, run.length, "/s", false) +
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
  std::string out = "<h2>Faults</h2>\n" + lane_chart(all, run.length);
  for (const auto& [action, count] : missed)
    out += fmt::format("<p>{} {}: hit nothing</p>\n", count, html_text(action));
  return out;
}

std::string restarts_of(const chaos_measurements& run) {
  if (run.restarts.empty())
    return {};
  std::string out = "<h2>Restarts</h2>\n<table>\n<tr><th>Part</th><th>Lives after the "
                    "first</th></tr>\n";
  for (const auto& [part, count] : run.restarts)
    out += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", html_text(part), count);
  return out + "</table>\n";
}

} // namespace

std::string report_page(const chaos_measurements& run, std::string_view replay) {
  const bool is_green = run.is_green();
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>ducat chaos: {0}</title>\n<style>{1}</style>\n</head>\n<body>\n"
      "<h1>Run under faults: <span class=\"{2}\">{0}</span></h1>\n"
      "<p>Stage {3}, seed {4}, {5:g} s of load.</p>\n<p>Again: <code>{6}</code></p>\n"
      "{7}{8}{9}{10}{11}</body>\n</html>\n",
      is_green ? "green" : "red", style, is_green ? "good" : "bad", html_text(run.stage), run.seed,
      std::chrono::duration<double>(run.length).count(), html_text(replay), measures_of(run),
      findings_of(run), load_of(run), faults_of(run), restarts_of(run));
}

} // namespace ducat::cli
