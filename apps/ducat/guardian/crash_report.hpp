/// What a process can still say of itself when a signal ends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::guardian {

/// What the kernel told the handler of a deadly signal.
struct crash_report {
  int signal = 0;
  int code = 0;              ///< si_code; > 0: the kernel raised it, because of an instruction.
  std::uint64_t address = 0; ///< si_addr; means something only if code > 0.

  friend bool operator==(const crash_report&, const crash_report&) = default;
};

/// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT write `crash SIGNAL CODE ADDRESS` as one
/// line to `pipe`, and then end the process as they would have, with a core if it has one. That
/// also works when the stack of the calling thread is used up, or that of a thread of a node's
/// actors; the other threads die of that without a word.
void report_crashes_to(int pipe) noexcept;

/// Returns the report in a line that such a handler has written (without its end); nothing if it is
/// another line.
std::optional<crash_report> parse_crash_report(std::string_view line);

/// Returns "native crash: SIGSEGV at 0x0000000000000010", without an address if there is none.
std::string to_string(const crash_report& report);

} // namespace ducat::guardian
