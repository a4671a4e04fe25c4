/// The end of a process that is only simulated.
#pragma once

#include <ducat/error.hpp>

#include <functional>

namespace ducat {

/// Called in place of the end of the process; throws.
using simulated_end = std::function<void(const error& why)>;

/// From now on that is what end_process() does on this thread; null: it ends the process. Returns
/// the one before. It must outlive its use.
const simulated_end* put_end(const simulated_end* how) noexcept;

} // namespace ducat
