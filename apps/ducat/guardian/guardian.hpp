/// The process that starts the runtime, watches it, and starts it again.
#pragma once

#include "guardian/guardian_limits.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace ducat::guardian {

struct guardian_options {
  std::vector<std::string> words; ///< The runtime's command line, with the program's name.
  guardian_limits limits;
};

/// Guards until SIGTERM or SIGINT, or until a restart would not help. Returns the exit code: that
/// of the runtime, or 70 if it gave up or the stop was not in order; why goes to `err`. SIGHUP does
/// nothing. Tells systemd, if that has started it (sd_notify). Starts no thread. Call it from
/// main(), before any thread is started: it takes the signals.
int guard(const guardian_options& options, std::ostream& err);

} // namespace ducat::guardian
