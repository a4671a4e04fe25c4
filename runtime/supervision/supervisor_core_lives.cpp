/// How the lives of the children begin and end.
#include "core/mix.hpp"
#include "supervision/backoff.hpp"
#include "supervision/supervisor_core.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <utility>

namespace ducat::supervision {

using state = child_record::state;
using event_kind = supervision_event::kind;

void supervisor_core::begin_stop(child_key key) {
  child_record* const child = children_.find(key);
  if (child == nullptr)
    return;
  if (child->now != state::running)
    return stopped(key);
  if (const auto reason = take_queued_down(child->life))
    return ended_while_stopping(*child, *reason);
  awaited_ = child->life;
  stopping_ = true;
  const shutdown_policy& policy = child->traits.shutdown;
  killed_ = policy.how == shutdown_policy::kind::brutal_kill;
  if (killed_) {
    kill(child->life);
    return act(action::arm_timer{child->life, kill_grace});
  }
  act(action::signal{child->life});
  if (policy.how == shutdown_policy::kind::timeout)
    act(action::arm_timer{child->life, policy.timeout});
}

/// Under simple_one_for_one: all at once, with one timer. (S31)
void supervisor_core::begin_stop_of_all() {
  shutdown_policy policy = wait_forever;
  for (const child_key key : children_.keys_from()) {
    child_record& child = *children_.find(key);
    const auto gone = child.now == state::running ? take_queued_down(child.life) : std::nullopt;
    if (gone) {
      ended_while_stopping(child, *gone);
    } else if (child.now != state::running) {
      stopped(key);
    } else {
      policy = child.traits.shutdown;
      leaving_.insert(child.life);
      if (policy.how == shutdown_policy::kind::brutal_kill)
        kill(child.life);
      else
        act(action::signal{child.life});
    }
  }
  killed_ = policy.how == shutdown_policy::kind::brutal_kill;
  if (!leaving_.empty() && policy.how != shutdown_policy::kind::infinity)
    act(action::arm_timer{0, killed_ ? kill_grace : policy.timeout});
}

void supervisor_core::kill(life_id life) {
  act(action::kill{life});
}

/// `life`, whose start or end is awaited, has been killed and does not end: it is taken as ended.
void supervisor_core::abandon(life_id life, const exit_reason& reason) {
  emit(event_kind::zombie, *children_.find_life(life), reason);
  on_end(life, reason);
}

void supervisor_core::ended_while_stopping(child_record& child, const exit_reason& reason) {
  emit(event_kind::down, child, reason);
  stopped(child.traits.key);
}

void supervisor_core::stopped(child_key key) {
  child_record& child = *children_.find(key);
  if (std::exchange(child.now, state::undefined) == state::restarting)
    act(action::mark{key, false});
  if (child.traits.restart == temporary || is_simple())
    remove(key);
}

/// Returns why `life` ended, if its end waits in the queue, and forgets it there.
std::optional<exit_reason> supervisor_core::take_queued_down(life_id life) {
  auto ended = queued_downs_.extract(life);
  return ended.empty() ? std::nullopt : std::optional{std::move(ended.mapped())};
}

void supervisor_core::begin_start(child_key key) {
  child_record* const child = children_.find(key);
  if (child == nullptr)
    return; // It was temporary, and has just been stopped.
  child->now = state::undefined;
  child->began = now_;
  children_.begin_life(*child, ++lives_);
  awaited_ = child->life;
  act(action::start{key, child->life});
}

void supervisor_core::start_failed(child_record& child, const exit_reason& reason) {
  emit(event_kind::start_failed, child, reason);
  const task failed = *std::exchange(task_, std::nullopt);
  switch (failed.what) {
  case task::kind::boot:
    return begin_finish(
        {.kind = exit_kind::shutdown,
         .detail = "failed_to_start_child " + child.traits.id + ": " + to_string(reason)});
  case task::kind::start_one:
    remove(child.traits.key);
    return reply(failed.request, change_outcome::start_failed, reason);
  case task::kind::restart_one:
    return reply(failed.request, change_outcome::start_failed, reason);
  case task::kind::restart:
    return try_again(child, false);
  case task::kind::terminate_one:
  case task::kind::pause:
  case task::kind::finish:
    break;
  }
  DUCAT_CHECK(false); // These start nothing.
}

/// Its start has succeeded, and it does not run.
void supervisor_core::ignored(child_record& child, const exit_reason& reason) {
  emit(event_kind::ignored, child, reason);
  if (task_->request != 0) {
    task_->reason = reason;
    task_->about = 0;
  }
  stopped(child.traits.key);
}

void supervisor_core::process(const event::down& what) {
  if (!take_queued_down(what.life))
    return; // It has been stopped by now.
  child_record* const child = children_.find_life(what.life);
  if (child != nullptr && child->now == state::running)
    ended(*child, what.reason);
}

void supervisor_core::process(const event::hung& what) {
  child_record* const child = children_.find_life(what.life);
  if (child == nullptr || child->now != state::running || queued_downs_.contains(what.life))
    return;
  kill(what.life);
  emit(event_kind::zombie, *child, what.reason);
  ended(*child, what.reason);
}

/// A child that ran has ended by itself.
void supervisor_core::ended(child_record& child, const exit_reason& reason) {
  child.now = state::undefined;
  emit(event_kind::down, child, reason);
  const restart_type type = child.traits.restart;
  if (type == permanent || (type == transient && !is_normal_end(reason)))
    begin_restart(child);
  else
    ended_for_good(child);
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
  child_record* const child = children_.find(what.key);
  if (child == nullptr || child->now != state::restarting || child->attempt != what.attempt)
    return;
  if (child->counted)
    restart_now(*child);
  else
    begin_restart(*child);
}

/// Counts an attempt to restart `child` and makes it, now or after a while; or gives up.
void supervisor_core::begin_restart(child_record& child) {
  const bool waited = child.now == state::restarting;
  if (!window_.record(now_)) {
    child.now = state::undefined;
    act(action::emit{event_kind::give_up, 0, 0, {}});
    return begin_finish({.kind = exit_kind::shutdown, .detail = {}});
  }
  emit(event_kind::restart, child);
  if (waited || child.traits.backoff.initial.count() == 0)
    restart_now(child);
  else
    pause(child);
}

void supervisor_core::restart_now(const child_record& child) {
  task_ = task{.what = task::kind::restart, .to_start = group_of(child)};
  if (flags_.strategy == one_for_all || flags_.strategy == rest_for_one) {
    task_->to_stop = task_->to_start;
    std::ranges::reverse(task_->to_stop);
  }
}

/// Stops those that are restarted with `child`, and waits.
void supervisor_core::pause(const child_record& child) {
  restart_now(child);
  task_->what = task::kind::pause;
  task_->to_start.clear();
  task_->about = child.traits.key;
}

/// Returns the children that are restarted when `child` is, in start order.
std::deque<child_key> supervisor_core::group_of(const child_record& child) const {
  switch (flags_.strategy) {
  case one_for_all:
    return children_.keys_from();
  case rest_for_one:
    return children_.keys_from(child.traits.key);
  case one_for_one:
  case simple_one_for_one:
    break;
  }
  return {child.traits.key};
}

/// Tries to restart `child` after its backoff, or behind the requests that wait by now.
void supervisor_core::try_again(child_record& child, bool counted) {
  const backoff_spec& backoff = child.traits.backoff;
  if (now_ - child.began >= backoff.max)
    child.waits = 0;
  const auto wait = backoff_after(backoff, child.waits, mix(++chance_));
  child.waits += 1;
  child.now = state::restarting;
  child.counted = counted;
  child.attempt = ++attempts_;
  act(action::mark{child.traits.key, true});
  act(action::retry_later{child.traits.key, child.attempt, wait});
}

void supervisor_core::remove(child_key key) {
  emit(event_kind::removed, *children_.find(key));
  children_.remove(key);
}

} // namespace ducat::supervision
