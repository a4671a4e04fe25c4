#include "demo/nemesis.hpp"

#include "load/random.hpp"

#include <algorithm>

namespace ducat::cli {

namespace {

/// Adds `count` blows evenly over the run, away from its very beginning and end.
template <class Make>
void spread(std::vector<blow>& plan, std::uint64_t operations, std::uint32_t count, Make make) {
  for (std::uint64_t i = 1; i <= count; ++i) {
    plan.push_back(make());
    plan.back().after = operations * i / (count + 1);
  }
}

} // namespace

std::vector<blow> plan_blows(const nemesis_options& o) {
  random_numbers random{o.seed};
  std::vector<blow> plan;
  const auto crash = [](const std::string& path) {
    return blow{.what = blow::kind::child, .target = path};
  };
  spread(plan, o.operations, o.worker_crashes,
         [&] { return crash("payments/w" + std::to_string(1 + random.below(o.workers))); });
  for (const char* path : {"payments", "payments/router", "ledger", "gateway"})
    spread(plan, o.operations, o.other_crashes, [&] { return crash(path); });
  if (!o.points.empty())
    spread(plan, o.operations, o.points_armed, [&] {
      return blow{.what = blow::kind::point, .target = o.points[random.below(o.points.size())]};
    });
  spread(plan, o.operations, o.process_kills, [] { return blow{.what = blow::kind::process}; });
  for (blow& each : plan)
    if (!o.nodes.empty())
      each.node = o.nodes[random.below(o.nodes.size())];
  if (!o.members.empty())
    spread(plan, o.operations, o.member_kills, [&] {
      return blow{.what = blow::kind::member, .node = o.members[random.below(o.members.size())]};
    });
  std::ranges::stable_sort(plan, {}, &blow::after);
  return plan;
}

} // namespace ducat::cli
