#include "chaos/run_measures.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ducat::cli {

namespace {

measure told(std::string name, std::uint64_t value) {
  return {.name = std::move(name), .value = std::to_string(value)};
}

measure none(std::string name, std::uint64_t value) {
  return {
      .name = std::move(name), .value = std::to_string(value), .bound = "0", .is_met = value == 0};
}

measure at_least(std::string name, std::uint64_t value, std::uint64_t min) {
  return {.name = std::move(name),
          .value = std::to_string(value),
          .bound = std::to_string(min) + " at least",
          .is_met = value >= min};
}

std::uint64_t hit_by(const std::vector<struck_fault>& faults, const std::string& action) {
  std::uint64_t count = 0;
  for (const struck_fault& each : faults)
    count += each.action == action ? each.targets.size() : 0;
  return count;
}

} // namespace

std::vector<measure> measures_of(const run_outcome& run, const run_bounds& bounds) {
  const auto struck = static_cast<std::uint64_t>(std::ranges::count_if(
      run.faults, [](const struck_fault& each) { return !each.targets.empty(); }));
  const std::uint64_t lost = run.found.found.count(finding_kind::lost);
  const std::uint64_t doubled = run.found.found.count(finding_kind::doubled);
  std::vector<measure> all;
  measure faults = at_least("faults that struck", struck, bounds.struck_min);
  faults.value += " of " + std::to_string(run.planned);
  all.push_back(std::move(faults));
  all.push_back(at_least("processes killed", hit_by(run.faults, "kill"), bounds.kills_min));
  if (run.loses_power)
    all.push_back(at_least("disks that lost power", hit_by(run.faults, "power_loss"),
                           bounds.power_losses_min));
  all.push_back(at_least("acknowledged", run.found.acknowledged, bounds.acknowledged_min));
  all.push_back(told("attempts repeated", run.clients.retries));
  all.push_back(none("unresolved", std::max(run.found.in_doubt, run.clients.in_doubt)));
  all.push_back(none("refused", run.clients.refused));
  all.push_back(none("lost", lost));
  all.push_back(none("doubled", doubled));
  all.push_back(none("other findings", run.found.found.total() - lost - doubled));
  all.push_back({.name = "nodes with the same log",
                 .value = std::to_string(run.agreeing),
                 .bound = "all",
                 .is_met = run.agreeing == run.nodes});
  all.push_back(told("entries of the log", run.found.entries));
  return all;
}

} // namespace ducat::cli
