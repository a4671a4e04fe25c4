#include "monitor/tree_conditions.hpp"

#include <algorithm>
#include <utility>

namespace ducat::monitor {

namespace {

using event_kind = supervision_event::kind;

/// What has never served is as something that need not.
constexpr condition not_wanted{.serving = false, .fault_present = false, .in_order = true};

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

/// The router of a pool is the child of this name.
bool is_router(const std::string& path) {
  return path.ends_with("/router");
}

bool begins_or_ends_a_life(const supervision_event& event) {
  return event.what == event_kind::started || event.what == event_kind::down;
}

/// Returns whether an end is one that nobody wanted, as far as it shows by itself. A kill does not:
/// a stop may end so. If somebody else killed it, its restart shows.
bool is_failure(const exit_reason& reason, bool was_hung) {
  return !is_normal_end(reason) && (reason.kind != exit_kind::killed || was_hung);
}

void add_or_subtract(std::uint32_t& count, bool before, bool now) {
  if (now && !before)
    ++count;
  else if (before && !now && count > 0)
    --count;
}

} // namespace

tree_conditions::tree_conditions(std::vector<std::string> needed, std::size_t children_max)
    : needed_{std::move(needed)}, children_max_{children_max} {
  children_[""].now = life::running;
}

std::vector<tree_fact> tree_conditions::on_event(const supervision_event& event) {
  ++events_;
  if (event.what == event_kind::process_restarted) {
    node_ = condition{.serving = false, .fault_present = true};
    return {{.path = {}, .now = condition{.serving = true}}, {.path = {}, .now = node_}};
  }
  if (event.what == event_kind::removed) {
    forget(event.path);
  } else {
    count_at_parent(event);
    if (child* const about = follow(event)) {
      about->changed = events_;
      apply(event, *about);
      update(event.path);
    }
    update(parent_of(event.path));
  }
  update_node();
  return std::exchange(facts_, {});
}

std::vector<tree_fact> tree_conditions::set_draining(bool draining) {
  draining_ = draining;
  if (node_)
    update_node();
  return std::exchange(facts_, {});
}

// Who is followed

tree_conditions::child* tree_conditions::find(const std::string& path) {
  const auto found = children_.find(path);
  return found != children_.end() ? &found->second : nullptr;
}

tree_conditions::child* tree_conditions::add(const std::string& path, std::size_t most) {
  if (child* const known = find(path))
    return known;
  if (children_.size() > most) { // One of them is the root.
    ++left_out_;
    return nullptr;
  }
  return &children_[path];
}

/// Returns what is known of the child that `event` is about, or null if it is not followed. One of
/// which an end is the first thing that is heard has run until now.
tree_conditions::child* tree_conditions::follow(const supervision_event& event) {
  child* const known = find(event.path);
  const bool has_lived = event.what == event_kind::down || event.what == event_kind::zombie;
  if (known != nullptr || (event.what != event_kind::started && !has_lived))
    return known;
  const bool is_first_life = event.what == event_kind::started && event.incarnation <= 1;
  child* const added = add(event.path, is_first_life ? children_max_ : 2 * children_max_);
  if (added != nullptr && has_lived) {
    added->now = life::running;
    update(event.path);
  }
  return added;
}

/// Returns the paths of the children below `path`, deepest last.
std::vector<std::string> tree_conditions::below(const std::string& path) const {
  std::vector<std::string> all;
  const std::string top = path.empty() ? path : path + "/";
  for (auto each = children_.upper_bound(top);
       each != children_.end() && each->first.starts_with(top); ++each)
    all.push_back(each->first);
  return all;
}

/// Forgets the child and those below it.
void tree_conditions::forget(const std::string& path) {
  auto gone = below(path);
  gone.insert(gone.begin(), path);
  for (auto each = gone.rbegin(); each != gone.rend(); ++each)
    if (child* const it = find(*each)) {
      tell(*each, *it, std::nullopt);
      children_.erase(*each);
    }
}

/// A supervisor has started again, and with it all that it still has.
void tree_conditions::forget_vanished(const std::string& supervisor, std::uint64_t before) {
  for (const std::string& path : below(supervisor)) {
    const child* const it = find(path);
    if (it != nullptr && it->now != life::running && it->changed < before)
      forget(path);
  }
}

/// A supervisor was stopped in order: nobody tries to start them any more.
void tree_conditions::stop_failed_below(const std::string& supervisor) {
  for (const std::string& path : below(supervisor)) {
    child& it = children_.at(path);
    if (it.now == life::failed) {
      it.now = life::stopped;
      update(path);
    }
  }
}

// What happens to them

void tree_conditions::count_at_parent(const supervision_event& event) {
  if (!begins_or_ends_a_life(event) || event.path.empty())
    return;
  const std::string path = parent_of(event.path);
  child* const parent = add(path, 2 * children_max_);
  if (parent == nullptr)
    return;
  const bool runs = event.what == event_kind::started;
  if (!is_router(event.path))
    return add_or_subtract(parent->workers_running, !runs, runs);
  parent->router_runs = runs;
  if (!std::exchange(parent->is_pool, true))
    facts_.push_back({.path = path, .is_pool = true});
}

void tree_conditions::on_down(const supervision_event& event, child& about) {
  about.ended = events_;
  if (about.now == life::failed || is_failure(event.reason, about.zombies > 0)) {
    about.now = life::failed;
    return;
  }
  about.now = life::stopped;
  stop_failed_below(event.path);
}

void tree_conditions::apply(const supervision_event& event, child& about) {
  switch (event.what) {
  case event_kind::started:
    if (about.ended != 0)
      forget_vanished(event.path, about.ended);
    about.now = life::running;
    return;
  case event_kind::down:
    return on_down(event, about);
  case event_kind::restart:
  case event_kind::start_failed:
  case event_kind::give_up:
    about.now = life::failed;
    return;
  case event_kind::ignored:
    about.now = life::stopped;
    return;
  case event_kind::zombie:
    about.zombies += 1;
    return;
  case event_kind::zombie_ended:
    add_or_subtract(about.zombies, true, false);
    return;
  case event_kind::removed:
  case event_kind::auto_shutdown:
  case event_kind::process_restarted:
    return;
  }
}

// How they are

condition tree_conditions::condition_of(const child& it) {
  condition made{.serving = it.now == life::running,
                 .fault_present = it.now == life::failed || it.zombies > 0 || it.faults_below > 0,
                 .in_order = it.now == life::stopped};
  if (it.is_pool && made.serving) {
    made.serving = it.router_runs && it.workers_running > 0;
    made.in_order = !made.serving && !made.fault_present;
  }
  return made;
}

void tree_conditions::update(const std::string& path) {
  child* const it = find(path);
  if (it == nullptr || path.empty())
    return;
  const condition now = condition_of(*it);
  if (now != it->told && (it->told || now.serving))
    tell(path, *it, now);
}

/// Tells how `it` is, and what that does to those above.
void tree_conditions::tell(const std::string& path, child& it, std::optional<condition> now) {
  const condition before = it.told.value_or(not_wanted);
  const condition after = now.value_or(not_wanted);
  it.told = now;
  facts_.push_back({.path = path, .now = now});
  const std::string above = parent_of(path);
  child* const parent = find(above);
  if (parent == nullptr)
    return;
  add_or_subtract(parent->faults_below, before.fault_present, after.fault_present);
  add_or_subtract(parent->failed_below, before.has_failed(), after.has_failed());
  update(above);
}

condition tree_conditions::node_condition() const {
  const child& root = children_.at("");
  condition made{.serving =
                     root.now != life::failed && (!needed_.empty() || root.failed_below == 0),
                 .fault_present = root.now == life::failed || root.faults_below > 0};
  bool all_in_order = root.now != life::failed;
  for (const std::string& path : needed_) {
    const auto found = children_.find(path);
    const auto told = found != children_.end() ? found->second.told : std::nullopt;
    if (told && told->serving)
      continue;
    made.serving = false;
    all_in_order = all_in_order && told && told->in_order;
  }
  made.in_order = !made.serving && all_in_order && !needed_.empty();
  made.fault_present = made.fault_present || made.has_failed();
  if (draining_)
    made = {.serving = false, .fault_present = made.fault_present, .in_order = true};
  return made;
}

void tree_conditions::update_node() {
  const condition now = node_condition();
  if (now == node_ || (!node_ && !now.serving))
    return;
  node_ = now;
  facts_.push_back({.path = {}, .now = now});
}

} // namespace ducat::monitor
