/// Trees on actor systems of one thread.
#pragma once

#include <ducat/child_spec.hpp>

#include <functional>

namespace ducat {

/// Returns `spec` without threads of its own anywhere, and without the watchdog's.
supervisor_spec on_one_thread(supervisor_spec spec);

/// Waits, on the thread that runs the actors, until `done` returns true. Returns false if it cannot
/// wait here.
using one_thread_wait = std::function<bool(const std::function<bool()>& done)>;

/// From now on whoever starts or stops a tree on this thread waits so; null: the actors are run on
/// the spot. Returns the one before. It must outlive its use.
const one_thread_wait* put_wait(const one_thread_wait* how) noexcept;

/// Returns what was put last on this thread, or null.
const one_thread_wait* current_wait() noexcept;

} // namespace ducat
