#include "supervision/supervisor_core.hpp"

#include <algorithm>
#include <utility>

namespace ducat::supervision {

using state = child_record::state;
using event_kind = supervision_event::kind;

supervisor_core::supervisor_core(const supervisor_flags& flags, std::vector<child_traits> children,
                                 std::uint64_t seed)
    : flags_{flags}, window_{flags.restarts_max, flags.window}, chance_{seed} {
  for (child_traits& traits : children)
    children_.append(std::move(traits));
}

std::vector<action::any> supervisor_core::handle(event::any what, time_point now) {
  now_ = now;
  if (!finished_ && !on_awaited(what)) {
    if (const auto* ended = std::get_if<event::down>(&what))
      queued_downs_[ended->life] = ended->reason;
    queue_.push_back(std::move(what));
  }
  pump();
  return std::exchange(out_, {});
}

/// Handles what the task waits for, and what is only of use while it waits.
bool supervisor_core::on_awaited(const event::any& what) {
  if (const auto* timeout = std::get_if<event::stop_timeout>(&what)) {
    on_stop_timeout(*timeout);
    return true;
  }
  if (const auto* begun = std::get_if<event::started>(&what))
    return on_started(*begun);
  if (const auto* ended = std::get_if<event::down>(&what))
    return on_end(ended->life, ended->reason);
  if (const auto* hung = std::get_if<event::hung>(&what))
    return on_hung(*hung);
  return false;
}

bool supervisor_core::on_started(const event::started& what) {
  if (what.life != awaited_ || stopping_)
    return true;
  awaited_ = 0;
  child_record& child = *children_.find_life(what.life);
  child.now = state::running;
  emit(event_kind::started, child);
  return true;
}

bool supervisor_core::on_end(life_id life, const exit_reason& reason) {
  if (leaving_.erase(life) != 0) {
    ended_while_stopping(*children_.find_life(life), reason);
    return true;
  }
  if (life != awaited_ || awaited_ == 0)
    return false;
  awaited_ = 0;
  killed_ = false;
  child_record& child = *children_.find_life(life);
  if (std::exchange(stopping_, false))
    ended_while_stopping(child, reason);
  else if (reason.kind == exit_kind::ignored)
    ignored(child, reason);
  else
    start_failed(child, reason);
  return true;
}

/// A life that is being stopped and hangs will not end by itself.
bool supervisor_core::on_hung(const event::hung& what) {
  if (what.life != awaited_ && !leaving_.contains(what.life))
    return false;
  kill(what.life);
  abandon(what.life, what.reason);
  return true;
}

void supervisor_core::on_stop_timeout(const event::stop_timeout& what) {
  if (what.life == 0) {
    for (const life_id life : std::vector<life_id>{leaving_.begin(), leaving_.end()})
      killed_ ? abandon(life, {exit_kind::killed, ""}) : kill(life);
    if (!leaving_.empty() && !std::exchange(killed_, true))
      act(action::arm_timer{0, kill_grace});
    return;
  }
  if (!stopping_ || what.life != awaited_)
    return;
  if (killed_)
    return abandon(what.life, {exit_kind::killed, ""});
  killed_ = true;
  kill(what.life);
  act(action::arm_timer{what.life, kill_grace});
}

void supervisor_core::pump() {
  while (!finished_ && !is_waiting()) {
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
    return reply(done.request, change_outcome::ok, done.reason, done.about);
  case task::kind::terminate_one:
    return reply(done.request, change_outcome::ok, done.reason);
  case task::kind::restart:
    return;
  case task::kind::pause:
    return try_again(*children_.find(done.about), true);
  case task::kind::finish:
    return finish(done.reason);
  }
}

void supervisor_core::begin_finish(exit_reason reason) {
  task_ = task{.what = task::kind::finish, .reason = std::move(reason)};
  if (is_simple())
    return begin_stop_of_all();
  task_->to_stop = children_.keys_from();
  std::ranges::reverse(task_->to_stop);
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

void supervisor_core::process(const event::boot&) {
  task_ = task{.what = task::kind::boot, .to_start = children_.keys_from()};
}

void supervisor_core::process(const event::stop& what) {
  begin_finish(what.reason);
}

void supervisor_core::reply(request_id request, change_outcome outcome, exit_reason reason,
                            child_key key) {
  act(action::reply{request, key, {.outcome = outcome, .reason = std::move(reason)}});
}

void supervisor_core::emit(event_kind what, const child_record& child, exit_reason reason) {
  act(action::emit{what, child.traits.key, child.life, std::move(reason)});
}

} // namespace ducat::supervision
