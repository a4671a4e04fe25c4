/// Trees on actor systems of one thread.
#pragma once

#include <ducat/child_spec.hpp>

namespace ducat {

/// Returns `spec` without threads of its own anywhere, and without the watchdog's.
supervisor_spec on_one_thread(supervisor_spec spec);

} // namespace ducat
