/// What a supervisor decides, without actors: events go in, actions come out.
///
/// OTP's supervisor blocks while it starts or stops a child. Here it waits for one life at a time;
/// everything that comes in between is queued and handled afterwards, in order, with one exception
/// that OTP makes too: a child that has ended by the time its turn to be stopped comes is taken as
/// stopped, and its end is not handled a second time. Unlike a process of OTP a life cannot be
/// interrupted: one that is hung, or does not end though it was killed, is abandoned as a zombie.
#pragma once

#include "supervision/child_records.hpp"
#include "supervision/core_action.hpp"
#include "supervision/core_event.hpp"
#include "supervision/restart_window.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/exit_reason.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace ducat::supervision {

/// How long a life that was killed may take to end before it is abandoned.
constexpr std::chrono::milliseconds kill_grace{1'000};

/// One supervisor. The first event is boot. Not thread-safe.
class supervisor_core {
public:
  /// `seed` is for the jitter of backoffs. Under simple_one_for_one the template is not among
  /// `children`.
  supervisor_core(const supervisor_flags& flags, std::vector<child_traits> children,
                  std::uint64_t seed = 1);

  /// Returns what to do, in order, now that `what` has happened.
  std::vector<action::any> handle(event::any what, time_point now);

  /// Returns the children in start order, with one that is being added.
  const child_records& children() const noexcept { return children_; }

  const restart_window& window() const noexcept { return window_; }

private:
  /// An operation that takes several lives' starts and stops: all stops first, then all starts.
  struct task {
    enum class kind : std::uint8_t {
      boot,
      start_one,
      restart_one,
      terminate_one,
      restart,
      pause, ///< Stops a group, and then waits before it is started again.
      finish
    };
    kind what;
    std::deque<child_key> to_stop{};
    std::deque<child_key> to_start{};
    child_key about = 0;    ///< Of the kinds that end in `_one`, and of pause.
    request_id request = 0; ///< Of the kinds that end in `_one`.
    exit_reason reason{};   ///< Of finish; of one child: `ignored` if it was.
  };

  bool is_simple() const noexcept { return flags_.strategy == simple_one_for_one; }

  // The loop and its tasks: supervisor_core.cpp.
  bool on_awaited(const event::any& what);
  bool on_started(const event::started& what);
  bool on_end(life_id life, const exit_reason& reason);
  bool on_hung(const event::hung& what);
  void on_stop_timeout(const event::stop_timeout& what);
  void pump();

  bool is_waiting() const noexcept { return awaited_ != 0 || !leaving_.empty(); }

  void advance();
  void complete();
  void begin_finish(exit_reason reason);
  void finish(const exit_reason& reason);

  // The lives of the children: supervisor_core_lives.cpp.
  void begin_stop(child_key key);
  void begin_stop_of_all();
  void kill(life_id life);
  void abandon(life_id life, const exit_reason& reason);
  void ended_while_stopping(child_record& child, const exit_reason& reason);
  void stopped(child_key key);
  std::optional<exit_reason> take_queued_down(life_id life);
  void begin_start(child_key key);
  void start_failed(child_record& child, const exit_reason& reason);
  void ignored(child_record& child, const exit_reason& reason);
  void ended(child_record& child, const exit_reason& reason);
  void ended_for_good(child_record& child);
  bool shuts_down_after(bool significant) const;
  void begin_restart(child_record& child);
  void restart_now(const child_record& child);
  void pause(const child_record& child);
  std::deque<child_key> group_of(const child_record& child) const;
  void try_again(child_record& child, bool counted);
  void remove(child_key key);

  // One event each; those about lives and requests in the files of the same name.
  void process(const event::boot& what);

  void process(const event::started&) {}

  void process(const event::down& what);
  void process(const event::hung& what);

  void process(const event::stop_timeout&) {}

  void process(const event::retry& what);
  void process(const event::start_child& what);
  void process(const event::start_instance& what);
  void process(const event::terminate_child& what);
  void process(const event::terminate_instance& what);
  void process(const event::restart_child& what);
  void process(const event::delete_child& what);
  void process(const event::which_children& what);
  void process(const event::which_child& what);
  void process(const event::count_children& what);
  void process(const event::change_specs& what);
  void process(const event::stop& what);

  void adopt_template(const event::change_specs& what, action::adopt& change);
  void adopt_children(const event::change_specs& what, action::adopt& change);
  child_record* named(request_id request, const std::string& id);
  bool refuse_unless_stopped(request_id request, const child_record& child);
  void start_one(request_id request, const child_traits& traits);
  void terminate_one(request_id request, child_key key);
  void reply(request_id request, change_outcome outcome, exit_reason reason = {},
             child_key key = 0);
  void emit(supervision_event::kind what, const child_record& child, exit_reason reason = {});

  void act(action::any what) { out_.push_back(std::move(what)); }

  supervisor_flags flags_;
  child_records children_;
  restart_window window_;
  std::optional<task> task_;
  life_id awaited_ = 0;       // The life whose start or end the task waits for; 0 for none.
  bool stopping_ = false;     // Invariant: what is awaited is an end.
  bool killed_ = false;       // What is awaited has been killed.
  std::set<life_id> leaving_; // Lives that are being stopped together.
  life_id lives_ = 0;
  std::uint64_t attempts_ = 0;
  std::uint64_t chance_;
  std::deque<event::any> queue_;
  std::unordered_map<life_id, exit_reason> queued_downs_; // Invariant: those that are in queue_.
  std::vector<action::any> out_;
  time_point now_{};
  bool finished_ = false;
};

} // namespace ducat::supervision
