/// Invariants that stay on in every build.
#pragma once

namespace ducat {

/// Logs the broken condition and aborts the process: memory is shared, so one corrupt state is
/// everyone's, and another life of the process replays the log. Never returns.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

} // namespace ducat

/// One condition per check, so that the message names what broke.
#define DUCAT_CHECK(condition)                                                                     \
  do {                                                                                             \
    if (!(condition)) [[unlikely]]                                                                 \
      ::ducat::check_failed(#condition, __FILE__, __LINE__);                                       \
  } while (false)
