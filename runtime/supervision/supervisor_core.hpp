/// What a supervisor decides, without actors: events go in, actions come out.
///
/// OTP's supervisor blocks while it starts or stops a child. Here it waits for one life at a time;
/// everything that comes in between is queued and handled afterwards, in order, with one exception
/// that OTP makes too: a child that has ended by the time its turn to be stopped comes is taken as
/// stopped, and its end is not handled a second time.
#pragma once

#include "supervision/restart_window.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/exit_reason.hpp>
#include <ducat/supervisor.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ducat::supervision {

using child_key = std::uint64_t; ///< Names a child spec; never used twice in one supervisor.
using life_id = std::uint64_t;   ///< Names one life of a child; never used twice in one supervisor.
using request_id = std::uint64_t; ///< Names who asked.

/// What the decisions depend on.
struct child_traits {
  child_key key = 0;
  std::string id;
  restart_type restart = permanent;
  shutdown_policy shutdown{};
  bool significant = false;
  bool is_supervisor = false; ///< Or a pool; for count_children.
};

struct child_record {
  enum class state : std::uint8_t { undefined, restarting, running };
  child_traits traits;
  state now = state::undefined;
  life_id life = 0; ///< Of the current or last life.
};

namespace event {
struct boot {};

struct started {
  life_id life;
};

struct down {
  life_id life;
  exit_reason reason;
};

struct stop_timeout {
  life_id life;
};

struct retry {
  child_key key;
};

struct start_child {
  request_id request;
  child_traits traits;
};

struct terminate_child {
  request_id request;
  std::string id;
};

struct restart_child {
  request_id request;
  std::string id;
};

struct delete_child {
  request_id request;
  std::string id;
};

struct which_children {
  request_id request;
};

struct which_child {
  request_id request;
  std::string id;
};

struct count_children {
  request_id request;
};

/// `children` have new keys; those of an id that is known go by the old one.
struct change_specs {
  request_id request;
  supervisor_flags flags;
  std::vector<child_traits> children;
};

struct stop {
  exit_reason reason;
};

using any = std::variant<boot, started, down, stop_timeout, retry, start_child, terminate_child,
                         restart_child, delete_child, which_children, which_child, count_children,
                         change_specs, stop>;
} // namespace event

namespace action {
struct start {
  child_key key;
  life_id life;
};

/// Tell it to shut down.
struct signal {
  life_id life;
};

struct kill {
  life_id life;
};

/// Come back with stop_timeout{life}.
struct arm_timer {
  life_id life;
  std::chrono::milliseconds after;
};

/// Come back with retry{key}, behind the requests that wait by now.
struct retry_later {
  child_key key;
};

struct reply {
  request_id request;
  change_reply answer;
};

struct reply_children {
  request_id request;
  std::vector<child_key> children; ///< In start order.
};

struct reply_counts {
  request_id request;
  child_counts counts;
};

/// These are the children from now on.
struct adopt {
  struct listed {
    child_key key;
    child_key spec; ///< It has the spec that came with this key: its own if it did not change.
  };

  supervisor_flags flags;
  std::vector<listed> children; ///< In start order.
};

/// Tell the world. `key` and `life` are 0 if the event is about the supervisor.
struct emit {
  supervision_event::kind what;
  child_key key;
  life_id life;
  exit_reason reason;
};

/// The child does not run and has just begun (or ceased) to be tried again.
struct mark {
  child_key key;
  bool restarting;
};

/// Refuse the request: the supervisor has ended before it came to it.
struct refuse {
  request_id request;
};

/// Every child has started.
struct booted {};

/// End with `reason`. No event is handled after it.
struct finish {
  exit_reason reason;
};

using any = std::variant<start, signal, kill, arm_timer, retry_later, reply, refuse, reply_children,
                         reply_counts, adopt, emit, mark, booted, finish>;
} // namespace action

/// One supervisor. The first event is boot. Not thread-safe.
class supervisor_core {
public:
  supervisor_core(const supervisor_flags& flags, std::vector<child_traits> children);

  /// Returns what to do, in order, now that `what` has happened.
  std::vector<action::any> handle(event::any what, time_point now);

  /// Returns the children in start order, with one that is being added.
  const std::vector<child_record>& children() const noexcept { return children_; }

  const restart_window& window() const noexcept { return window_; }

private:
  /// An operation that takes several lives' starts and stops: all stops first, then all starts.
  struct task {
    enum class kind : std::uint8_t { boot, start_one, restart_one, terminate_one, restart, finish };
    kind what;
    std::deque<child_key> to_stop{};
    std::deque<child_key> to_start{};
    request_id request = 0; ///< Of the kinds that end in `_one`.
    exit_reason reason{};   ///< Of finish; of one child: `ignored` if it was.
  };

  child_record* find(child_key key);
  child_record* find(const std::string& id);
  child_record* find_life(life_id life);
  std::deque<child_key> keys_from(std::size_t first) const;
  std::deque<child_key> keys_reversed_from(std::size_t first) const;
  std::size_t index_of(child_key key) const;

  void pump();
  void advance();
  void complete();

  void begin_stop(child_key key);
  void ended_while_stopping(child_record& child, const exit_reason& reason);
  void stopped(child_key key);
  std::optional<exit_reason> take_queued_down(life_id life);
  void begin_start(child_key key);
  void start_failed(child_record& child, const exit_reason& reason);
  void ignored(child_record& child, const exit_reason& reason);

  bool on_awaited(const event::any& what);
  void on_stop_timeout(const event::stop_timeout& what);
  void process(const event::boot& what);

  void process(const event::started&) {}

  void process(const event::down& what);

  void process(const event::stop_timeout&) {}

  void process(const event::retry& what);
  void process(const event::start_child& what);
  void process(const event::terminate_child& what);
  void process(const event::restart_child& what);
  void process(const event::delete_child& what);
  void process(const event::which_children& what);
  void process(const event::which_child& what);
  void process(const event::count_children& what);
  void process(const event::change_specs& what);
  void process(const event::stop& what);

  void ended_for_good(child_record& child);
  void begin_restart(child_record& child);
  void begin_restart_of_group(std::size_t first);
  void begin_finish(exit_reason reason);
  void finish(const exit_reason& reason);
  bool shuts_down_after(bool significant) const;
  void remove(child_key key);
  void reply(request_id request, change_outcome outcome, exit_reason reason = {});
  void emit(supervision_event::kind what, const child_record& child, exit_reason reason = {});

  void act(action::any what) { out_.push_back(std::move(what)); }

  supervisor_flags flags_;
  std::vector<child_record> children_; // In start order.
  restart_window window_;
  std::optional<task> task_;
  life_id awaited_ = 0;   // The life whose start or end the task waits for; 0 for none.
  bool stopping_ = false; // Invariant: what is awaited is an end.
  life_id lives_ = 0;
  std::deque<event::any> queue_;
  std::vector<action::any> out_;
  time_point now_{};
  bool finished_ = false;
};

} // namespace ducat::supervision
