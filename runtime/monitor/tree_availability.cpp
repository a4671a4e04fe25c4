#include "monitor/tree_conditions.hpp"

#include <ducat/tree_availability.hpp>

#include <mutex>
#include <utility>

namespace ducat::monitor {

namespace {

subject child_at(std::string path) {
  return {.what = subject::kind::child, .name = std::move(path)};
}

} // namespace

struct tree_availability::state {
  state(availability_board& b, tree_availability_options o)
      : board{b}, node{.what = subject::kind::node, .name = std::move(o.node)},
        failed_since{o.failed_since}, tree{std::move(o.needed), o.children_max} {}

  void tell(const tree_fact& fact) {
    if (fact.is_pool)
      return board.describe(child_at(fact.path),
                            {.mode = redundancy_mode::active_active, .units = 0, .needed = 1});
    const subject about = fact.path.empty() ? node : child_at(fact.path);
    if (!fact.now)
      return board.forget(about);
    board.set(about, *fact.now);
    const auto slash = fact.path.rfind('/');
    if (slash != std::string::npos && fact.path.substr(slash) != "/router")
      board.set_part(about, child_at(fact.path.substr(0, slash)));
  }

  void tell(const std::vector<tree_fact>& facts) {
    for (const tree_fact& each : facts)
      tell(each);
  }

  /// The process before this one has ended: nothing has served since.
  void tell_of_a_restart(const std::vector<tree_fact>& facts) {
    if (!failed_since)
      return tell(facts);
    for (const tree_fact& each : facts)
      board.set_since(*failed_since, node, *each.now);
  }

  availability_board& board;
  const subject node;
  const std::optional<time_point> failed_since;
  std::mutex guard; // Also keeps facts in order on their way to the board.
  tree_conditions tree;
};

tree_availability::tree_availability(availability_board& board, tree_availability_options options)
    : state_{std::make_unique<state>(board, std::move(options))} {}

tree_availability::~tree_availability() = default;

void tree_availability::on_event(const supervision_event& event) {
  const std::lock_guard lock{state_->guard};
  const auto facts = state_->tree.on_event(event);
  if (event.what == supervision_event::kind::process_restarted)
    return state_->tell_of_a_restart(facts);
  state_->tell(facts);
}

void tree_availability::set_draining(bool draining) {
  const std::lock_guard lock{state_->guard};
  state_->tell(state_->tree.set_draining(draining));
}

std::uint64_t tree_availability::left_out() const {
  const std::lock_guard lock{state_->guard};
  return state_->tree.left_out();
}

} // namespace ducat::monitor
