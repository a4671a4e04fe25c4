#include "guardian/process_end.hpp"

#include <string.h>
#include <sys/wait.h>

namespace ducat::guardian {

exit_status exit_status_of(int wait_status) noexcept {
  if (WIFSIGNALED(wait_status))
    return {.signal = WTERMSIG(wait_status)};
  return {.code = WEXITSTATUS(wait_status)};
}

std::string describe(const exit_status& status, const std::optional<crash_report>& report) {
  if (status.signal == 0)
    return "exit " + std::to_string(status.code);
  if (report && report->signal == status.signal)
    return to_string(*report);
  const char* const name = ::sigabbrev_np(status.signal);
  return "killed by " +
         (name != nullptr ? "SIG" + std::string{name} : "signal " + std::to_string(status.signal));
}

} // namespace ducat::guardian
