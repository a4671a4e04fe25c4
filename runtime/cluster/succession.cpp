#include "cluster/succession.hpp"

#include <algorithm>
#include <utility>

namespace ducat::cluster {

std::optional<std::size_t> rank_of(const std::string& me, const std::string& holder,
                                   std::vector<candidate> candidates) {
  std::erase_if(candidates,
                [&](const candidate& each) { return !each.is_able || each.node == holder; });
  std::ranges::sort(candidates, {},
                    [](const candidate& each) { return std::pair(each.priority, each.node); });
  const auto found = std::ranges::find(candidates, me, &candidate::node);
  if (found == candidates.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - candidates.begin());
}

bool succession::is_my_turn(std::uint64_t epoch, bool holder_failed,
                            std::optional<std::size_t> rank, time_point now) {
  if (std::exchange(epoch_, epoch) != epoch || !holder_failed) {
    failed_since_.reset();
    tried_at_.reset();
  }
  if (!holder_failed || !rank)
    return false;
  if (!failed_since_)
    failed_since_ = now;
  if (now < *failed_since_ + step * *rank || (tried_at_ && now < *tried_at_ + step))
    return false;
  tried_at_ = now;
  return true;
}

} // namespace ducat::cluster
