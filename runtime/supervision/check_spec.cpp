#include <ducat/child_spec.hpp>

#include <algorithm>
#include <set>

namespace ducat {

namespace {

constexpr std::size_t id_length_max = 64;

result<void> wrong(const std::string& path, const std::string& what) {
  return fail(errc::invalid_argument, (path.empty() ? "the root" : path) + ": " + what);
}

bool is_id(const std::string& id) {
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !id.empty() && id.size() <= id_length_max &&
         id.find_first_not_of(letters) == std::string::npos;
}

bool is_policy(route value) {
  switch (value) {
  case route::round_robin:
  case route::weighted_round_robin:
  case route::random:
  case route::least_requests:
  case route::power_of_two_choices:
  case route::by_key:
    return true;
  }
  return false;
}

result<void> check_breaker(const std::string& path, const breaker_spec& breaker) {
  if (breaker.failure_percent > 100)
    return wrong(path, "pool.breaker.failure_percent is at most 100");
  if (breaker.sample == 0)
    return wrong(path, "pool.breaker.sample is at least 1");
  if (breaker.pause.count() <= 0)
    return wrong(path, "pool.breaker.pause is more than 0");
  return {};
}

result<void> check_redundancy(const std::string& path, const redundancy_spec& group) {
  if (group.nodes.empty())
    return wrong(path, "pool.redundancy.nodes names the nodes");
  for (const std::string& node : group.nodes) {
    if (!is_id(node))
      return wrong(path, "the id of a node is 1 to 64 of a-z A-Z 0-9 . _ -");
    if (std::ranges::count(group.nodes, node) != 1)
      return wrong(path, "pool.redundancy.nodes names " + node + " twice");
  }
  const bool all_serve = group.mode == redundancy_mode::active_active;
  if (all_serve != (group.standby == standby_policy::active))
    return wrong(path, "pool.redundancy.standby is active with active_active, else cold or hot");
  if (all_serve && group.takeover)
    return wrong(path, "pool.redundancy.takeover is not for active_active, where all serve");
  return {};
}

result<void> check_pool(const std::string& path, const pool_spec& pool) {
  if (pool.size == 0)
    return wrong(path, "pool.size is at least 1");
  if (pool.window.count() <= 0)
    return wrong(path, "pool.window is more than 0");
  if (!is_policy(pool.policy))
    return wrong(path, "pool.policy is one of the policies");
  const bool weighted = pool.policy == route::weighted_round_robin;
  if (pool.weights.size() != (weighted ? pool.size : 0))
    return wrong(path, "pool.weights has one for each worker, and only for weighted_round_robin");
  if (std::ranges::count(pool.weights, 0u) != 0)
    return wrong(path, "each of pool.weights is more than 0");
  if (pool.pending_max != 0 && pool.pending_max < pool.in_flight_max)
    return wrong(path, "pool.pending_max is 0 or at least pool.in_flight_max");
  if (auto good = check_breaker(path, pool.breaker); !good)
    return good;
  return pool.redundancy ? check_redundancy(path, *pool.redundancy) : result<void>{};
}

result<void> check_significant(const std::string& path, const child_spec& child,
                               const supervisor_flags& flags) {
  if (!child.significant)
    return {};
  if (child.restart == permanent)
    return wrong(path, "a permanent child is never significant");
  if (flags.auto_shutdown == auto_shutdown::never)
    return wrong(path, "significant needs auto_shutdown");
  return {};
}

result<void> check_backoff(const std::string& path, const backoff_spec& backoff) {
  if (backoff.initial.count() < 0 || backoff.max < backoff.initial)
    return wrong(path, "backoff.initial is between 0 and backoff.max");
  if (backoff.jitter_percent > 100)
    return wrong(path, "backoff.jitter_percent is at most 100");
  return {};
}

result<void> check_mailbox(const std::string& path, const child_spec& child) {
  const mailbox_spec& mailbox = child.mailbox;
  if (mailbox.fate != mailbox_fate::drop && (child.pool || child.supervisor))
    return wrong(path, "mailbox.fate is only for a worker that is no pool");
  if (mailbox.capacity == 0 || mailbox.in_hand_max == 0 || mailbox.poison_after == 0)
    return wrong(path, "capacity, in_hand_max and poison_after of mailbox are at least 1");
  return {};
}

/// What goes for every child.
result<void> check_life(const std::string& path, const child_spec& child,
                        const supervisor_flags& flags) {
  if (child.shutdown && child.shutdown->timeout.count() < 0)
    return wrong(path, "shutdown is not negative");
  if (child.handler_budget.count() < 0)
    return wrong(path, "handler_budget is not negative");
  if (auto good = check_backoff(path, child.backoff); !good)
    return good;
  if (auto good = check_mailbox(path, child); !good)
    return good;
  return check_significant(path, child, flags);
}

/// What ends with a grant is started again with the next one.
result<void> check_pool_of(const std::string& path, const child_spec& child) {
  const auto& group = child.pool->redundancy;
  if (group && group->mode != redundancy_mode::active_active && child.restart == temporary)
    return wrong(path, "a temporary child is not for a pool.redundancy that is granted");
  return check_pool(path, *child.pool);
}

result<void> check_supervisor(const std::string& path, const supervisor_spec& spec);

result<void> check_child(const std::string& path, const child_spec& child,
                         const supervisor_flags& flags) {
  const bool is_worker = child.start.body != nullptr;
  if (is_worker == (child.supervisor != nullptr))
    return wrong(path, "exactly one of start and supervisor is given");
  if (child.pool && !is_worker)
    return wrong(path, "pool is only for a child with start");
  if (auto good = check_life(path, child, flags); !good)
    return good;
  if (child.pool)
    return check_pool_of(path, child);
  return is_worker ? result<void>{} : check_supervisor(path, *child.supervisor);
}

result<void> check_simple(const std::string& path, const supervisor_spec& spec) {
  if (spec.flags.strategy != simple_one_for_one)
    return {};
  if (spec.children.size() != 1)
    return wrong(path, "simple_one_for_one takes exactly one child, the template");
  if (spec.flags.auto_shutdown != auto_shutdown::never)
    return wrong(path, "simple_one_for_one never shuts down by itself");
  return {};
}

result<void> check_supervisor(const std::string& path, const supervisor_spec& spec) {
  if (spec.flags.window.count() <= 0)
    return wrong(path, "window is more than 0");
  if (auto good = check_simple(path, spec); !good)
    return good;
  std::set<std::string> ids;
  for (const child_spec& child : spec.children) {
    const std::string child_path = path.empty() ? child.id : path + "/" + child.id;
    if (!is_id(child.id))
      return wrong(child_path, "an id is 1 to 64 of a-z A-Z 0-9 . _ -");
    if (!ids.insert(child.id).second)
      return wrong(child_path, "this id is used twice");
    if (auto good = check_child(child_path, child, spec.flags); !good)
      return good;
  }
  return {};
}

} // namespace

result<void> check(const supervisor_spec& spec) {
  return check_supervisor("", spec);
}

} // namespace ducat
