#include "chaos/stage.hpp"

#include "demo/node_calls.hpp"

#include <algorithm>

namespace ducat::cli {

result<void> stage::lose_power(const std::string& node) const {
  return fail(errc::invalid_argument, node + " has no disk of its own");
}

result<void> stage::fill_disk(const std::string& node) const {
  return fail(errc::invalid_argument, node + " has no disk of its own");
}

void stage::empty_disk(const std::string&) const {}

std::string endpoints_of(const stage& on) {
  std::string all;
  for (const std::string& each : on.nodes())
    all += (all.empty() ? "" : ",") + on.endpoint(each);
  return all;
}

std::string writer_of(const stage& on) {
  for (const std::string& each : on.nodes())
    if (const auto seen = nodes_of(on.endpoint(each)))
      for (const v1::ClusterNode& node : seen->nodes())
        if (node.holds_log() && node.state() == "alive")
          return node.id();
  return {};
}

bool is_whole(const stage& on) {
  const auto nodes = on.nodes();
  return std::ranges::all_of(nodes, [&](const std::string& each) {
    const auto seen = nodes_of(on.endpoint(each));
    if (!seen || static_cast<std::size_t>(seen->nodes_size()) != nodes.size())
      return false;
    const auto& all = seen->nodes();
    return std::ranges::count_if(all, &v1::ClusterNode::holds_log) == 1 &&
           std::ranges::all_of(all, [](const v1::ClusterNode& node) {
             return node.state() == "alive" && node.linked();
           });
  });
}

} // namespace ducat::cli
