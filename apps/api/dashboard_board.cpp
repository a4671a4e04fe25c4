#include "api/dashboard_board.hpp"

#include <utility>

namespace ducat::api {

void dashboard_board::put(const std::string& topic, std::string json) {
  const std::lock_guard lock{guard_};
  entry& known = topics_[topic];
  if (known.version != 0 && known.json == json)
    return;
  known = {.version = ++version_, .json = std::move(json)};
}

std::string dashboard_board::news(std::uint64_t& seen) const {
  const std::lock_guard lock{guard_};
  std::map<std::uint64_t, const std::string*> fresh;
  for (const auto& [topic, known] : topics_)
    if (known.version > seen)
      fresh.emplace(known.version, &topic);
  std::string text;
  for (const auto& [version, topic] : fresh) {
    text.append("event: ").append(*topic).append("\ndata: ");
    text.append(topics_.find(*topic)->second.json).append("\n\n");
  }
  seen = version_;
  return text;
}

} // namespace ducat::api
