#include "guardian/guardian_core.hpp"

#include "exit_code.hpp"
#include "supervision/backoff.hpp"

#include <ducat/fatal.hpp>

#include <signal.h>
#include <string.h>

#include <algorithm>
#include <utility>

namespace ducat::guardian {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t ends_kept = 10;

std::string seconds(milliseconds time) {
  const std::string whole = std::to_string(time.count() / 1000);
  const auto rest = time.count() % 1000 / 100;
  return (rest == 0 ? whole : whole + "." + std::to_string(rest)) + " s";
}

/// Returns whether a runtime that ended so is not started again.
bool is_final(const exit_status& how) {
  using cli::exit_code;
  if (how.signal != 0)
    return false;
  switch (static_cast<exit_code>(how.code)) {
  case exit_code::done:
  case exit_code::usage:
  case exit_code::in_use:
  case exit_code::refused:
    return true;
  case exit_code::failed:
  case exit_code::unknown:
  case exit_code::unreachable:
    return false;
  }
  return false;
}

struct printer {
  std::string operator()(const start_runtime& what) const {
    return what.last_end.empty() ? "start" : "start after \"" + what.last_end + "\"";
  }

  std::string operator()(const send_signal& what) const {
    return "signal SIG" + std::string{::sigabbrev_np(what.number)};
  }

  std::string operator()(const notify_manager& what) const {
    std::string state = what.state;
    std::ranges::replace(state, '\n', ' ');
    return "notify " + state;
  }

  std::string operator()(const write_log& what) const {
    constexpr const char* names[] = {"info", "warn", "error"};
    return std::string{names[static_cast<int>(what.how)]} + " " + what.line;
  }

  std::string operator()(const end_guardian& what) const {
    return "end " + std::to_string(what.exit_code) + (what.why.empty() ? "" : " " + what.why);
  }
};

} // namespace

std::string to_string(const action& what) {
  return std::visit(printer{}, what);
}

guardian_core::guardian_core(const guardian_limits& limits)
    : limits_{limits}, window_{limits.restarts_max, limits.window} {}

std::vector<action> guardian_core::begin(time_point now) {
  start(now);
  return std::exchange(actions_, {});
}

std::vector<action> guardian_core::handle(const event& what, time_point now) {
  if (phase_ != phase::over)
    std::visit([&](const auto& happened) { on(happened, now); }, what);
  return std::exchange(actions_, {});
}

void guardian_core::on(const beat&, time_point now) {
  if (phase_ != phase::running)
    return;
  alarm_ = now + limits_.hang_after;
  if (limits_.tells_beats)
    actions_.emplace_back(notify_manager{"WATCHDOG=1"});
}

void guardian_core::on(const became_ready&, time_point) {
  if (phase_ == phase::running)
    actions_.emplace_back(notify_manager{"READY=1\nSTATUS=" + status()});
}

void guardian_core::on(const tick&, time_point now) {
  if (!alarm_ || now < *alarm_)
    return;
  switch (phase_) {
  case phase::running:
    return abort_hung(now);
  case phase::hung:
  case phase::stopping:
    return kill();
  case phase::waiting:
    ++restarts_;
    return start(now);
  case phase::over:
    return;
  }
}

void guardian_core::on(const stop_requested&, time_point now) {
  if (phase_ == phase::stopping)
    return kill();
  actions_.emplace_back(notify_manager{"STOPPING=1\nSTATUS=stopping"});
  if (phase_ == phase::waiting)
    return end(static_cast<int>(cli::exit_code::done), "");
  if (phase_ != phase::hung) // Else it is being killed already.
    alarm_ = now + limits_.stop_within;
  phase_ = phase::stopping;
  actions_.emplace_back(
      write_log{write_log::level::info,
                "runtime_stops within_s=" + std::to_string(limits_.stop_within.count() / 1000)});
  actions_.emplace_back(send_signal{SIGTERM});
}

void guardian_core::on(const crash_report& report, time_point) {
  report_ = report;
}

void guardian_core::on(const runtime_ended& what, time_point now) {
  const std::string how = describe(what.how, report_);
  if (phase_ == phase::stopping)
    return what.how.signal == 0 ? end(what.how.code, "")
                                : end(fatal_exit_code, "the stop was not in order: " + how);
  if (phase_ == phase::hung)
    return lost("hung for " + seconds(limits_.hang_after), now);
  if (is_final(what.how)) {
    actions_.emplace_back(
        write_log{write_log::level::info, "runtime_ended reason=\"" + how + "\""});
    return end(what.how.code, "");
  }
  lost(how, now);
}

void guardian_core::on(const start_failed& what, time_point now) {
  lost("not started: " + what.why, now);
}

void guardian_core::start(time_point now) {
  phase_ = phase::running;
  started_ = now;
  alarm_ = now + limits_.hang_after;
  report_.reset();
  actions_.emplace_back(start_runtime{ends_.empty() ? "" : ends_.back()});
}

/// A tick that comes far too late says that this process was held up, or the whole machine: then
/// the runtime gets the time again.
void guardian_core::abort_hung(time_point now) {
  if (now - *alarm_ > limits_.hang_after / 2) {
    alarm_ = now + limits_.hang_after;
    return;
  }
  phase_ = phase::hung;
  alarm_ = now + limits_.core_grace;
  actions_.emplace_back(
      write_log{write_log::level::error, "runtime_hung without_beat_s=" +
                                             std::to_string(limits_.hang_after.count() / 1000)});
  actions_.emplace_back(send_signal{SIGABRT});
}

void guardian_core::kill() {
  alarm_.reset();
  actions_.emplace_back(send_signal{SIGKILL});
}

/// The runtime ended, and a restart may mend it.
void guardian_core::lost(const std::string& how, time_point now) {
  ends_.push_back(how);
  if (ends_.size() > ends_kept)
    ends_.pop_front();
  if (now - started_ >= limits_.backoff.max)
    waits_ = 0;
  window_.record(now) ? wait_and_restart(now) : give_up();
}

void guardian_core::wait_and_restart(time_point now) {
  const milliseconds wait = supervision::backoff_after(limits_.backoff, waits_++, 0);
  phase_ = phase::waiting;
  alarm_ = now + wait;
  actions_.emplace_back(write_log{
      write_log::level::warn, "runtime_ended reason=\"" + ends_.back() + "\" restarts=" + budget() +
                                  " wait_ms=" + std::to_string(wait.count())});
  actions_.emplace_back(notify_manager{"STATUS=restarting after: " + ends_.back()});
}

void guardian_core::give_up() {
  std::string all;
  for (const std::string& how : ends_)
    all += (all.empty() ? "" : "; ") + how;
  actions_.emplace_back(notify_manager{"STATUS=given up after: " + ends_.back()});
  end(fatal_exit_code, "the node was restarted " + std::to_string(limits_.restarts_max) +
                           " times within " + seconds(limits_.window) +
                           " and is not started again; its last ends, oldest first: " + all);
}

void guardian_core::end(int exit_code, std::string why) {
  phase_ = phase::over;
  alarm_.reset();
  actions_.emplace_back(end_guardian{exit_code, std::move(why)});
}

std::string guardian_core::budget() const {
  return std::to_string(window_.count()) + "/" + std::to_string(window_.restarts_max());
}

std::string guardian_core::status() const {
  const std::string text = "running, " + std::to_string(restarts_) + " restarts";
  return ends_.empty() ? text : text + ", the last one after: " + ends_.back();
}

} // namespace ducat::guardian
