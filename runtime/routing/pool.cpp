#include "routing/pool.hpp"

#include "routing/router.hpp"
#include "supervision/child_slot.hpp"

#include <ducat/exit_reason.hpp>

#include <caf/event_based_actor.hpp>

namespace ducat {

std::string worker_id(std::uint32_t number) {
  return "w" + std::to_string(number);
}

std::string router_path(const std::string& pool_path) {
  return pool_path + "/" + router_id;
}

supervisor_flags flags_of(const pool_spec& pool) noexcept {
  return {.strategy = one_for_one, .restarts_max = pool.restarts_max, .window = pool.window};
}

std::string path_at(const std::string& path, const std::string& node) {
  return path + "@" + node;
}

bool is_granted(const redundancy_spec& group) noexcept {
  return group.mode != redundancy_mode::active_active;
}

namespace {

/// Returns the group that the pool is; nullptr if it is of this node only.
const redundancy_spec* group_of(const pool_spec& pool, const pool_place& place) {
  return pool.redundancy && place.grants ? &*pool.redundancy : nullptr;
}

std::string worker_path(const pool_place& place, std::uint32_t number) {
  return place.path + "/" + worker_id(number);
}

/// Returns the workers that the router has: of each node all of them, the nodes in the same order
/// everywhere.
std::vector<handle> routed_workers(const pool_spec& pool, const pool_place& place,
                                   directory& names) {
  std::vector<handle> workers;
  const redundancy_spec* const group = group_of(pool, place);
  const auto add_node = [&](const std::string& node) {
    for (std::uint32_t number = 1; number <= pool.size; ++number) {
      const std::string path = worker_path(place, number);
      workers.push_back(names.find(node.empty() ? path : path_at(path, node)));
    }
  };
  if (group == nullptr) {
    add_node("");
    return workers;
  }
  for (const std::string& node : group->nodes)
    add_node(node == place.grants->node() && !is_granted(*group) ? "" : node);
  return workers;
}

/// Returns the pool as its router sees it.
pool_spec routed_pool(const pool_spec& pool, const pool_place& place) {
  pool_spec seen = pool;
  const redundancy_spec* const group = group_of(pool, place);
  if (group == nullptr)
    return seen;
  for (std::size_t node = 1; node < group->nodes.size(); ++node)
    seen.weights.insert(seen.weights.end(), pool.weights.begin(), pool.weights.end());
  seen.size = static_cast<std::uint32_t>(pool.size * group->nodes.size());
  return seen;
}

/// A worker of a cold standby has nothing to do, until its node is granted the group.
child_start started_when_granted(child_start start, const pool_place& place) {
  const auto body = [start = std::move(start.body), group = place.path, grants = place.grants](
                        caf::event_based_actor* self, const caf::message& extra) {
    if (grants->newest(group).node == grants->node())
      return start(self, extra);
    ignore(self);
    return caf::behavior{};
  };
  return {.body = body, .detached = start.detached};
}

child_start worker_start(const child_spec& spec, const pool_place& place) {
  const redundancy_spec* const group = group_of(*spec.pool, place);
  if (group == nullptr || group->standby != standby_policy::cold)
    return spec.start;
  return started_when_granted(spec.start, place);
}

std::shared_ptr<router_probe> probe_of(const pool_place& place, directory& names) {
  return slot_of(names.find(router_path(place.path)))->router_probe();
}

} // namespace

supervisor_spec expand_pool(const child_spec& spec, const pool_place& place, directory& names) {
  supervisor_spec expanded{.flags = flags_of(*spec.pool), .children = {}};
  for (std::uint32_t number = 1; number <= spec.pool->size; ++number)
    expanded.children.push_back({.id = worker_id(number),
                                 .start = worker_start(spec, place),
                                 .restart = spec.restart,
                                 .shutdown = spec.shutdown,
                                 .backoff = spec.backoff,
                                 .handler_budget = spec.handler_budget});
  expanded.children.push_back(
      {.id = router_id,
       .start = routing::start_router(routed_workers(*spec.pool, place, names),
                                      routed_pool(*spec.pool, place),
                                      {.pool_path = place.path,
                                       .dead_letters = place.letters,
                                       .probe = probe_of(place, names)})});
  return expanded;
}

} // namespace ducat
