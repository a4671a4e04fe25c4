#include "chaos/recorded_faults.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <istream>
#include <tuple>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Returns the number in `count` digits from `at` on; nothing if there is none.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  if (text.size() < at + count)
    return std::nullopt;
  const auto [end, code] = std::from_chars(text.data() + at, text.data() + at + count, value);
  return code == std::errc{} && end == text.data() + at + count ? std::optional{value}
                                                                : std::nullopt;
}

/// Returns the time that a line begins with: "[2026-01-31 12:00:00.123] ...".
std::optional<std::chrono::sys_time<milliseconds>> time_of(std::string_view line) {
  const auto year = digits(line, 1, 4);
  const auto month = digits(line, 6, 2);
  const auto day = digits(line, 9, 2);
  const auto hour = digits(line, 12, 2);
  const auto minute = digits(line, 15, 2);
  const auto second = digits(line, 18, 2);
  const auto ms = digits(line, 21, 3);
  if (!line.starts_with("[") || !year || !month || !day || !hour || !minute || !second || !ms)
    return std::nullopt;
  const std::chrono::sys_days date =
      std::chrono::year{*year} / static_cast<unsigned>(*month) / static_cast<unsigned>(*day);
  return date + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + milliseconds{*ms};
}

/// Returns the value after `name=` in a line of key=value pairs; empty if there is none.
std::string field_of(const std::string& line, const std::string& name) {
  const auto at = line.find(" " + name + "=");
  if (at == std::string::npos)
    return {};
  const auto begin = at + name.size() + 2;
  return line.substr(begin, line.find(' ', begin) - begin);
}

std::uint64_t number_of(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<fault_action> action_named(const std::string& name) {
  const auto& all = all_fault_actions();
  const auto found =
      std::ranges::find_if(all, [&](fault_action each) { return to_string(each) == name; });
  return found == all.end() ? std::nullopt : std::optional{*found};
}

/// What was over at once may have had none.
milliseconds lease_of(std::int64_t lease_ms) {
  return lease_ms > 0 ? milliseconds{lease_ms} : fault_rule{}.lease;
}

/// Returns what a line says was done, by the time of the line; nothing if it says something else.
std::optional<fault_rule> rule_in(const std::string& line, const std::string& node) {
  if (line.find("] runtime_ended reason=\"killed by SIGKILL\"") != std::string::npos)
    return fault_rule{.what = fault_action::kill, .node = node};
  if (line.find("] runtime_paused ") != std::string::npos)
    return fault_rule{.what = fault_action::pause,
                      .node = node,
                      .lease = milliseconds{number_of(field_of(line, "for_ms"))}};
  const auto what = action_named(field_of(line, "fault"));
  const bool is_link = !field_of(line, "link").empty(); // No schedule cuts one link alone.
  if (line.find("] fault_ordered ") == std::string::npos || !what || is_link)
    return std::nullopt;
  return fault_rule{.what = *what,
                    .point = field_of(line, "point"),
                    .child = field_of(line, "child"),
                    .node = node,
                    .times = static_cast<std::uint32_t>(number_of(field_of(line, "times"))),
                    .lease = milliseconds{number_of(field_of(line, "lease_ms"))}};
}

} // namespace

std::vector<recorded_fault> faults_in_log(std::istream& log, const std::string& node) {
  std::vector<recorded_fault> all;
  for (std::string line; std::getline(log, line);)
    if (const auto at = time_of(line))
      if (auto rule = rule_in(line, node)) {
        const bool is_over = rule->what == fault_action::pause; // Nobody logs while it lasts.
        all.push_back({.at = is_over ? *at - rule->lease : *at, .what = std::move(*rule)});
      }
  return all;
}

result<std::vector<recorded_fault>> faults_in_report(std::istream& report) {
  try {
    std::vector<recorded_fault> all;
    const auto document = nlohmann::json::parse(report);
    for (const auto& each : document.at("faults"))
      if (const auto what = action_named(each.at("action")); what && !each.at("targets").empty())
        all.push_back({.at = std::chrono::sys_time<milliseconds>{milliseconds{
                           each.at("begun_at_ms").get<std::int64_t>()}},
                       .what = {.what = *what,
                                .point = each.at("point"),
                                .child = each.at("child"),
                                .node = each.at("planned"),
                                .times = each.at("times"),
                                .lease = lease_of(each.at("lease_ms").get<std::int64_t>())}});
    return all;
  } catch (const nlohmann::json::exception&) {
    return fail(errc::invalid_argument, "this is no report of ducat chaos --json");
  }
}

fault_schedule schedule_of(std::vector<recorded_fault> faults) {
  std::ranges::stable_sort(faults, {}, &recorded_fault::at);
  fault_schedule made{.length = 2s};
  const auto same_but_for_time = [](const fault_rule& a, const fault_rule& b) {
    return std::tie(a.what, a.point, a.child, a.node, a.times, a.lease) ==
           std::tie(b.what, b.point, b.child, b.node, b.times, b.lease);
  };
  for (const recorded_fault& each : faults) {
    const milliseconds at = 1s + (each.at - faults.front().at);
    auto found = std::ranges::find_if(
        made.rules, [&](const fault_rule& rule) { return same_but_for_time(rule, each.what); });
    if (found == made.rules.end())
      found = made.rules.insert(found, each.what);
    found->at.push_back(at);
    made.length = std::max(made.length, at + std::max(each.what.lease, milliseconds{1s}));
  }
  return made;
}

} // namespace ducat::cli
