/// Supervision events as log lines.
#pragma once

#include <ducat/supervisor.hpp>

namespace ducat {
class directory_writer;
}

namespace ducat::supervision {

/// Writes one line for `what`, or none: error if a supervisor gave up, warn if a fault was
/// survived, info for the life cycle.
void log_event(const supervision_event& what, directory_writer& directory);

} // namespace ducat::supervision
