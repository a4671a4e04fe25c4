/// How a process ended, in words.
#pragma once

#include "guardian/crash_report.hpp"

#include <optional>
#include <string>

namespace ducat::guardian {

/// Exactly one of the two says something.
struct exit_status {
  int code = 0;   ///< If signal is 0.
  int signal = 0; ///< 0: no signal ended it.

  friend bool operator==(const exit_status&, const exit_status&) = default;
};

/// Returns the status that waitpid() has given for a process that has ended.
exit_status exit_status_of(int wait_status) noexcept;

/// Returns "exit 70", "killed by SIGKILL", or what the process itself said of the signal that ended
/// it.
std::string describe(const exit_status& status, const std::optional<crash_report>& report);

} // namespace ducat::guardian
