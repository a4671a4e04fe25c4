#include "prove/prove_command.hpp"

#include <nlohmann/json.hpp>

namespace ducat::cli {

namespace {

using nlohmann::json;

json json_of_fault(const testing::flow_fault& what) {
  json made{{"what", std::string{to_string(what.what)}}, {"at", what.at}};
  if (!what.node.empty())
    made["node"] = what.node;
  if (!what.child.empty())
    made["child"] = what.child;
  if (!what.point.empty())
    made["point"] = what.point;
  return made;
}

json json_of_failure(const testing::certificate& of, const testing::failed_trial& what) {
  json faults = json::array();
  for (const auto& each : what.what.faults)
    faults.push_back(json_of_fault(each));
  json broken = json::array();
  for (const auto& each : what.broken)
    broken.push_back({{"claim", each.claim}, {"why", each.why}});
  return {{"seed", what.what.seed},
          {"lease_ms", what.what.lease.count()},
          {"faults", faults},
          {"broken", broken},
          {"test", test_of(of, what)}};
}

json json_of_seed(const testing::explored_seed& of) {
  json children = json::array();
  for (const auto& each : of.children)
    children.push_back({{"node", each.node}, {"path", each.path}});
  return {{"seed", of.seed},
          {"boundaries", of.messages},
          {"points", of.points},
          {"children", children},
          {"pairs_possible", of.pairs_possible}};
}

} // namespace

std::string json_of(const testing::certificate& what) {
  json seeds = json::array();
  for (const auto& each : what.seeds)
    seeds.push_back(json_of_seed(each));
  json claims = json::array();
  for (const auto& each : what.claims)
    claims.push_back({{"claim", each.claim}, {"held", each.held}, {"broken", each.broken}});
  json shortest = json::array();
  for (const auto& each : what.shortest)
    shortest.push_back(json_of_failure(what, each));
  return json{
      {"flow", what.flow},
      {"requests", what.requests},
      {"seeds", seeds},
      {"lease_ms", what.lease.count()},
      {"runs",
       {{"without_fault", what.without}, {"one_fault", what.singles}, {"two_faults", what.pairs}}},
      {"faults", what.broken_by},
      {"came_too_late", what.came_too_late},
      {"answers", what.answers},
      {"claims", claims},
      {"failed", what.failed},
      {"shortest", shortest},
      {"holds", what.holds()}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace ducat::cli
