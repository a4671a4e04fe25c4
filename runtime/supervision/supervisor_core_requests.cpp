/// Changing the children while they run.
#include "supervision/supervisor_core.hpp"

#include <utility>

namespace ducat::supervision {

using state = child_record::state;

void supervisor_core::process(const event::start_child& what) {
  if (is_simple())
    return reply(what.request, change_outcome::simple_one_for_one);
  if (const child_record* present = children_.find(what.traits.id))
    return reply(what.request, present->now == state::running ? change_outcome::already_started
                                                              : change_outcome::already_present);
  start_one(what.request, what.traits);
}

void supervisor_core::process(const event::start_instance& what) {
  start_one(what.request, what.traits);
}

void supervisor_core::start_one(request_id request, const child_traits& traits) {
  children_.append(traits);
  task_ = task{.what = task::kind::start_one,
               .to_start = {traits.key},
               .about = traits.key,
               .request = request};
}

void supervisor_core::process(const event::terminate_child& what) {
  if (const child_record* const child = named(what.request, what.id))
    terminate_one(what.request, child->traits.key);
}

void supervisor_core::process(const event::terminate_instance& what) {
  terminate_one(what.request, what.key);
}

void supervisor_core::terminate_one(request_id request, child_key key) {
  task_ = task{.what = task::kind::terminate_one, .to_stop = {key}, .request = request};
}

void supervisor_core::process(const event::restart_child& what) {
  const child_record* const child = named(what.request, what.id);
  if (child == nullptr || refuse_unless_stopped(what.request, *child))
    return;
  const child_key key = child->traits.key;
  task_ = task{
      .what = task::kind::restart_one, .to_start = {key}, .about = key, .request = what.request};
}

void supervisor_core::process(const event::delete_child& what) {
  const child_record* const child = named(what.request, what.id);
  if (child == nullptr || refuse_unless_stopped(what.request, *child))
    return;
  remove(child->traits.key);
  reply(what.request, change_outcome::ok);
}

/// Returns the child that a request names; otherwise answers it and returns nullptr.
child_record* supervisor_core::named(request_id request, const std::string& id) {
  child_record* const child = is_simple() ? nullptr : children_.find(id);
  if (child == nullptr)
    reply(request, is_simple() ? change_outcome::simple_one_for_one : change_outcome::not_found);
  return child;
}

/// Returns whether `child` can be neither restarted nor deleted; then the request is answered.
bool supervisor_core::refuse_unless_stopped(request_id request, const child_record& child) {
  if (child.now == state::undefined)
    return false;
  reply(request,
        child.now == state::running ? change_outcome::running : change_outcome::restarting);
  return true;
}

void supervisor_core::process(const event::which_children& what) {
  const auto keys = children_.keys_from();
  act(action::reply_children{what.request, {keys.begin(), keys.end()}});
}

void supervisor_core::process(const event::which_child& what) {
  action::reply_children answer{.request = what.request, .children = {}};
  if (const child_record* const child = children_.find(what.id))
    answer.children.push_back(child->traits.key);
  act(std::move(answer));
}

void supervisor_core::process(const event::count_children& what) {
  child_counts counts;
  for (const child_record& child : children_) {
    counts.specs += 1;
    counts.active += child.now == state::running ? 1 : 0;
    (child.traits.is_supervisor ? counts.supervisors : counts.workers) += 1;
  }
  act(action::reply_counts{what.request, counts});
}

void supervisor_core::process(const event::change_specs& what) {
  action::adopt change{.flags = what.flags, .children = {}};
  if (is_simple())
    adopt_template(what, change);
  else
    adopt_children(what, change);
  flags_ = what.flags;
  window_.set_limits(flags_.restarts_max, flags_.window);
  act(std::move(change));
  reply(what.request, change_outcome::ok);
}

/// The one child of `what` is the template of all that there are.
void supervisor_core::adopt_template(const event::change_specs& what, action::adopt& change) {
  std::vector<child_traits> all;
  for (const child_record& child : children_) {
    child_traits& traits = all.emplace_back(what.children.front());
    traits.key = child.traits.key;
    traits.id.clear();
    change.children.push_back({.key = traits.key, .spec = what.children.front().key});
  }
  children_.arrange(all);
}

void supervisor_core::adopt_children(const event::change_specs& what, action::adopt& change) {
  std::vector<child_traits> order = what.children;
  for (child_traits& traits : order) {
    const child_key spec = traits.key;
    if (const child_record* const old = children_.find(traits.id))
      traits.key = old->traits.key;
    change.children.push_back({.key = traits.key, .spec = spec});
  }
  children_.arrange(order);
  std::size_t place = 0;
  for (const child_record& child : children_)
    if (place++ >= order.size())
      change.children.push_back({.key = child.traits.key, .spec = child.traits.key});
}

} // namespace ducat::supervision
