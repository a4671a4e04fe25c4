#include "load/order.hpp"

namespace ducat::cli {

void operation_order::admit(std::uint64_t id, const std::vector<std::string>& needs,
                            std::vector<std::string> touches) {
  std::size_t blockers = 0;
  for (const std::string& need : needs) {
    const auto found = touching_.find(need);
    if (found == touching_.end())
      continue;
    blockers += found->second.size();
    for (const std::uint64_t blocker : found->second)
      operations_.at(blocker).blocked.push_back(id);
  }
  for (const std::string& touched : touches)
    touching_[touched].push_back(id);
  operations_.emplace(id, waiting{.touches = std::move(touches), .blockers = blockers});
  if (blockers == 0)
    ready_.push_back(id);
}

std::optional<std::uint64_t> operation_order::take_ready() {
  if (ready_.empty())
    return std::nullopt;
  const std::uint64_t id = ready_.front();
  ready_.pop_front();
  return id;
}

void operation_order::finish(std::uint64_t id) {
  const waiting done = std::move(operations_.at(id));
  operations_.erase(id);
  for (const std::string& touched : done.touches) {
    const auto found = touching_.find(touched);
    std::erase(found->second, id);
    if (found->second.empty())
      touching_.erase(found);
  }
  for (const std::uint64_t other : done.blocked)
    if (--operations_.at(other).blockers == 0)
      ready_.push_back(other);
}

} // namespace ducat::cli
