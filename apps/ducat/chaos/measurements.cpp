#include "chaos/measurements.hpp"

#include "client/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <istream>
#include <ostream>
#include <unordered_map>

namespace ducat::cli {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t ns_per_s = 1'000'000'000;

ordered_json json_of_fault(const struck_fault& fault) {
  return {{"at_ms", fault.at.count()},
          {"action", fault.action},
          {"point", fault.point},
          {"child", fault.child},
          {"planned", fault.planned},
          {"targets", fault.targets},
          {"times", fault.times},
          {"lease_ms", fault.lease.count()},
          {"begun_at_ms", fault.begun_at.count()},
          {"ended_at_ms", fault.ended_at.count()}};
}

ordered_json json_of_seconds(const std::vector<load_second>& seconds) {
  ordered_json all = ordered_json::array();
  for (const load_second& each : seconds)
    all.push_back({{"acknowledged", each.acknowledged},
                   {"p50_ms", each.p50_ms},
                   {"p99_ms", each.p99_ms},
                   {"longest_ms", each.longest_ms}});
  return all;
}

/// `waits_ms` is sorted, and not empty.
double share_of_waits(const std::vector<double>& waits_ms, std::size_t percent) {
  return waits_ms[(waits_ms.size() - 1) * percent / 100];
}

load_second second_of(std::vector<double> waits_ms) {
  if (waits_ms.empty())
    return {};
  std::ranges::sort(waits_ms);
  return {.acknowledged = waits_ms.size(),
          .p50_ms = share_of_waits(waits_ms, 50),
          .p99_ms = share_of_waits(waits_ms, 99),
          .longest_ms = waits_ms.back()};
}

/// Collects how long clients waited for what was acknowledged, by second.
class waits_by_second {
public:
  explicit waits_by_second(std::uint64_t origin_ns) : origin_ns_{origin_ns} {}

  void take(const json& line) {
    const std::string id = line.value("op", "") + " " + line.value("key", "");
    if (line.contains("invoke_ns")) {
      sent_.try_emplace(id, line["invoke_ns"].get<std::uint64_t>());
      return;
    }
    const auto sent = sent_.find(id);
    if (sent == sent_.end())
      return;
    const std::string outcome = line.value("outcome", "");
    if (outcome == "ok" || outcome == "declined")
      add(sent->second, line.value("return_ns", std::uint64_t{0}));
    sent_.erase(sent);
  }

  std::vector<load_second> seconds() const {
    std::vector<load_second> all;
    for (const auto& each : waits_ms_)
      all.push_back(second_of(each));
    return all;
  }

private:
  void add(std::uint64_t sent_ns, std::uint64_t answered_ns) {
    const std::uint64_t at = std::max(answered_ns, origin_ns_) - origin_ns_;
    const auto second = static_cast<std::size_t>(at / ns_per_s);
    if (waits_ms_.size() <= second)
      waits_ms_.resize(second + 1);
    waits_ms_[second].push_back(static_cast<double>(answered_ns - std::min(sent_ns, answered_ns)) /
                                1e6);
  }

  std::uint64_t origin_ns_;
  std::unordered_map<std::string, std::uint64_t> sent_;
  std::vector<std::vector<double>> waits_ms_;
};

} // namespace

bool chaos_measurements::is_green() const noexcept {
  return !measures.empty() && std::ranges::all_of(measures, &measure::is_met);
}

void print_measures(std::ostream& out, const chaos_measurements& run) {
  std::size_t width = std::string_view{"verdict"}.size();
  for (const measure& each : run.measures)
    width = std::max(width, each.name.size());
  const auto name = [&](const std::string& text) {
    return text + std::string(width + 2 - text.size(), ' ');
  };
  for (const measure& each : run.measures) {
    out << name(each.name) << each.value;
    if (!each.bound.empty())
      out << (each.is_met ? "  ok, " : "  MISSED, ") << each.bound;
    out << '\n';
  }
  for (const std::string& each : run.findings)
    out << "  " << printable(each) << '\n';
  out << name("verdict") << (run.is_green() ? "green" : "red") << '\n';
}

std::string to_json(const chaos_measurements& run) {
  ordered_json document{{"stage", run.stage},
                        {"seed", run.seed},
                        {"length_ms", run.length.count()},
                        {"verdict", run.is_green() ? "green" : "red"}};
  document["measures"] = ordered_json::array();
  for (const measure& each : run.measures)
    document["measures"].push_back({{"name", each.name},
                                    {"value", each.value},
                                    {"bound", each.bound},
                                    {"is_met", each.is_met}});
  document["findings"] = run.findings;
  document["restarts"] = ordered_json::object();
  for (const auto& [node, count] : run.restarts)
    document["restarts"][node] = count;
  document["faults"] = ordered_json::array();
  for (const struck_fault& each : run.faults)
    document["faults"].push_back(json_of_fault(each));
  document["seconds"] = json_of_seconds(run.seconds);
  return document.dump(1, ' ', false, json::error_handler_t::replace);
}

std::vector<load_second> load_by_second(std::istream& record, std::uint64_t origin_ns) {
  waits_by_second waits{origin_ns};
  for (std::string line; std::getline(record, line);)
    if (const json parsed = json::parse(line, nullptr, false); parsed.is_object())
      waits.take(parsed);
  return waits.seconds();
}

} // namespace ducat::cli
