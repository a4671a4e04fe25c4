#include "supervision/count_starts.hpp"

#include "routing/pool.hpp"
#include "supervision/backoff.hpp"

#include <algorithm>
#include <limits>

namespace ducat::supervision {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t many = std::numeric_limits<std::uint64_t>::max();

std::uint64_t product(std::uint64_t a, std::uint64_t b) noexcept {
  return b != 0 && a > many / b ? many : a * b;
}

milliseconds sum(milliseconds a, milliseconds b) noexcept {
  return a > milliseconds::max() - b ? milliseconds::max() : a + b;
}

milliseconds times(milliseconds a, std::uint64_t factor) noexcept {
  const auto ms = product(static_cast<std::uint64_t>(a.count()), factor);
  return milliseconds{static_cast<std::int64_t>(
      std::min(ms, static_cast<std::uint64_t>(milliseconds::max().count())))};
}

/// Returns the sum of the first `count` waits, each as short as it can be.
milliseconds sum_of_waits(const backoff_spec& backoff, std::uint32_t count) {
  constexpr std::uint32_t doublings_max = 64; // Any wait has reached backoff.max by then.
  milliseconds total{0};
  for (std::uint32_t waits = 0; waits < std::min(count, doublings_max); ++waits)
    total = sum(total, shortest_backoff_after(backoff, waits));
  const std::uint32_t rest = count - std::min(count, doublings_max);
  return sum(total, times(shortest_backoff_after(backoff, doublings_max), rest));
}

/// A supervisor that ends has ended with `shutdown`, which is normal.
bool is_restarted(const child_spec& child) noexcept {
  return child.restart == permanent || (child.restart == transient && is_worker(child));
}

/// Returns whether `in` ends by itself when `child` has ended for good and the others run.
bool ends_with(const supervisor_spec& in, const child_spec& child) {
  if (!child.significant || in.flags.auto_shutdown == auto_shutdown::never)
    return false;
  return in.flags.auto_shutdown == auto_shutdown::any_significant ||
         std::ranges::count(in.children, true, &child_spec::significant) == 1;
}

/// What is known on the way up.
struct climb {
  start_count count;
  milliseconds life{0};   ///< From the start to the end of the child that was looked at last.
  std::string instance{}; ///< What comes back with no later life of its supervisor, if it is one.
};

/// Goes from the end of a child to the end of its supervisor, or stops there.
void climb_over(const lint_link& link, climb& up) {
  const supervisor_flags& flags = link.in.flags;
  const auto stop = [&](start_count::end how, const std::string& at) {
    up.count.then = how;
    up.count.at = at;
  };
  if (!is_restarted(link.child)) {
    if (!ends_with(link.in, link.child))
      stop(start_count::end::stays_down, link.path);
    return;
  }
  if (!up.instance.empty() && flags.restarts_max > 0)
    return stop(start_count::end::stays_down, up.instance);
  const auto span = time_to_exceed(link.child, flags.restarts_max, up.life);
  if (span > flags.window) {
    up.count.starts = many;
    return stop(start_count::end::goes_on, link.path);
  }
  up.life = sum(up.life, span);
  up.count.starts = product(up.count.starts, std::uint64_t{flags.restarts_max} + 1);
}

} // namespace

bool is_worker(const child_spec& child) noexcept {
  return !child.pool && child.supervisor == nullptr;
}

supervisor_spec outline_of_pool(const child_spec& child) {
  supervisor_spec outline{.flags = flags_of(*child.pool), .children = {}};
  outline.children.push_back({.id = "w1",
                              .restart = child.restart,
                              .shutdown = child.shutdown,
                              .backoff = child.backoff,
                              .handler_budget = child.handler_budget});
  outline.children.push_back({.id = router_id});
  return outline;
}

milliseconds time_to_exceed(const child_spec& child, std::uint32_t restarts_max,
                            milliseconds life) {
  // A life that lasts long enough makes the next wait the first again.
  const auto waits = life >= child.backoff.max
                         ? times(shortest_backoff_after(child.backoff, 0), restarts_max)
                         : sum_of_waits(child.backoff, restarts_max);
  return sum(times(life, restarts_max), waits);
}

start_count count_starts(const lint_link& leaf) {
  climb up{.count = {.path = leaf.path}};
  for (const lint_link* at = &leaf; at != nullptr; at = at->above) {
    climb_over(*at, up);
    if (up.count.then != start_count::end::root_gives_up)
      break;
    if (up.instance.empty() && at->in.flags.strategy == simple_one_for_one)
      up.instance = at->path;
  }
  return up.count;
}

} // namespace ducat::supervision
