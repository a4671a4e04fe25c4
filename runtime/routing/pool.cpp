#include "routing/pool.hpp"

#include "routing/router.hpp"

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

supervisor_spec expand_pool(const child_spec& spec, const std::string& path, directory& names,
                            std::shared_ptr<dead_letters> letters) {
  supervisor_spec expanded{.flags = flags_of(*spec.pool), .children = {}};
  std::vector<handle> workers;
  for (std::uint32_t number = 1; number <= spec.pool->size; ++number) {
    const std::string id = worker_id(number);
    workers.push_back(names.find(path + "/" + id));
    expanded.children.push_back({.id = id,
                                 .start = spec.start,
                                 .restart = spec.restart,
                                 .shutdown = spec.shutdown,
                                 .backoff = spec.backoff,
                                 .handler_budget = spec.handler_budget});
  }
  expanded.children.push_back(
      {.id = router_id,
       .start = routing::start_router(std::move(workers), *spec.pool,
                                      {.pool_path = path, .dead_letters = std::move(letters)})});
  return expanded;
}

} // namespace ducat
