/// What a guardian tells the runtime that it starts: in the environment, which is seen by nobody
/// else.
#pragma once

#include <ducat/time.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::guardian {

struct guarded_start {
  int pipe = -1;        ///< Where the runtime writes its lines; -1: nobody guards it.
  std::string last_end; ///< How the one before ended; empty of the first.

  /// Since when no runtime has been ready; nothing of the first. The monotonic clock is one for all
  /// processes of a boot.
  std::optional<time_point> not_ready_since{};
};

/// Returns `start` as NAME=VALUE.
std::vector<std::string> variables_of(const guarded_start& start);

/// Returns whether `variable`, a NAME=VALUE, is one of those.
bool is_of_guarded_start(std::string_view variable);

/// Returns what this process was told, and takes it out of its environment. If the pipe is none,
/// nobody guards it. Call it before any thread is started.
guarded_start take_guarded_start();

} // namespace ducat::guardian
