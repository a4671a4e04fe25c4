#include "sim/flow_client.hpp"

#include <algorithm>

namespace ducat::sim {

using namespace std::chrono_literals;
using testing::flow_request;

namespace {

constexpr duration flow_patience = 2s; ///< Of one attempt.
constexpr duration flow_pause = 10ms;  ///< After an error.

} // namespace

void flow_client::take_answers(const flow_request& what) {
  std::erase_if(open_[what.id], [&](const pending& each) {
    if (!each->has_value())
      return false;
    if (const result<caf::message>& come = **each)
      if (auto text = what.read(*come))
        answers_[what.id].push_back(std::move(*text));
    return true;
  });
}

std::vector<std::string> flow_client::answers(const flow_request& what) {
  take_answers(what);
  return answers_[what.id];
}

/// Returns whether there is a new answer to it.
bool flow_client::ask_once(const flow_request& what, const std::string& node) {
  const std::size_t before = answers(what).size();
  auto& open = open_[what.id];
  open.push_back(on_.ask_later(node, what.path, what.ask(on_.now() + flow_patience)));
  const auto is_come = [](const pending& each) { return each->has_value(); };
  on_.run_until([&] { return std::ranges::any_of(open, is_come); }, flow_patience);
  return answers(what).size() > before;
}

bool flow_client::ask(const flow_request& what, std::uint64_t first_node, duration limit) {
  const time_point end = on_.now() + limit;
  for (std::uint64_t i = first_node; on_.now() < end; ++i) {
    if (ask_once(what, on_.nodes()[i % on_.nodes().size()]))
      return true;
    on_.run_for(flow_pause);
  }
  return false;
}

bool flow_client::ask_at(const flow_request& what, const std::string& node, duration limit) {
  const time_point end = on_.now() + limit;
  while (on_.now() < end) {
    if (ask_once(what, node))
      return true;
    on_.run_for(flow_pause);
  }
  return false;
}

} // namespace ducat::sim
