#include "availability/cluster_watch.hpp"

#include "availability/cluster_conditions.hpp"

#include <algorithm>
#include <utility>

namespace ducat::cli {

using cluster::member_status;
using monitor::subject;

namespace {

subject node_named(const std::string& id) {
  return {.what = subject::kind::node, .name = id};
}

} // namespace

cluster_watch::cluster_watch(cluster_watch_options options, monitor::availability_board& board,
                             monitor::tree_availability& own)
    : options_{std::move(options)}, board_{board}, own_{own},
      cluster_{.what = subject::kind::cluster, .name = options_.cluster} {
  board_.describe(cluster_, {.mode = monitor::redundancy_mode::exclusive,
                             .units = 0,
                             .standby = monitor::standby_policy::hot,
                             .switch_over = options_.switch_over});
  board_.set_part(node_named(options_.node), cluster_);
  thread_ = std::thread{[this] { run(); }};
}

cluster_watch::~cluster_watch() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  end_.notify_one();
  thread_.join();
}

void cluster_watch::run() {
  do
    look();
  while (!wait_for_end());
}

bool cluster_watch::wait_for_end() {
  std::unique_lock lock{mutex_};
  return end_.wait_for(lock, options_.every, [this] { return ending_; });
}

void cluster_watch::look() {
  const auto all = options_.members();
  for (const member_status& each : all)
    look_at(each);
  for (const cluster::group_status& each : options_.groups())
    look_at(each, all);
  forget_the_removed(all);
  const monitor::condition now = condition_of(all);
  has_served_ = has_served_ || now.serving;
  if (has_served_) // Before, this node had yet to find its way.
    board_.set(cluster_, now);
}

void cluster_watch::look_at(const member_status& member) {
  if (member.id == options_.node)
    return own_.set_draining(member.now == member_status::state::draining);
  const auto known = others_.find(member.id);
  const monitor::condition now =
      condition_of(member, known != others_.end() ? std::optional{known->second} : std::nullopt);
  if (known == others_.end() && !now.serving)
    return; // It may have yet to find its way; or this node, to it.
  others_[member.id] = now;
  if (known == others_.end())
    board_.set_part(node_named(member.id), cluster_);
  board_.set(node_named(member.id), now);
}

/// A group is observed from when it first serves. Its nodes are its units.
void cluster_watch::look_at(const cluster::group_status& group,
                            const std::vector<member_status>& members) {
  const subject about{.what = subject::kind::group, .name = group.pool};
  const monitor::condition now = condition_of(group, members);
  if (now.serving && groups_.insert(group.pool).second) {
    board_.describe(about, redundancy_of(group.spec, options_.switch_over));
    for (const std::string& node : group.spec.nodes)
      board_.set_part(node_named(node), about);
  }
  if (groups_.contains(group.pool))
    board_.set(about, now);
}

void cluster_watch::forget_the_removed(const std::vector<member_status>& all) {
  std::erase_if(others_, [&](const auto& other) {
    const bool is_removed = std::ranges::find(all, other.first, &member_status::id) == all.end();
    if (is_removed)
      board_.forget(node_named(other.first));
    return is_removed;
  });
}

} // namespace ducat::cli
