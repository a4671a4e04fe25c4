/// What a supervisor does about it.
#pragma once

#include "supervision/core_event.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/supervisor.hpp>

#include <chrono>
#include <variant>
#include <vector>

namespace ducat::supervision::action {

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

/// Come back with retry{key, attempt}: after 0 ms behind the requests that wait by now.
struct retry_later {
  child_key key;
  std::uint64_t attempt;
  std::chrono::milliseconds after;
};

struct reply {
  request_id request;
  child_key key; ///< The child that was started, 0 if none was.
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

} // namespace ducat::supervision::action
