#include "cluster/trimming.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace ducat::cluster {

namespace {

std::uint64_t less(std::uint64_t from, std::uint64_t what) {
  return from - std::min(from, what);
}

/// Returns the newest entry whose state more than half of the nodes keep.
std::uint64_t kept_by_most(std::span<const member_status> nodes) {
  std::vector<std::uint64_t> kept;
  for (const member_status& each : nodes)
    kept.push_back(each.kept);
  std::ranges::sort(kept, std::greater<>{});
  return kept.empty() ? 0 : kept[kept.size() / 2];
}

/// Returns the newest entry whose state every node keeps that is not gone.
std::uint64_t kept_by_all(std::span<const member_status> nodes, std::uint64_t limit) {
  for (const member_status& each : nodes)
    if (each.now != member_status::state::gone)
      limit = std::min(limit, each.kept);
  return limit;
}

} // namespace

std::uint64_t trim_point(std::span<const member_status> nodes, std::uint64_t newest,
                         const trim_rule& rule) {
  const std::uint64_t most = kept_by_most(nodes);
  const std::uint64_t all = kept_by_all(nodes, most);
  const std::uint64_t wanted = less(newest, rule.entries_kept);
  const std::uint64_t needed = std::max(less(all, 1), less(newest, rule.entries_max));
  return std::min({wanted, less(most, 1), needed});
}

} // namespace ducat::cluster
