#include "supervision/supervisor_core.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <utility>

namespace ducat::supervision {

using state = child_record::state;
using event_kind = supervision_event::kind;

supervisor_core::supervisor_core(const supervisor_flags& flags, std::vector<child_traits> children)
    : flags_{flags}, window_{flags.restarts_max, flags.window} {
  for (child_traits& traits : children)
    children_.push_back({.traits = std::move(traits)});
}

std::vector<action::any> supervisor_core::handle(event::any what, time_point now) {
  now_ = now;
  if (!finished_ && !on_awaited(what))
    queue_.push_back(std::move(what));
  pump();
  return std::exchange(out_, {});
}

/// Handles what the task waits for, and what is only of use while it waits.
bool supervisor_core::on_awaited(const event::any& what) {
  if (const auto* timeout = std::get_if<event::stop_timeout>(&what)) {
    on_stop_timeout(*timeout);
    return true;
  }
  if (const auto* begun = std::get_if<event::started>(&what)) {
    if (begun->life == awaited_ && !stopping_) {
      awaited_ = 0;
      child_record& child = *find_life(begun->life);
      child.now = state::running;
      emit(event_kind::started, child);
    }
    return true;
  }
  const auto* ended = std::get_if<event::down>(&what);
  if (ended == nullptr || ended->life != awaited_ || awaited_ == 0)
    return false;
  awaited_ = 0;
  child_record& child = *find_life(ended->life);
  if (std::exchange(stopping_, false))
    ended_while_stopping(child, ended->reason);
  else if (ended->reason.kind == exit_kind::ignored)
    ignored(child, ended->reason);
  else
    start_failed(child, ended->reason);
  return true;
}

void supervisor_core::on_stop_timeout(const event::stop_timeout& what) {
  if (stopping_ && what.life == awaited_)
    act(action::kill{what.life});
}

void supervisor_core::pump() {
  while (!finished_ && awaited_ == 0) {
    if (task_) {
      advance();
    } else if (!queue_.empty()) {
      const event::any next = std::move(queue_.front());
      queue_.pop_front();
      std::visit([this](const auto& what) { process(what); }, next);
    } else {
      return;
    }
  }
}

/// Takes the next step of the task.
void supervisor_core::advance() {
  if (!task_->to_stop.empty()) {
    const child_key key = task_->to_stop.front();
    task_->to_stop.pop_front();
    begin_stop(key);
  } else if (!task_->to_start.empty()) {
    const child_key key = task_->to_start.front();
    task_->to_start.pop_front();
    begin_start(key);
  } else {
    complete();
  }
}

void supervisor_core::complete() {
  const task done = *std::exchange(task_, std::nullopt);
  switch (done.what) {
  case task::kind::boot:
    return act(action::booted{});
  case task::kind::start_one:
  case task::kind::restart_one:
  case task::kind::terminate_one:
    return reply(done.request, change_outcome::ok, done.reason);
  case task::kind::restart:
    return;
  case task::kind::finish:
    return finish(done.reason);
  }
}

void supervisor_core::begin_stop(child_key key) {
  child_record* const child = find(key);
  if (child == nullptr)
    return;
  if (child->now != state::running)
    return stopped(key);
  if (const auto reason = take_queued_down(child->life))
    return ended_while_stopping(*child, *reason);
  awaited_ = child->life;
  stopping_ = true;
  const shutdown_policy& policy = child->traits.shutdown;
  if (policy.how == shutdown_policy::kind::brutal_kill)
    return act(action::kill{child->life});
  act(action::signal{child->life});
  if (policy.how == shutdown_policy::kind::timeout)
    act(action::arm_timer{child->life, policy.timeout});
}

void supervisor_core::ended_while_stopping(child_record& child, const exit_reason& reason) {
  emit(event_kind::down, child, reason);
  stopped(child.traits.key);
}

void supervisor_core::stopped(child_key key) {
  child_record& child = *find(key);
  if (std::exchange(child.now, state::undefined) == state::restarting)
    act(action::mark{key, false});
  if (child.traits.restart == temporary)
    remove(key);
}

/// Returns why `life` ended, if its end waits in the queue, and takes it from there.
std::optional<exit_reason> supervisor_core::take_queued_down(life_id life) {
  const auto ended = std::ranges::find_if(queue_, [life](const event::any& what) {
    const auto* down = std::get_if<event::down>(&what);
    return down != nullptr && down->life == life;
  });
  if (ended == queue_.end())
    return std::nullopt;
  exit_reason reason = std::get<event::down>(std::move(*ended)).reason;
  queue_.erase(ended);
  return reason;
}

void supervisor_core::begin_start(child_key key) {
  child_record* const child = find(key);
  if (child == nullptr)
    return; // It was temporary, and has just been stopped.
  child->now = state::undefined;
  child->life = ++lives_;
  awaited_ = child->life;
  act(action::start{key, child->life});
}

void supervisor_core::start_failed(child_record& child, const exit_reason& reason) {
  emit(event_kind::start_failed, child, reason);
  switch (task_->what) {
  case task::kind::boot:
    return begin_finish(
        {.kind = exit_kind::shutdown,
         .detail = "failed_to_start_child " + child.traits.id + ": " + to_string(reason)});
  case task::kind::start_one: {
    const request_id request = task_->request;
    task_.reset();
    remove(child.traits.key);
    return reply(request, change_outcome::start_failed, reason);
  }
  case task::kind::restart_one: {
    const request_id request = task_->request;
    task_.reset();
    return reply(request, change_outcome::start_failed, reason);
  }
  case task::kind::restart:
    task_.reset();
    child.now = state::restarting;
    act(action::mark{child.traits.key, true});
    return act(action::retry_later{child.traits.key});
  case task::kind::terminate_one:
  case task::kind::finish:
    break;
  }
  DUCAT_CHECK(false); // These start nothing.
}

/// Its start has succeeded, and it does not run.
void supervisor_core::ignored(child_record& child, const exit_reason& reason) {
  emit(event_kind::ignored, child, reason);
  if (task_->request != 0)
    task_->reason = reason;
  stopped(child.traits.key);
}

void supervisor_core::process(const event::boot&) {
  task_ = task{.what = task::kind::boot, .to_start = keys_from(0)};
}

void supervisor_core::process(const event::down& what) {
  child_record* const child = find_life(what.life);
  if (child == nullptr || child->now != state::running)
    return;
  child->now = state::undefined;
  emit(event_kind::down, *child, what.reason);
  const restart_type type = child->traits.restart;
  if (type == permanent || (type == transient && !is_normal_end(what.reason)))
    begin_restart(*child);
  else
    ended_for_good(*child);
}

void supervisor_core::ended_for_good(child_record& child) {
  const bool significant = child.traits.significant;
  stopped(child.traits.key);
  if (!shuts_down_after(significant))
    return;
  act(action::emit{event_kind::auto_shutdown, 0, 0, {}});
  begin_finish({.kind = exit_kind::shutdown, .detail = {}});
}

bool supervisor_core::shuts_down_after(bool significant) const {
  if (!significant || flags_.auto_shutdown == auto_shutdown::never)
    return false;
  if (flags_.auto_shutdown == auto_shutdown::any_significant)
    return true;
  return std::ranges::none_of(children_, [](const child_record& child) {
    return child.traits.significant && child.now != state::undefined;
  });
}

void supervisor_core::process(const event::retry& what) {
  child_record* const child = find(what.key);
  if (child != nullptr && child->now == state::restarting)
    begin_restart(*child);
}

void supervisor_core::begin_restart(child_record& child) {
  if (!window_.record(now_)) {
    child.now = state::undefined;
    act(action::emit{event_kind::give_up, 0, 0, {}});
    return begin_finish({.kind = exit_kind::shutdown, .detail = {}});
  }
  emit(event_kind::restart, child);
  switch (flags_.strategy) {
  case one_for_one:
    task_ = task{.what = task::kind::restart, .to_start = {child.traits.key}};
    return;
  case one_for_all:
    return begin_restart_of_group(0);
  case rest_for_one:
    return begin_restart_of_group(index_of(child.traits.key));
  case simple_one_for_one:
    break;
  }
}

void supervisor_core::begin_restart_of_group(std::size_t first) {
  task_ = task{.what = task::kind::restart,
               .to_stop = keys_reversed_from(first),
               .to_start = keys_from(first)};
}

void supervisor_core::process(const event::start_child& what) {
  if (const child_record* present = find(what.traits.id))
    return reply(what.request, present->now == state::running ? change_outcome::already_started
                                                              : change_outcome::already_present);
  children_.push_back({.traits = what.traits});
  task_ =
      task{.what = task::kind::start_one, .to_start = {what.traits.key}, .request = what.request};
}

void supervisor_core::process(const event::terminate_child& what) {
  const child_record* const child = find(what.id);
  if (child == nullptr)
    return reply(what.request, change_outcome::not_found);
  task_ = task{
      .what = task::kind::terminate_one, .to_stop = {child->traits.key}, .request = what.request};
}

namespace {

/// Returns why a child in state `now` can be neither restarted nor deleted.
std::optional<change_outcome> refusal(state now) {
  switch (now) {
  case state::undefined:
    return std::nullopt;
  case state::restarting:
    return change_outcome::restarting;
  case state::running:
    return change_outcome::running;
  }
  return std::nullopt;
}

} // namespace

void supervisor_core::process(const event::restart_child& what) {
  const child_record* const child = find(what.id);
  if (child == nullptr)
    return reply(what.request, change_outcome::not_found);
  if (const auto refused = refusal(child->now))
    return reply(what.request, *refused);
  task_ = task{
      .what = task::kind::restart_one, .to_start = {child->traits.key}, .request = what.request};
}

void supervisor_core::process(const event::delete_child& what) {
  const child_record* const child = find(what.id);
  if (child == nullptr)
    return reply(what.request, change_outcome::not_found);
  if (const auto refused = refusal(child->now))
    return reply(what.request, *refused);
  remove(child->traits.key);
  reply(what.request, change_outcome::ok);
}

void supervisor_core::process(const event::which_children& what) {
  const auto keys = keys_from(0);
  act(action::reply_children{what.request, {keys.begin(), keys.end()}});
}

void supervisor_core::process(const event::which_child& what) {
  action::reply_children answer{.request = what.request, .children = {}};
  if (const child_record* const child = find(what.id))
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
  std::vector<child_record> next;
  for (const child_traits& traits : what.children) {
    child_record& record = next.emplace_back();
    if (const child_record* const old = find(traits.id))
      record = *old;
    const child_key key = record.traits.key == 0 ? traits.key : record.traits.key;
    record.traits = traits;
    record.traits.key = key;
    change.children.push_back({.key = key, .spec = traits.key});
    std::erase_if(children_, [key](const child_record& old) { return old.traits.key == key; });
  }
  for (child_record& missing : children_) {
    change.children.push_back({.key = missing.traits.key, .spec = missing.traits.key});
    next.push_back(std::move(missing));
  }
  children_ = std::move(next);
  flags_ = what.flags;
  window_.set_limits(flags_.restarts_max, flags_.window);
  act(std::move(change));
  reply(what.request, change_outcome::ok);
}

void supervisor_core::process(const event::stop& what) {
  begin_finish(what.reason);
}

void supervisor_core::begin_finish(exit_reason reason) {
  task_ = task{
      .what = task::kind::finish, .to_stop = keys_reversed_from(0), .reason = std::move(reason)};
}

void supervisor_core::finish(const exit_reason& reason) {
  finished_ = true;
  for (const event::any& left : std::exchange(queue_, {}))
    std::visit(
        [this](const auto& what) {
          if constexpr (requires { what.request; })
            act(action::refuse{what.request});
        },
        left);
  act(action::finish{reason});
}

void supervisor_core::remove(child_key key) {
  emit(event_kind::removed, *find(key));
  std::erase_if(children_, [key](const child_record& child) { return child.traits.key == key; });
}

void supervisor_core::reply(request_id request, change_outcome outcome, exit_reason reason) {
  act(action::reply{request, {.outcome = outcome, .reason = std::move(reason)}});
}

void supervisor_core::emit(event_kind what, const child_record& child, exit_reason reason) {
  act(action::emit{what, child.traits.key, child.life, std::move(reason)});
}

child_record* supervisor_core::find(child_key key) {
  const auto child = std::ranges::find_if(
      children_, [key](const child_record& one) { return one.traits.key == key; });
  return child == children_.end() ? nullptr : &*child;
}

child_record* supervisor_core::find(const std::string& id) {
  const auto child = std::ranges::find_if(
      children_, [&id](const child_record& one) { return one.traits.id == id; });
  return child == children_.end() ? nullptr : &*child;
}

child_record* supervisor_core::find_life(life_id life) {
  const auto child = std::ranges::find(children_, life, &child_record::life);
  return child == children_.end() ? nullptr : &*child;
}

std::size_t supervisor_core::index_of(child_key key) const {
  const auto child = std::ranges::find_if(
      children_, [key](const child_record& one) { return one.traits.key == key; });
  return static_cast<std::size_t>(child - children_.begin());
}

std::deque<child_key> supervisor_core::keys_from(std::size_t first) const {
  std::deque<child_key> keys;
  for (std::size_t i = first; i < children_.size(); ++i)
    keys.push_back(children_[i].traits.key);
  return keys;
}

std::deque<child_key> supervisor_core::keys_reversed_from(std::size_t first) const {
  std::deque<child_key> keys = keys_from(first);
  std::ranges::reverse(keys);
  return keys;
}

} // namespace ducat::supervision
