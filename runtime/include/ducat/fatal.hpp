/// The end of the process, when going on would be a guess.
#pragma once

#include <ducat/error.hpp>

namespace ducat {

/// Exit code of a process that ended itself because of an error it must not go on after.
constexpr int fatal_exit_code = 70; // EX_SOFTWARE of sysexits.h

/// Writes `what` to standard error and ends the process at once: no destructors, no
/// second try at a failed sync. Never returns; in a simulation, where the process is that of a
/// simulated node, it throws. Safe from any thread.
[[noreturn]] void end_process(const error& what);

} // namespace ducat
